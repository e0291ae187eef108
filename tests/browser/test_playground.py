"""The playground as a person uses it: select, send as Kitsu would, see what comes of it."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

import pytest

from tests.payloads import recorded

pytestmark = pytest.mark.browser


@pytest.fixture
def board(opened):
    page = opened("ada")
    page.goto("/playground/")
    return page


def count(page):
    return page.inner_text("#count").lower()


def sent(page):
    return page.inner_text("#request")


def body(page):
    return sent(page).split("\n\n", 1)[1]


def test_it_works(board):
    board.locator(".cell").nth(0).click()
    board.locator(".cell").nth(1).click()
    assert count(board) == "2 selected"
    with board.context.expect_page() as tab:
        board.click("#run")
    result = tab.value
    result.wait_for_selector(".pill.succeeded")
    assert "/invocations/" in result.url
    assert "Ada Okafor" in result.inner_text("main")
    assert result.locator("#debug > details").count() == 2


def test_the_form_is_byte_for_byte_kitsu_s(board):
    board.locator(".cell").nth(0).click()
    board.locator(".cell").nth(3).click()
    theirs = parse_qsl(recorded("form").body.decode(), keep_blank_values=True)
    ours = parse_qsl(body(board), keep_blank_values=True)
    assert [name for name, _ in ours] == [name for name, _ in theirs]
    assert dict(ours)["selection"].count(",") == 1
    assert dict(ours)["currentpath"].startswith("/productions/")
    assert "Content-Type: application/x-www-form-urlencoded" in sent(board)


def test_ajax_is_kitsu_s_and_its_answer_is_shown(board):
    board.get_by_label("Debug view in the background").check()
    board.locator(".cell").nth(0).click()
    theirs, ours = json.loads(recorded("ajax").body), json.loads(body(board))
    assert list(ours) == list(theirs)
    assert {name: type(value) for name, value in ours.items()} == {name: type(value) for name, value in theirs.items()}
    board.click("#run")
    board.wait_for_selector("#answer-page:visible")
    assert board.inner_text("#answer").startswith("202")
    board.click("#answer-page")
    board.wait_for_selector(".pill.succeeded")


def test_a_range_with_shift_and_a_whole_column(board):
    board.locator(".cell").nth(0).click()
    board.locator(".cell").nth(8).click(modifiers=["Shift"])
    assert count(board) == "6 selected"
    board.click("[data-select=none]")
    assert count(board) == "nothing selected"
    board.click("thead [data-select=column] >> nth=0")
    column = board.locator('input[data-column="0"]').count()
    assert count(board) == f"{column} selected"
    board.click("[data-select=all]")
    assert count(board) == f"{board.locator('.cell').count()} selected"


def test_the_keyboard_is_enough(board):
    board.locator(".cell input").nth(0).focus()
    board.keyboard.press("Space")
    board.keyboard.press("ArrowRight")
    board.keyboard.press("Space")
    board.keyboard.press("ArrowDown")
    board.keyboard.press("Space")
    assert count(board) == "3 selected"


def test_broken_requests_show_what_an_artist_would_see(board):
    board.click("text=Send a broken request")
    for name, words in (
        ("empty", "No task was selected"),
        ("words", "Not every selected id is one"),
        ("somebody", "The call contradicts the proof"),
    ):
        with board.context.expect_page() as tab:
            board.click(f"[data-broken={name}]")
        tab.value.wait_for_selector(".pill.refused")
        assert words in tab.value.inner_text("h1")
    for name, status in (("json", "400"), ("text", "415"), ("large", "413")):
        board.click(f"[data-broken={name}]")
        board.wait_for_selector(f"#answer >> text=/^{status} /")
    with board.context.expect_page() as tab:
        board.click("[data-broken=get]")
    tab.value.wait_for_selector(".pill.waiting")
    tab.value.get_by_role("button", name="Run it").click()
    tab.value.wait_for_selector(".pill.succeeded")


def test_broken_requests_are_for_studio_managers(opened):
    page = opened("noa")
    page.goto("/playground/")
    assert page.locator("[data-broken]").count() == 0
    assert page.locator(".cell").count() > 0


def test_a_vendor_sees_only_what_is_assigned(opened):
    page = opened("pixelworks")
    page.goto("/playground/")
    assert page.locator(".cell").count() == 6


def test_it_works_without_javascript(opened):
    page = opened("ada", java_script_enabled=False)
    page.goto("/playground/")
    page.locator(".cell input").nth(0).check()
    page.locator(".cell input").nth(1).check()
    with page.context.expect_page() as tab:
        page.locator("button[formaction='/run/debug/']").click()
    tab.value.wait_for_selector(".pill.succeeded")
    assert "2 tasks" in tab.value.inner_text("main")


def test_hostile_names_stay_text(board):
    board.select_option("select[name=production]", label="The Lantern Keeper")
    board.click("text=Show")
    board.wait_for_selector("text=<script>alert('shot')</script>")
    assert board.locator("main script").count() == 0
