"""The admin in a browser, under its own Content-Security-Policy."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def admin(opened):
    page = opened("mirko")
    page.goto("/admin/actions/action/")
    return page


def test_it_works(admin):
    admin.goto("/admin/actions/action/add/?kind=debug")
    admin.fill("#id_name", "Browser check")
    admin.fill("#id_slug", "browser-check")
    admin.check("input[name=background]", force=True)
    admin.check("input[name=confirm_first]", force=True)
    admin.click("[name=_save]")
    admin.wait_for_selector("text=Nobody would see the question")
    admin.uncheck("input[name=confirm_first]", force=True)
    admin.click("[name=_save]")
    admin.wait_for_url("**/admin/actions/action/")
    admin.wait_for_selector("text=Browser check")


def test_publishing_shows_the_difference_first(admin):
    admin.click("text=Publish to Kitsu >> nth=0")
    admin.wait_for_selector("text=What will be done")
    if admin.locator("button:has-text('Publish')").count():
        admin.click("button:has-text('Publish')")
        admin.wait_for_selector("text=Kitsu shows the actions as they are here")


def test_the_record_can_be_read_and_not_changed(admin):
    for path in ("/admin/audit/invocation/", "/admin/audit/event/"):
        admin.goto(path)
        assert admin.locator("a[href$='/add/']").count() == 0


def test_it_is_closed_to_artists(opened):
    page = opened("noa")
    page.goto("/admin/actions/action/")
    page.wait_for_selector("text=The admin is for studio managers")


def test_templates_are_tried_on_a_task_as_they_are_typed(admin):
    admin.goto("/admin/actions/action/add/?kind=open_url")
    admin.wait_for_selector("#trial_task option:nth-child(3)", state="attached")
    admin.fill("#id_option_url", "https://tracker.studio/{entity_nam}")
    admin.wait_for_selector("#filled-option_url.bad >> text=Did you mean {entity_name}?")
    admin.fill("#id_option_url", "https://tracker.studio/{task_type_short}/{frame_in|pad:6}")
    admin.wait_for_selector("#filled-option_url code >> text=https://tracker.studio/sb/001001")
    admin.click(".trial-variables summary")
    admin.select_option("#trial_task", index=1)
    admin.wait_for_selector("#filled-option_url code >> text=https://tracker.studio/lay/001001")
    assert admin.locator("#trial-shown td:has-text('{entity_name}')").first.is_visible()  # It stays open.
