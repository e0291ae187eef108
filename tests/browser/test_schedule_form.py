"""The next five times of a schedule, while its form is filled in."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_it_works(opened):
    """New times are typed in the pop-up, show theirs there, and are chosen in the form, which shows them too."""
    page = opened("ada")
    page.goto("/admin/actions/schedule/add/")
    place = page.locator(".next-times")
    expect(place).to_have_text("Choose the times.")
    page.click("[data-id=related-widget-wrapper-times] [x-data] > div")
    with page.expect_popup() as opening:
        page.click("#add_id_times")
    typed = opening.value
    typed.fill("#id_minute", "61")
    expect(typed.locator(".next-times")).to_contain_text("Minute(s): ")
    for name, value in {
        "minute": "7",
        "hour": "6",
        "day_of_week": "*",
        "day_of_month": "*",
        "month_of_year": "*",
    }.items():
        typed.fill(f"#id_{name}", value)
    expect(typed.locator(".next-times li")).to_have_count(5)
    with typed.expect_event("close"):
        typed.click("[name=_save]")
    expect(place.locator("li")).to_have_count(5)
    expect(place.locator("li").first).to_contain_text("06:07")
    page.uncheck("#id_enabled")
    expect(place).to_have_text("None: it is switched off.")
    page.check("#id_enabled")
    expect(place.locator("li")).to_have_count(5)
