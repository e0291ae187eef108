"""Opening programs from a page: what is shown, what the browser is told to open and how often, and the launcher live."""

from __future__ import annotations

import sys
import threading

import pytest
from playwright.sync_api import expect

from tests.browser.test_invocation import run
from tests.deploy.desktop.conftest import Computer

pytestmark = pytest.mark.browser

FILE = "/mnt/proj/{project_name|slug}/{entity_name|slug}/{task_type_name|slug}.mov"


@pytest.fixture(scope="module")
def actions(chrome, bridge, signed_in):
    """Four actions, set up in the admin as a studio manager does."""
    window = chrome.new_context(base_url=bridge, storage_state=signed_in("mirko"))
    page = window.new_page()
    for name, options in (
        ("Review in RV", {"program": "rv", "storage": "P:\\ | /Volumes/proj | /mnt/proj"}),
        ("Open in mrv2", {"program": "other", "address": "mrv2://open?path={path}", "advice": "Ask Mirko, desk 12."}),
        ("Open in Nuke", {"program": "launcher", "application": "nuke", "arguments": "--shot={entity_name}"}),
        ("Start Nuke", {"program": "launcher", "application": "nuke", "arguments": "--shot={entity_name}", "file": ""}),
    ):
        page.goto("/admin/actions/action/add/?kind=open_app")
        page.fill("#id_slug", slug := name.lower().replace(" ", "-"))
        page.fill("#id_name", name)
        assert page.input_value("#id_slug") == slug
        page.select_option("#id_option_program", options.pop("program"))
        if options.get("file") == "":
            page.check("#id_option_without_file", force=True)
        for field, text in {"file": FILE, **options}.items():
            page.fill(f"#id_option_{field}", text)
        page.click("[name=_save]")
        page.wait_for_url("**/admin/actions/action/")
    window.close()


LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36"


def windows_of(opened):
    """A tab, and the addresses of programs that its browser was led to, in every tab."""
    page, tried = opened("ada", user_agent=LINUX), []
    page.context.on("request", lambda asked: None if asked.url.startswith("http") else tried.append(asked.url))
    return page, tried


@pytest.fixture
def launched(opened, actions):
    """Where calls are made. What a tab launches by itself stands before it as the browser's own question, and takes clicks."""
    return windows_of(opened)


@pytest.fixture
def later(opened):
    """The same person with the page open elsewhere, where nothing is launched by itself."""
    return windows_of(opened)


def settled(page):
    page.wait_for_selector(".pill.succeeded, .pill.failed")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)


def test_it_works(launched, later):
    page, tried = launched
    tab = run(page, action="Review in RV")
    settled(tab)
    href = tab.locator("#launch a.primary").get_attribute("href")
    words = bytes.fromhex(href.removeprefix("rvlink://baked/")).decode()
    assert words.startswith(" -l -play '/mnt/proj/")
    assert words.count(".mov'") == 3
    assert tried == [href]
    assert [one.inner_text() for one in tab.locator("#launch .paths code").all()] == words.split("'")[1::2]
    tab.reload()
    settled(tab)
    tab.goto("/")
    tab.go_back()
    settled(tab)
    assert tried == [href]
    other, again = later
    other.goto(tab.url)
    settled(other)
    assert again == []
    other.click("#nothing-opened summary")
    expect(other.locator("#nothing-opened li").first).to_be_visible()
    assert other.locator("#nothing-opened a").get_attribute("href") == "rvlink://smptebars.movieproc"
    other.click("#elsewhere summary")
    expect(other.locator("#elsewhere code", has_text="P:\\").first).to_be_visible()
    with other.expect_event("requestfailed"):
        other.click("#launch a.primary")
    assert again == [href]


def test_paths_can_be_copied(launched, later):
    tab = run(launched[0], action="Review in RV")
    page = later[0]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(tab.url)
    page.click("#launch >> text=Copy all paths")
    expect(page.locator("#launch .copy").first).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert copied == [one.inner_text() for one in page.locator("#launch .paths code").all()]


def test_several_links_are_listed_and_none_is_opened(launched):
    page, tried = launched
    tab = run(page, action="Open in mrv2")
    settled(tab)
    assert tab.locator("#results a[href^='mrv2://open?path=%2Fmnt%2Fproj%2F']").count() == 3
    assert tried == []
    single = run(page, tasks=1, action="Open in mrv2")
    settled(single)
    expect(single.locator("#nothing-opened")).to_contain_text("Ask Mirko, desk 12.")
    assert len(tried) == 1


SHOW = "import sys, time; print('Loading', sys.argv[1]); sys.stdout.flush(); time.sleep(4); sys.exit(5)"


@pytest.fixture
def computer(bridge, tmp_path):
    """A computer with the launcher, which knows Nuke: a program that says what it was given, and ends with 5."""
    made = Computer(tmp_path)
    made.allow(
        bridge, nuke=f"command =\n    {sys.executable}\n    -c\n    {SHOW}\n    {{arguments}}\narguments = --shot=*"
    )
    return made


def test_the_launcher_s_link_is_fetched_and_followed_once(launched, later, computer):
    page, tried = launched
    tab = run(page, tasks=1, action="Open in Nuke")
    settled(tab)
    link = tab.locator("#tickets a:has-text('once more')")
    expect(link).to_be_visible()
    first = link.get_attribute("href")
    assert first.startswith("kitsu-bridge://run?server=http%3A%2F%2Flocalhost%3A")
    tab.reload()
    settled(tab)
    assert tried == [first]
    other, again = later
    other.goto(tab.url)
    settled(other)
    assert again == []
    other.click("text=Start on this computer")
    link = other.locator("#tickets a:has-text('once more')")
    expect(link).to_be_visible()
    assert again == [link.get_attribute("href")] != [first]
    assert computer.run(first)[0] == 1  # The newer one took its place.
    assert computer.run(again[0])[0] == 1
    expect(other.locator("#tickets .pill")).to_have_text("Failed")
    expect(tab.locator("#tickets")).to_contain_text("There is nothing at /mnt/proj/")


def test_the_launcher_s_work_shows_on_the_page_as_it_happens(launched, computer):
    page, _ = launched
    tab = run(page, tasks=1, action="Start Nuke")
    settled(tab)
    link = tab.locator("#tickets a:has-text('once more')")
    running = threading.Thread(target=computer.run, args=(link.get_attribute("href"),))
    running.start()
    expect(tab.locator("#tickets .pill")).to_have_text("Started")
    expect(tab.locator("#tickets pre")).to_contain_text("Loading --shot=")
    expect(tab.locator("#tickets")).to_contain_text("exit code 5")
    running.join()
    tab.click("#events summary")


def test_without_javascript_the_link_stands_on_a_page(opened, actions):
    page = opened("ada", java_script_enabled=False)
    page.goto("/playground/")
    page.locator(".cell input").nth(0).check()
    with page.context.expect_page() as opening:
        page.locator("button[formaction='/run/open-in-nuke/']").click()
    tab = opening.value
    tab.wait_for_selector(".pill.succeeded")
    tab.click("text=Start on this computer")
    assert tab.locator("main a.primary").get_attribute("href").startswith("kitsu-bridge://run?server=")
    tab.click("text=Back to Open in Nuke")
    expect(tab.locator("#tickets")).to_contain_text("works once")


@pytest.mark.parametrize("action", ["Review in RV", "Open in Nuke"])
def test_nothing_is_wider_than_a_narrow_screen(launched, action):
    page, _ = launched
    tab = run(page, action=action, tasks=1)
    settled(tab)
    tab.set_viewport_size({"width": 390, "height": 844})
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
