"""The page of an invocation while it changes under its reader, and where there is no JavaScript."""

from __future__ import annotations

import pytest
from django.db import connections
from django.db.models import F
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from audit.access import remember_call
from audit.models import Invocation, TaskResult
from audit.states import Door, State, Trust
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio
from tests.conftest import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_page(live_server, monkeypatch):
    """Opens pages of a headless Chromium, signed in as Ada, that collect what the console says against us."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in this thread.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        pages = []

        def make(**how):
            context = browser.new_context(base_url=live_server.url, **how)
            page = context.new_page()
            page.said = []
            page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: page.said.append(str(error)))
            page.goto(reverse("sign_in"))
            page.click("button[value='ada@sample.studio']")
            page.wait_for_url(live_server.url + "/")
            page.wait_for_load_state("networkidle")
            pages.append(page)
            return page

        yield make
        for page in pages:
            page.goto("about:blank")
        browser.close()
        connections.close_all()  # Within Playwright's loop this thread has connections of its own.


@pytest.fixture
def an_invocation():
    def make(state=State.SUCCEEDED, kind="review", tasks=0, **fields):
        ada = next(row for row in studio().people() if row["email"] == "ada@sample.studio")
        about = {"door": Door.FORM, "action_slug": kind, "action_name": "Review", "kind": kind, "task_ids": ["a"]}
        invocation = Invocation(**(about | {"state": state} | fields))
        invocation.set_person(Person.from_record(ada), Trust.PROVEN)
        invocation.save()
        TaskResult.objects.bulk_create(
            TaskResult(
                invocation=invocation,
                position=number,
                task_id=f"task-{number}",
                name=f"SH{number:04}",
                state="failed" if number % 10 == 9 else "done",
                message=f"Number {number}",
                data={"entity": {"secret place": f"inside {number}"}},
            )
            for number in range(tasks)
        )
        return invocation

    return make


def test_it_works(open_page, an_invocation):
    invocation = an_invocation(State.RUNNING, done_count=1, total_count=4, progress_text="Reading")
    page = open_page()
    page.goto(invocation.get_absolute_url())
    expect(page.locator("main")).to_contain_text("1 of 4")
    Invocation.objects.filter(pk=invocation.pk).update(done_count=F("done_count") + 2)
    expect(page.locator("main")).to_contain_text("3 of 4")
    invocation.move(State.SUCCEEDED, when={State.RUNNING}, message="All read.", outcome={"message": "All read."})
    expect(page.locator("main")).to_contain_text("All read.")
    expect(page).to_have_title("Succeeded: Review · Kitsu Bridge")
    expect(page.locator("#said")).to_have_text("Succeeded: Review · Kitsu Bridge")
    assert page.said == []


def test_it_leaves_open_what_somebody_opened(open_page, an_invocation):
    invocation = an_invocation(State.RUNNING, total_count=4, payload="selection=a")
    page = open_page()
    page.goto(invocation.get_absolute_url())
    page.click("#sent summary")
    Invocation.objects.filter(pk=invocation.pk).update(done_count=3)
    expect(page.locator("main")).to_contain_text("3 of 4")
    expect(page.locator("#sent")).to_have_attribute("open", "")


def test_it_searches_the_debug_view_to_its_last_task(open_page, an_invocation):
    page = open_page()
    page.goto(an_invocation(State.PARTIAL, "debug", tasks=250, outcome={"data": {}}).get_absolute_url())
    page.fill("#within", "Number 249")
    expect(page.locator("#debug > details:visible")).to_have_count(1)
    expect(page.locator("#debug > details:visible")).to_contain_text("SH0249")
    page.fill("#within", "")
    page.select_option("#of-state", "failed")
    expect(page.locator("#debug > details:visible")).to_have_count(25)
    assert page.said == []


def test_it_finds_what_is_within_an_opened_task(open_page, an_invocation):
    page = open_page()
    page.goto(an_invocation(kind="debug", tasks=3, outcome={"data": {}}).get_absolute_url())
    page.click("#task-task-1 > summary")
    expect(page.locator("#task-task-1")).to_contain_text("secret place")
    page.fill("#within", "secret place")
    expect(page.locator("#debug > details:visible")).to_have_count(1)
    expect(page.locator("#task-task-1")).to_be_visible()
    page.fill("#within", "")
    page.select_option("#of-state", "done")
    expect(page.locator("#task-task-1 [data-text]").first).to_be_visible()
    assert page.said == []


def test_it_works_without_javascript(open_page, an_invocation):
    invocation = an_invocation(State.PARTIAL, "debug", tasks=150, outcome={"data": {}}, payload="selection=a")
    page = open_page(java_script_enabled=False)
    page.goto(invocation.get_absolute_url())
    page.click("#sent summary")
    expect(page.locator("#sent pre")).to_have_text("selection=a")
    page.click("#task-task-7 > summary")
    page.click("#task-task-7 a")
    expect(page.locator("main")).to_contain_text("inside 7")
    page.click("text=Back to")
    page.click("text=More")
    expect(page.locator("table tbody tr")).to_have_count(50)


def test_it_breaks_no_word_of_a_table(open_page, an_invocation):
    an_invocation(message="A sentence of some length that says what became of all of it.")
    page = open_page(viewport={"width": 390, "height": 800})
    page.goto(reverse("log"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for words in ("thead th >> nth=1", "tbody time", "tbody .pill"):
        assert page.locator(words).first.bounding_box()["height"] < 50


def test_it_opens_what_the_outcome_says_once_in_the_browser_that_made_the_call(open_page, an_invocation):
    outcome = {"then": "open", "target": reverse("log")}
    invocation = an_invocation(finished_at=timezone.now(), message="Opened.", outcome=outcome)
    page = open_page()
    page.goto(invocation.get_absolute_url())
    expect(page.locator("main")).to_contain_text("Opened.")
    made = HttpResponse()
    remember_call(made, invocation)
    page.context.add_cookies([{"name": n, "value": one.value, "url": page.url} for n, one in made.cookies.items()])
    page.goto(invocation.get_absolute_url())
    page.wait_for_url(f"**{reverse('log')}")
    page.goto(invocation.get_absolute_url())
    expect(page.locator("main")).to_contain_text("Opened.")
