"""The page of an invocation in a browser: waiting, going on, live, filtered, narrow, without JavaScript."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def run(page, tasks=3, action="Debug view"):
    """Run an action from the playground; the tab that it opened."""
    page.goto("/playground/")
    for number in range(tasks):
        page.locator(".cell").nth(number).click()
    page.get_by_label(action, exact=True).check()
    with page.context.expect_page() as tab:
        page.click("#run")
    tab.value.wait_for_load_state()
    return tab.value


@pytest.fixture
def result(opened):
    page = run(opened("ada"))
    page.wait_for_selector(".pill.succeeded")
    return page


def test_it_works(result):
    assert result.title().startswith("Succeeded: Debug view")
    result.locator("#debug > details > summary").first.click()
    result.wait_for_selector("#debug .tree .key >> text=entity")
    assert "the same" in result.inner_text("#debug > details[open]")


def test_a_search_within_the_page(result):
    result.fill("input[data-filter]", "no such task anywhere")
    assert result.locator("#debug > details:visible").count() == 0
    result.fill("input[data-filter]", "")
    assert result.locator("#debug > details:visible").count() == 3


def test_run_again_and_the_log(result):
    first = result.url
    result.get_by_role("button", name="Run again").click()
    result.wait_for_url(lambda url: url != first)
    result.wait_for_selector(".pill.succeeded")
    assert "of an earlier one" in result.inner_text("dl.facts")
    result.goto("/log/")
    assert result.locator("tbody tr").count() >= 2
    result.click("summary:has-text('Filters')")
    result.check("input[name=state][value=failed]")
    result.click("button:has-text('Show')")
    assert "Nothing fits" in result.inner_text("main")


def test_a_link_can_be_shared_with_somebody_who_may_only_read(result, opened):
    result.click("text=Share with others")
    link = result.inner_text("#share")
    other = opened("clara")
    other.goto(result.url.split("?")[0])
    assert "Nothing is here" in other.inner_text("h1")
    other.goto(link)
    assert other.inner_text(".pill >> nth=0").lower() == "succeeded"
    assert other.get_by_role("button", name="Run again").count() == 0
    assert other.locator("main form[action$='/rerun/'], main form[action$='/cancel/']").count() == 0


def test_a_question_is_asked_and_answered(opened):
    page = run(opened("hana"), action="Debug view, asked first")
    page.wait_for_selector(".pill.waiting")
    page.get_by_role("button", name="Run it").click()
    page.wait_for_selector(".pill.succeeded")


def test_a_call_without_proof_goes_on_by_itself_after_signing_in(opened):
    page = opened("noa")
    page.goto("/playground/")
    page.locator(".cell").nth(0).click()
    page.context.clear_cookies()  # Signed out meanwhile, in another tab.
    with page.context.expect_page() as opening:
        page.click("#run")
    tab = opening.value
    tab.wait_for_selector(".pill.waiting")
    tab.click("main a.primary")
    tab.click("button[value='noa@sample.studio']")
    tab.wait_for_selector(".pill.succeeded")
    assert "Noa Bar-Lev" in tab.inner_text("main")


def test_somebody_else_cannot_go_on_with_it(opened):
    page = opened("noa")
    page.goto("/playground/")
    page.locator(".cell").nth(0).click()
    page.context.clear_cookies()
    with page.context.expect_page() as opening:
        page.click("#run")
    tab = opening.value
    tab.wait_for_selector(".pill.waiting")
    tab.click("main a.primary")
    tab.click("button[value='greta@sample.studio']")
    tab.wait_for_selector(".pill.waiting")
    tab.click("text=Go on as")
    tab.wait_for_selector("text=The call contradicts the proof")


def test_a_refusal_says_who_may(opened):
    page = run(opened("noa"), action="Debug view, asked first")
    page.wait_for_selector(".pill.refused, .pill.waiting")


def test_without_javascript_a_reload_shows_the_result(opened):
    page = opened("ada", java_script_enabled=False)
    page.goto("/playground/")
    page.locator(".cell input").nth(0).check()
    with page.context.expect_page() as tab:
        page.locator("button[formaction='/run/debug/']").click()
    tab.value.wait_for_selector(".pill.succeeded")
    tab.value.locator("#debug summary").first.click()
    tab.value.locator("#debug .inside a").first.click()
    assert tab.value.locator(".tree").count() > 0


@pytest.mark.parametrize("path", ["/", "/playground/", "/log/", "/sign-in/?again"])
def test_nothing_is_wider_than_a_narrow_screen(opened, path):
    page = opened("ada")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_theme_can_be_changed_and_is_kept(opened):
    page = opened()
    page.goto("/")
    page.click("[data-theme-switch]")
    page.click("[data-theme-switch]")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
