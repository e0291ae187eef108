"""The kinds `playlist`, `casting` and `publish` in the whole line: what is written into the record, and their pages."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.handlers.playlist import making
from actions.worker.run import carry_out
from audit.models import Invocation, InvocationFile
from audit.states import State
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.sample.pictures import draw
from kitsu_bridge.kitsu.studio import studio
from tests.audit.conftest import browser  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ran(an_action, a_queued_invocation, settings, tmp_path):
    """Runs a kind on tasks of the sample studio's oddest sequence."""
    settings.PUBLISH_FOLDERS = [str(tmp_path)]
    settings.FILES_DIR = str(tmp_path / "files")
    settings.KITSU_PUBLIC_URL = "https://kitsu.studio"

    def run(kind, task_ids, options=None, **parameters):
        action = an_action(kind, options=options or {})
        given = {"parameters": parameters, "given_at": timezone.now()}
        invocation = a_queued_invocation(action, task_ids=task_ids, **given)
        carry_out(str(invocation.pk))
        invocation.refresh_from_db()
        return invocation

    return run


@pytest.fixture
def odd_tasks():
    """Tasks on shots whose names are markup, in a sequence whose name is."""
    bot = studio().bot()
    project = bot.projects()[0]["id"]
    sequence = next(row["id"] for row in bot.project_entities(project, "Sequence") if "<img" in row["name"])
    shots = {row["id"] for row in bot.project_entities(project, "Shot") if row["parent_id"] == sequence}
    return [row["id"] for row in bot.project_tasks(project) if row["entity_id"] in shots]


def shown(client, invocation):
    page = client.get(invocation.get_absolute_url()).content.decode()
    for markup in ("<img src=x", "<script>alert"):
        assert markup not in page
    return page


def test_it_works(ran, odd_tasks, browser):  # noqa: F811
    invocation = ran("playlist", odd_tasks, {"without_preview": True}, name="<b>Dailies</b>", for_client=True)
    assert invocation.state == State.SUCCEEDED
    page = shown(browser("ada"), invocation)
    assert "&lt;b&gt;Dailies&lt;/b&gt;" in page
    link = invocation.outcome["data"]["playlists"][0]["link"]
    assert link.startswith("https://kitsu.studio/productions/")
    assert f'href="{link}"' in page
    assert "The client" in page


def test_the_breakdown_has_a_file_for_kitsu(ran, odd_tasks, browser):  # noqa: F811
    invocation = ran("casting", odd_tasks)
    client = browser("ada")
    page = shown(client, invocation)
    assert "<h2>Breakdown</h2>" in page
    assert page.count('scope="row"') == len(invocation.outcome["data"]["shots"]) + 1
    file = InvocationFile.objects.get(invocation=invocation)
    assert f'href="{file.get_absolute_url()}"' in page
    content = b"".join(client.get(file.get_absolute_url()).streaming_content).decode("utf-8-sig")
    assert content.startswith("Episode,Parent,Name,Asset Type,Asset,Occurences,Label")


def test_the_revisions_are_linked(ran, odd_tasks, browser, tmp_path):  # noqa: F811
    for task_id in odd_tasks[:3]:
        (tmp_path / f"{task_id}_v1.png").write_bytes(draw(task_id, 64, 36))
    invocation = ran(
        "publish", odd_tasks[:4], {"path": f"{tmp_path}/{{task_id}}_v*.png"}, comment="<script>alert(1)</script>"
    )
    assert invocation.state == State.PARTIAL
    assert invocation.message == "3 revisions were published."
    page = shown(browser("ada"), invocation)
    assert page.count(">Open in Kitsu</a>") == 3
    assert f"No file {odd_tasks[3]}_v*.png is in {tmp_path}." in page


@pytest.fixture
def goes_away(monkeypatch):
    """A Kitsu that stops answering when this becomes true of its tables, until it is back."""

    def when(true):
        sample = studio()

        def check():
            if true(sample.tables):
                raise KitsuSlow

        monkeypatch.setattr(sample, "check", check)
        return lambda: monkeypatch.setattr(sample, "check", lambda: None)

    return when


def retried(client, invocation):
    """The retry of what was not done, as the button on the page starts it, carried out."""
    client.post(reverse("rerun_invocation", args=[invocation.pk]), {"what": "unfinished"})
    retry = Invocation.objects.get(rerun_of=invocation)
    carry_out(str(retry.pk))
    retry.refresh_from_db()
    return retry


def test_a_retry_by_the_button_completes_the_playlist(ran, odd_tasks, browser, monkeypatch, goes_away):  # noqa: F811
    monkeypatch.setattr(making, "AT_ONCE", 2)

    def ours(tables):
        return [row for row in tables.playlists.values() if row["name"].startswith("Button")]

    back = goes_away(lambda tables: any(len(row["shots"]) >= 2 for row in ours(tables)))
    first = ran("playlist", odd_tasks, {"without_preview": True}, name="Button {time}")
    assert first.state == State.PARTIAL
    back()
    retry = retried(browser("ada"), first)
    assert retry.state == State.SUCCEEDED
    assert len(ours(studio().tables)) == 1
    done = [one.results.filter(state="done").count() for one in (first, retry)]
    assert sum(done) == len(odd_tasks)


def test_a_retry_by_the_button_publishes_once(ran, odd_tasks, browser, tmp_path, goes_away):  # noqa: F811
    tables = studio().tables
    (tmp_path / "once.png").write_bytes(draw("once", 64, 36))

    def ours(_tables=tables):
        return [row for row in tables.preview_files.values() if row["original_name"] == "once"]

    back = goes_away(lambda tables: len(ours()) >= 2)
    first = ran("publish", odd_tasks[:4], {"path": f"{tmp_path}/once.png"})
    assert first.state == State.PARTIAL
    assert len(ours()) == 2
    back()
    retry = retried(browser("ada"), first)
    assert retry.state == State.SUCCEEDED
    assert sorted(row["task_id"] for row in ours()) == sorted(odd_tasks[:4])
