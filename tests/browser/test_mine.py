"""What is one's own, live: the badge and the notice on every page, and the page of it."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from audit.models import Invocation
from audit.states import State
from tests.browser.test_live_page import an_invocation, open_page  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def end(invocation, **fields):
    """As a worker of another process does."""
    ended = {"state": State.SUCCEEDED, "finished_at": timezone.now(), "message": "All is well."}
    Invocation.objects.filter(pk=invocation.pk).update(**(ended | fields))


def test_it_works(open_page, an_invocation):  # noqa: F811
    """The number goes up and down by itself; what ended is said, with its link."""
    running = an_invocation(State.RUNNING)
    page = open_page()
    page.goto("/log/")
    expect(page.locator("#mine .badge")).to_have_text("1 running or waiting")
    end(running)
    notice = page.locator("#ended li")
    expect(notice).to_contain_text("All is well.")
    expect(page.locator("#mine .badge")).to_have_count(0)
    expect(page.locator("#mine-said")).to_have_text("None of yours is running or waiting.")
    notice.locator("a").click()
    page.wait_for_url(f"**/invocations/{running.pk}/")
    assert page.said == []


def test_it_is_said_once(open_page, an_invocation):  # noqa: F811
    running, other = an_invocation(State.RUNNING), an_invocation(State.RUNNING)
    page = open_page()
    page.goto("/log/")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/mine/badge/" in request.url else None)
    end(running)
    expect(page.locator("#ended li")).to_have_count(1)
    while len(asked) < 3:
        page.wait_for_timeout(500)
    expect(page.locator("#ended li")).to_have_count(1)
    expect(page.locator("#mine .badge")).to_have_text("1 running or waiting")
    end(other)
    assert page.said == []


def test_nothing_is_asked_while_nobody_looks(open_page, an_invocation):  # noqa: F811
    an_invocation(State.RUNNING)
    page = open_page()
    page.add_init_script("Object.defineProperty(document, 'hidden', { get: () => !window.seen })")
    page.goto("/log/")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/mine/badge/" in request.url else None)
    page.wait_for_timeout(8000)
    assert asked == []
    page.evaluate("window.seen = true")
    while not asked:
        page.wait_for_timeout(500)


def test_the_page_of_one_s_own_is_live(open_page, an_invocation):  # noqa: F811
    running = an_invocation(State.RUNNING, total_count=10, done_count=1)
    page = open_page()
    page.click("#mine")
    expect(page.locator("#mine-live")).to_contain_text("1 of 10")
    Invocation.objects.filter(pk=running.pk).update(done_count=7)
    expect(page.locator("#mine-live")).to_contain_text("7 of 10")
    end(running)
    expect(page.locator("#mine-live")).to_contain_text("Nothing of yours is running")
    expect(page.locator("#mine")).to_have_attribute("aria-current", "page")
    assert page.said == []


def test_it_is_right_without_javascript(open_page, an_invocation):  # noqa: F811
    an_invocation(State.RUNNING)
    page = open_page(java_script_enabled=False)
    page.goto("/log/")
    expect(page.locator("#mine .badge")).to_contain_text("1")
    page.click("#mine")
    expect(page.locator("h1")).to_have_text("My invocations")
