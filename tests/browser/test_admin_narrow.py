"""The admin's lists on a narrow screen: a row's cells stand below each other, and none hides a part of what it says."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CLIPPED = """() => [...document.querySelectorAll(".data-row > td")]
    .filter((cell) => cell.clientHeight + 1 < cell.scrollHeight).map((cell) => cell.textContent.trim())"""


def test_it_works(opened):
    page = opened("ada")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/admin/actions/action/")
    expect(page.locator(".data-row")).not_to_have_count(0)
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
