"""Opening an address in a browser: at once, once, and by hand without JavaScript."""

from __future__ import annotations

import http.server
import threading

import pytest

pytestmark = pytest.mark.browser


class Tracker(http.server.BaseHTTPRequestHandler):
    """Another tool: says which address was asked for."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<h1>Tracker</h1><p>{self.path}</p>".encode())

    def log_message(self, *args): ...


@pytest.fixture(scope="module")
def tracker():
    """Its address; a real server, over http, so that OPEN_URL_HOSTS is needed."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tracker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def action(opened, tracker):
    """Makes an action of the kind in the admin; its name."""
    page, made = opened("mirko"), []

    def make(name, path, once_for="selection"):
        slug = name.lower().replace(" ", "-")
        page.goto(f"/admin/actions/action/add/?kind=open_url&name={name}&slug={slug}")
        page.fill("#id_option_url", f"{tracker}{path}")
        page.select_option("#id_option_once_for", once_for)
        page.click("[name=_save]")
        page.wait_for_url("**/admin/actions/action/")
        made.append(name)
        return name

    yield make
    for name in made:
        page.goto("/admin/actions/action/")
        page.click(f"#result_list a:has-text('{name}')")
        page.goto(page.url.replace("/change/", "/delete/"))
        page.click("[type=submit]:has-text('Yes')")


def run(page, action, tasks=1):
    """Run it from the playground; the tab that it opened."""
    page.goto("/playground/")
    for number in range(tasks):
        page.locator(".cell").nth(number).click()
    page.get_by_label(action, exact=True).check()
    with page.context.expect_page() as tab:
        page.click("#run")
    return tab.value


def test_it_works(opened, action, tracker):
    name = action("Open tracker", "/shots/{entity_name}?task={task_id}")
    tab = run(opened("ada"), name)
    tab.wait_for_url(f"{tracker}/shots/**")
    tab.go_back()
    tab.wait_for_selector(".pill.succeeded")
    tab.wait_for_timeout(800)
    assert "/invocations/" in tab.url  # Back shows the page, and stays on it.
    tab.reload()
    tab.wait_for_selector(".pill.succeeded")
    tab.wait_for_timeout(800)
    assert "/invocations/" in tab.url
    tab.locator(f"a[href^='{tracker}/']").first.click()
    tab.wait_for_url(f"{tracker}/shots/**")


def test_run_again_opens_it_again(opened, action):
    tab = run(opened("ada"), action("Open once more", "/{task_id}"))
    tab.wait_for_selector("h1:has-text('Tracker')")
    tab.go_back()
    tab.get_by_role("button", name="Run again").click()
    tab.wait_for_selector("h1:has-text('Tracker')")


def test_several_are_a_list_of_links(opened, action, tracker):
    tab = run(opened("ada"), action("Open each", "/{task_id}", "task"), tasks=3)
    tab.wait_for_selector(".pill.succeeded")
    links = tab.locator(f"#results a[href^='{tracker}/']")
    assert links.count() == 3
    with tab.context.expect_page() as other:
        links.first.click()
    other.value.wait_for_selector("h1:has-text('Tracker')")


def test_without_javascript_it_is_a_link(opened, action, tracker):
    action("Open by hand", "/{task_id}")
    page = opened("ada", java_script_enabled=False)
    page.goto("/playground/")
    page.locator(".cell input").nth(0).check()
    with page.context.expect_page() as tab:
        page.locator("button[formaction='/run/open-by-hand/']").click()
    tab.value.wait_for_selector(".pill.succeeded")
    # A browser without JavaScript goes on by the <meta> in <noscript>; this one only does not run it, and shows the link.
    assert f"url={tracker}/" in tab.value.locator("noscript").first.inner_html()
    tab.value.locator(f"a[href^='{tracker}/']").first.click()
    tab.value.wait_for_selector("h1:has-text('Tracker')")


def find_in_log(page, action):
    """The address of the newest call of an action."""
    page.goto("/log/")
    return page.url.removesuffix("/log/") + page.locator(f"tr:has-text('{action}') a").first.get_attribute("href")


def test_another_tab_only_shows_it(opened, action):
    name = action("Open elsewhere", "/{task_id}")
    page = opened("ada")
    run(page, name).wait_for_selector("h1:has-text('Tracker')")
    page.goto(find_in_log(page, name))
    page.wait_for_selector(".pill.succeeded")
    page.wait_for_timeout(800)
    assert "/invocations/" in page.url
