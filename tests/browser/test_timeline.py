"""The timeline under the keyboard."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from audit.states import State
from tests.browser.test_live_page import an_invocation, open_page  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERE = "document.activeElement.closest('.timeline a')?.querySelector('title').textContent ?? ''"


def test_it_works(open_page, an_invocation):  # noqa: F811
    an_invocation(State.SUCCEEDED, received_at=datetime(2026, 3, 10, 12, tzinfo=UTC))
    page = open_page()
    page.goto("/log/timeline/?day=2026-03-10")
    page.locator(".timeline g.of a").first.focus()
    lane = page.evaluate(HERE)
    page.keyboard.press("ArrowRight")
    bar = page.evaluate(HERE)
    assert lane
    assert bar.startswith(lane + ", ")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(HERE) == lane


def test_its_days_turn_with_the_arrows(open_page):  # noqa: F811
    page = open_page()
    page.goto("/log/timeline/?day=2026-03-01&by=person")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("day=2026-02-28&by=person"))
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("day=2026-03-01&by=person"))
    page.locator("input[name=day]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert "day=2026-03-01" in page.url
