"""The log under the keyboard and under the mouse: its rows, views, columns, exports; with JavaScript and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from audit.exports.preparing import prepare
from audit.models import Export
from audit.states import State
from tests.browser.test_live_page import an_invocation, open_page  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVIL = ("<img src=x onerror=alert(1)> مراجعة " + "A" * 150)[:80]  # As long as a name may be.


@pytest.fixture
def many(an_invocation):  # noqa: F811
    """More than a page of them, with hostile names."""
    for _ in range(52):
        an_invocation(State.FAILED, action_name=EVIL, message=EVIL)
    return an_invocation(State.SUCCEEDED, action_name="Dailies")


def test_it_works(open_page, many):  # noqa: F811
    """Each key does what its overlay says."""
    page = open_page()
    page.goto("/log/?all=yes")
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#keys")).to_be_hidden()
    for key in "jjk":
        page.keyboard.press(key)
    expect(page.locator("#rows tr.here .of-action")).to_have_text("Dailies")
    page.keyboard.press("f")
    expect(page.locator("#id_action")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#id_q")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_url(re.compile("older="))
    page.keyboard.press("p")
    page.wait_for_url(re.compile("newer="))
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(re.compile(str(many.pk)))
    assert page.said == []


@pytest.mark.parametrize("width", [390, 1280])
def test_hostile_names_fit(open_page, many, width):  # noqa: F811
    page = open_page(viewport={"width": width, "height": 800}, color_scheme="dark")
    for path in ("/log/?all=yes", "/log/timeline/", "/log/export/", f"{many.get_absolute_url()}record/events/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert page.said == []


@pytest.mark.parametrize("javascript", [True, False])
def test_views_and_columns_are_kept(open_page, many, javascript):  # noqa: F811
    page = open_page()
    if not javascript:
        state = page.context.storage_state()
        page = page.context.browser.new_context(
            base_url=page.url, storage_state=state, java_script_enabled=False
        ).new_page()
    page.goto("/log/?all=yes&state=succeeded")
    page.get_by_text("Columns", exact=True).click()
    page.get_by_role("checkbox", name="Kind", exact=True).check()
    page.get_by_role("button", name="Show these").click()
    expect(page.locator("#rows th").filter(has_text="Kind")).to_have_count(1)
    page.get_by_text("Keep this as a view").click()
    page.get_by_label("New view").fill(EVIL[:60])
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator("h1")).to_contain_text("<img src=x")
    page.goto("/log/?all=yes")
    page.locator(".log-views a").nth(1).click()
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    expect(page.locator("#rows th").filter(has_text="Kind")).to_have_count(1)
    page.get_by_text("This view", exact=True).click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".log-views a")).to_have_count(1)
    page.get_by_role("button", name="Bring it back").click()
    expect(page.locator(".log-views a")).to_have_count(2)
    if not javascript:
        page.context.close()


def test_a_long_export_says_how_far_it_is(open_page, many, monkeypatch):  # noqa: F811
    """Its page turns by itself into one with the file; or it is cancelled."""
    monkeypatch.setattr("audit.views.export.MOST_STREAMED", 10)
    page = open_page()
    page.goto("/log/export/?state=failed")
    page.get_by_role("button", name="JSON lines").click()
    page.wait_for_url(re.compile("/log/export/[0-9a-f-]{36}/"))
    expect(page.locator("progress")).to_be_visible()
    prepare(Export.objects.get().pk)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download JSON lines").click()
    assert download.value.suggested_filename.endswith(".jsonl")
    assert len(download.value.path().read_bytes().splitlines()) == 52
    page.goto("/log/export/")
    page.get_by_role("button", name="CSV").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#live")).to_contain_text("Cancelled")
    assert Export.objects.filter(state=Export.State.CANCELLED).count() == 1
    assert page.said == []
