"""The kinds that read, in the whole line: what is written into the record, and their pages."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from django.db import connection
from django.db.models.signals import post_save

from actions.worker.run import carry_out
from audit.models import Event
from audit.states import Happened, State
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.studio import studio
from tests.audit.conftest import browser  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ran(an_action, a_queued_invocation):
    """Runs a kind: `ran("check", count=50, of="production")`."""

    def run(kind, *, count=20, options=None, task_ids=None, **parameters):
        action = an_action(kind, options=options or {})
        invocation = a_queued_invocation(action, count=count, task_ids=task_ids, parameters=parameters)
        carry_out(str(invocation.pk))
        invocation.refresh_from_db()
        return invocation

    return run


def hostile_ids(wanted):
    """Tasks of the production whose names no page may take for its own markup."""
    bot = studio().bot()
    return [row["id"] for one in bot.projects() for row in bot.project_tasks(one["id"]) if wanted(row)][:40]


def page_of(client, invocation, query=""):
    return client.get(f"{invocation.get_absolute_url()}{query}").content.decode()


def test_it_works(ran, browser):  # noqa: F811
    done = ran("check")
    assert done.state == State.SUCCEEDED
    page = page_of(browser("ada"), done)
    assert all(group["title"] in page for group in done.outcome["data"]["groups"])
    assert "All findings as CSV" in page
    assert done.results.filter(state="done").count() == 20


def test_findings_are_filtered_by_check_without_a_script(ran, browser):  # noqa: F811
    done, client = ran("check", count=100), browser("ada")
    found = [group for group in done.outcome["data"]["groups"] if group["count"]]
    links = re.findall(r'href="([^"]*\?check=[^"]*)"', page_of(client, done))
    assert len(links) == len(found) > 2
    for link, group in zip(links, found, strict=True):
        page = client.get(unescape(link).partition("#")[0]).content.decode()
        assert re.findall(r'id="check-([a-z_]+)"', page) == [group["name"]]
        assert "Show all checks" in page


def test_findings_are_downloaded_and_told_to_those_with_the_link(ran, browser):  # noqa: F811
    done, client = ran("check"), browser("ada")
    answer = client.get(done.outcome["data"]["file"])
    assert "attachment" in answer["Content-Disposition"]
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == done.outcome["data"]["count"] + 1
    assert browser("noa").get(done.outcome["data"]["file"]).status_code == 404


def test_a_production_s_other_tasks_have_their_place_after_the_selection(ran):
    done = ran("check", count=3, of="production")
    assert done.outcome["data"]["tasks"] > 100
    assert len(done.project_names) == 1
    positions = list(done.results.values_list("position", flat=True))
    assert len(set(positions)) == len(positions) > 3
    assert [result.task_id for result in done.results.all()[:3]] == done.task_ids


@pytest.mark.parametrize("kind", ["check", "contact_sheet"])
def test_names_are_no_markup(ran, browser, kind):  # noqa: F811
    ids = hostile_ids(lambda row: row["last_preview_file_id"])
    done = ran(kind, task_ids=ids)
    assert done.state in {State.SUCCEEDED, State.PARTIAL}
    page = page_of(browser("ada"), done)
    assert "&lt;b&gt;" in page or "&lt;img" in page or "&lt;script" in page
    assert not re.search(r"<script>alert|<img src=x|style=", page)


def test_a_contact_sheet_shows_its_pictures(ran, browser):  # noqa: F811
    ids = hostile_ids(lambda row: row["last_preview_file_id"])
    done, client = ran("contact_sheet", task_ids=ids, columns=5, originals=True), browser("ada")
    page = page_of(client, done)
    pictures = re.findall(r'<img src="([^"]+)" alt="" decoding', page)
    assert len(pictures) == len(ids)
    answer = client.get(pictures[0])
    assert (answer["Content-Type"], b"".join(answer.streaming_content)[:4]) == ("image/png", b"\x89PNG")
    assert 'class="sheet columns-5"' in page
    assert "Originals as ZIP" in page
    assert browser("noa").get(pictures[0]).status_code == 404


@pytest.fixture
def kitsu_goes_away():
    """As soon as the tasks are read."""

    def go(sender, instance, **_):
        if instance.what == Happened.RESOLVED:
            studio().trouble = KitsuSlow()

    post_save.connect(go, sender=Event)
    yield
    post_save.disconnect(go, sender=Event)
    studio().trouble = None


@pytest.mark.parametrize("kind", ["export", "check", "contact_sheet"])
def test_kitsu_away_is_said_and_nothing_is_kept(ran, kind, kitsu_goes_away):
    done = ran(kind, task_ids=hostile_ids(lambda row: row["last_preview_file_id"]))
    assert done.state == State.FAILED
    assert "did not answer in time" in done.reason
    assert not done.files.exists()
    assert not done.results.filter(state="done").exists()


def test_an_export_is_offered_for_download(ran, browser):  # noqa: F811
    done = ran("export", format="xlsx")
    assert done.outcome["then"] == "download"
    assert done.outcome["target"] in page_of(browser("ada"), done)


def test_it_is_downloaded_by_whoever_has_the_link(ran, browser):  # noqa: F811
    done = ran("export")
    made = browser("ada").post(f"{done.get_absolute_url()}share/")
    share = made["Location"].partition("made=")[2]
    page = browser("noa").get(f"{done.get_absolute_url()}?share={share}").content.decode()
    link = unescape(re.search(rf'href="({done.outcome["target"]}[^"]+)"', page)[1])
    assert browser("noa").get(link).status_code == 200
    assert browser("noa").get(done.outcome["target"]).status_code == 404


def test_what_is_kept_stands_under_the_prefix_in_any_thread(ran, settings):
    settings.FORCE_SCRIPT_NAME = "/bridge"
    with ThreadPoolExecutor(1) as other:
        done = other.submit(in_a_thread, ran).result()
    assert done.outcome["target"].startswith(f"/bridge/invocations/{done.pk}/")


def in_a_thread(ran):
    try:
        return ran("export")
    finally:
        connection.close()


def test_several_lists_are_offered_on_the_page(ran, browser):  # noqa: F811
    bot = studio().bot()
    ids = [row["id"] for one in bot.projects() for row in bot.project_tasks(one["id"])]
    done, client = ran("export", format="otio", task_ids=ids), browser("ada")
    files = done.outcome["data"]["files"]
    assert len(files) == 4
    assert all(f'href="{file["url"]}"' in page_of(client, done) for file in files)
    assert b"".join(client.get(files[0]["url"]).streaming_content).startswith(b"{")
