"""Playlists in a real Zou: its rights, its unique names, its own answers."""

from __future__ import annotations

import uuid

import pytest

from actions.handlers.playlist import Options, drafts, making
from kitsu_bridge.kitsu.errors import KitsuForbids, KitsuSlow
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.playlists import couples
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.visibility import seen_by
from tests.actions.handlers.calling import Collected, LosesAnswers, a_retry, plan, run

pytestmark = pytest.mark.zou


@pytest.fixture
def tasks(zou):
    """Tasks of a production by its type."""

    def find(production_type="short", kind="shot", *, delivered=None):
        bot = zou.studio.bot()
        project = next(row for row in bot.projects() if row["production_type"] == production_type)
        found = resolve(bot, [row["id"] for row in bot.project_tasks(project["id"])]).tasks
        fit = [task for task in found if task.entity.kind == kind]
        return [task for task in fit if delivered is None or bool(task.last_preview) == delivered]

    return find


@pytest.fixture
def name():
    return f"Dailies {uuid.uuid4().hex[:8]}"


def ids(tasks):
    return [task.id for task in tasks]


def lists(zou, task, name):
    """The playlists of a name, with their entries."""
    bot = zou.studio.bot()
    rows = [row for row in bot.playlists(task.project.id) if row["name"].startswith(name)]
    return [bot.playlist(task.project.id, row["id"]) for row in sorted(rows, key=lambda row: row["created_at"])]


@pytest.mark.parametrize("role", ["admin", "manager", "supervisor"])
def test_it_works(zou, tasks, name, role):
    chosen = tasks(delivered=True)[:4]
    outcome, report = run("playlist", zou.session(role), ids(chosen), options=Options(), name=name, for_client=True)
    (made,) = lists(zou, chosen[0], name)
    assert [(one["entity_id"], one["preview_file_id"]) for one in made["shots"]] == [
        (task.entity.id, task.last_preview.id) for task in chosen
    ]
    assert (made["for_entity"], made["for_client"]) == ("shot", True)
    assert made["created_by"] == zou.session(role).whoami()["id"]
    assert report.ids("done") == set(ids(chosen))
    assert outcome.message == f"4 entries came into “{name}”."


def test_the_bot_makes_it_in_the_person_s_name(zou, tasks, name):
    person = Person.from_record(zou.session("supervisor").whoami())
    chosen = tasks(delivered=True)[:2]
    run("playlist", seen_by(zou.studio.bot(), person), ids(chosen), options=Options(), name=name)
    assert lists(zou, chosen[0], name)[0]["created_by"] == person.id


@pytest.mark.parametrize("role", ["user", "client", "vendor"])
def test_zou_refuses_whom_the_preview_bars(zou, tasks, name, role):
    session, chosen = zou.session(role), tasks(delivered=True)
    seen = ids(resolve(session, ids(chosen)).tasks)[:2]
    foreseen = plan("playlist", session, seen, options=Options(without_preview=True), name=name)
    assert {step.message for step in foreseen.steps} == {drafts.NOT_YOURS}
    with pytest.raises(KitsuForbids):
        session.create_playlist({"name": name, "project_id": chosen[0].project.id})
    _, report = run("playlist", session, seen, options=Options(without_preview=True), name=name)
    assert report.words() == {drafts.NOT_YOURS}
    assert lists(zou, chosen[0], name) == []


def test_within_an_episode_zou_takes_a_name_once(zou, tasks, name):
    first = tasks("tvshow")[0]
    chosen = [task for task in tasks("tvshow") if task.entity.episode == first.entity.episode][:2]
    for _ in range(3):
        run("playlist", zou.session("manager"), ids(chosen), options=Options(without_preview=True), name=name)
    assert {row["name"] for row in lists(zou, first, name)} == {name, f"{name} 2", f"{name} 3"}
    assert {row["episode_id"] for row in lists(zou, first, name)} == {first.entity.episode.id}


def test_a_playlist_for_each_episode(zou, tasks, name):
    chosen = [*tasks("tvshow"), *tasks("tvshow", "asset")]
    options = Options(content="episodes", without_preview=True)
    outcome, report = run("playlist", zou.session("manager"), ids(chosen), options=options, name=name)
    assert len(report.ids("done")) == len(chosen)
    made = lists(zou, chosen[0], name)
    assert len(made) == len(outcome.data["playlists"]) == 4
    assert all(row["episode_id"] for row in made)


def test_it_adds_only_what_is_not_in_it(zou, tasks, name):
    chosen = tasks(delivered=True)[:5]
    run("playlist", zou.session("manager"), ids(chosen[:3]), options=Options(), name=name)
    (there,) = lists(zou, chosen[0], name)
    _, report = run("playlist", zou.session("manager"), ids(chosen), options=Options(), playlist=there["id"])
    assert (len(report.ids("skipped")), len(report.ids("done"))) == (3, 2)
    assert len(lists(zou, chosen[0], name)[0]["shots"]) == 5
    _, report = run("playlist", zou.session("supervisor"), ids(chosen), options=Options(), playlist=there["id"])
    assert report.words() == {drafts.NOT_YOUR_LIST}


def test_what_has_no_preview_comes_in_when_it_is_wanted(zou, tasks, name):
    chosen = tasks("tvshow", delivered=False)[:3]
    _, report = run("playlist", zou.session("manager"), ids(chosen), options=Options(), name=name)
    assert report.words() == {"It has no preview."}
    run("playlist", zou.session("manager"), ids(chosen), options=Options(without_preview=True), name=name)
    assert {one for one, _ in couples(lists(zou, chosen[0], name)[0])} == {task.entity.id for task in chosen}


@pytest.mark.parametrize("after", [1, 2])
def test_a_retry_makes_no_second_playlist(zou, tasks, name, monkeypatch, after):
    monkeypatch.setattr(making, "AT_ONCE", 3)
    chosen, report = tasks(delivered=True)[:6], Collected()
    with pytest.raises(KitsuSlow):
        run("playlist", zou.session("manager"), ids(chosen), options=Options(), name=name, report=report,
            seen_through=lambda kitsu: LosesAnswers(kitsu, after))  # fmt: skip
    left = [one for one in ids(chosen) if one not in report.ids("done")]
    _, again = run("playlist", zou.session("manager"), left, options=Options(), name=name, more=a_retry(report))
    assert report.ids("done") | again.ids("done") == set(ids(chosen))
    assert [len(row["shots"]) for row in lists(zou, chosen[0], name)] == [6]


def test_hostile_names_stay_names(zou, tasks, name):
    chosen = tasks(delivered=True)[:1]
    hostile = f"{name} <script>alert(1)</script> \"' 🎬 تجربة"
    run("playlist", zou.session("manager"), ids(chosen), options=Options(), name=hostile)
    assert lists(zou, chosen[0], name)[0]["name"] == hostile
