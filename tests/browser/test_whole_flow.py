"""A built-in kind from the form to the end: form, plan, back, plan, run, retry of what was not done."""

from __future__ import annotations

import pytest

from tests.browser.test_invocation import run

pytestmark = pytest.mark.browser

SHOW = "Show what it will do"


@pytest.fixture
def form(opened):
    page = run(opened("greta"), tasks=4, action="Dates")
    page.fill("[name=param-shift]", "3")
    return page


def test_it_works(form):
    form.get_by_role("button", name=SHOW).click()
    form.wait_for_selector("th >> text=/^what will be done$/i")
    form.get_by_role("button", name="Back").click()
    assert form.input_value("[name=param-shift]") == "3"
    form.fill("[name=param-shift]", "5")
    form.get_by_role("button", name=SHOW).click()
    form.wait_for_selector("text=Shift dates by +5 working days")
    form.get_by_role("button", name="Run it").click()
    form.wait_for_selector(".pill.partial")  # One is of a department that is not hers.
    assert "WHAT BECAME OF IT" in form.inner_text("thead").upper()
    first = form.url
    form.get_by_role("button", name="Retry the 1 not done").click()
    form.wait_for_url(lambda url: url != first)
    form.wait_for_selector("text=There is nothing to run.")
    assert form.locator(".pill.blocked").count() == 1


def test_a_task_that_is_so_already_is_no_task_to_do(opened):
    page = run(opened("hana"), tasks=2, action="Assign")
    page.get_by_label("Hana Watanabe").check()
    page.get_by_role("button", name=SHOW).click()
    page.get_by_role("button", name="Run it").click()
    page.wait_for_selector(".pill.succeeded")
    page.get_by_role("button", name="Run again with changes").click()
    page.get_by_role("button", name=SHOW).click()
    page.wait_for_selector("text=There is nothing to run.")
    assert "2 are so already" in page.inner_text("main")
    assert page.locator(".pill.skipped").count() == 2
    assert page.get_by_role("button", name="Run it").count() == 0


def test_run_stays_in_sight_however_many_actions_there_are(opened):
    page = opened("ada")
    page.set_viewport_size({"width": 1200, "height": 700})
    page.goto("/playground/")
    box = page.locator("#run").bounding_box()
    assert box["y"] + box["height"] <= 700
