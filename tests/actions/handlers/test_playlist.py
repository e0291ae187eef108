"""Playlists from a selection, in the sample studio: no database, a call, a report that collects."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from actions.contract import ActionError, Cancelled
from actions.handlers.playlist import Options, drafts, making
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.visibility import seen_by
from tests.actions.handlers.calling import Collected, LosesAnswers, a_retry, many_tasks, plan, run

SHORT, SHOW, FEATURE, PILOT = range(4)


@pytest.fixture
def studio():
    """A sample studio that has no playlists yet."""
    studio = SampleStudio()
    studio.tables.playlists.clear()
    return studio


@pytest.fixture
def tasks(studio):
    """Tasks of a production of the sample studio, as they are resolved: `tasks(SHORT, kind="shot")`."""

    def find(project=SHORT, kind=None, *, delivered=True, task_type=None, apart=False):
        bot = studio.bot()
        found = resolve(bot, [row["id"] for row in bot.project_tasks(bot.projects()[project]["id"])]).tasks
        fit = [
            task
            for task in found
            if kind in (None, task.entity.kind)
            and task_type in (None, task.task_type.name)
            and (delivered is None or bool(task.last_preview) == delivered)
        ]
        return list({task.entity.id: task for task in fit}.values()) if apart else fit

    return find


def ids(tasks):
    return [task.id for task in tasks]


def delete(studio, task):
    """As Zou deletes a task: with its previews."""
    del studio.tables.tasks[task.id]
    files = studio.tables.preview_files
    for key in [key for key, row in files.items() if row["task_id"] == task.id]:
        del files[key]


def lists(studio):
    return list(studio.tables.playlists.values())


def played(row):
    return [(one["entity_id"], one.get("preview_file_id", "")) for one in row["shots"]]


def test_it_works(studio, session, tasks):
    chosen = tasks(kind="shot")[:5]
    outcome, report = run("playlist", session(), ids(chosen), options=Options())
    (made,) = lists(studio)
    assert played(made) == [(task.entity.id, task.last_preview.id) for task in chosen]
    days = {datetime.now(UTC).date() + timedelta(days=days) for days in (-1, 0, 1)}
    assert made["name"] in {f"Review {day}" for day in days}
    assert (made["for_entity"], made["for_client"], made["project_id"]) == ("shot", False, chosen[0].project.id)
    assert outcome.message == f"5 entries came into “{made['name']}”."
    assert outcome.link == f"https://kitsu.studio/productions/{chosen[0].project.id}/playlists/{made['id']}"
    assert report.ids("done") == set(ids(chosen))


def test_it_says_beforehand_what_comes_where(studio, session, tasks):
    chosen = [*tasks(kind="shot")[:3], *tasks(kind="shot", delivered=False)[:2]]
    found = plan("playlist", session(), ids(chosen), options=Options(), name="Dailies")
    assert found.message == "“Dailies” with 3 entries."
    assert [step.blocked for step in found.steps] == [False] * 3 + [True] * 2
    assert {step.message for step in found.steps} == {"Into “Dailies”", "It has no preview."}
    assert lists(studio) == []


def test_it_skips_what_has_no_preview_unless_it_is_wanted(studio, session, tasks):
    chosen = [*tasks(kind="asset")[:1], *tasks(kind="asset", delivered=False)[:2]]
    _, report = run("playlist", session(), ids(chosen), options=Options())
    assert [report.results[task.id][:2] for task in chosen[1:]] == [("skipped", "It has no preview.")] * 2
    _, report = run("playlist", session(), ids(chosen), options=Options(without_preview=True))
    assert len(report.ids("done")) == 3
    alone, together = lists(studio)
    assert len(alone["shots"]) == 1
    assert {one["entity_id"] for one in together["shots"]} == {task.entity.id for task in chosen}


def test_it_makes_no_playlist_of_nothing(studio, session, tasks):
    outcome, report = run("playlist", session(), ids(tasks(delivered=False)[:3]), options=Options())
    assert outcome.message == "Nothing came into a playlist."
    assert len(report.ids("skipped")) == 3
    assert lists(studio) == []


def test_it_makes_a_playlist_for_each_kind_and_production(studio, session, tasks):
    chosen = [*tasks(SHORT, "shot")[:2], *tasks(SHORT, "asset")[:2], *tasks(SHOW, "asset")[:2]]
    outcome, _ = run("playlist", session("ada"), ids(chosen), options=Options(), name="Dailies")
    assert {(row["name"], row["for_entity"]) for row in lists(studio)} == {
        ("Dailies (The Lantern Keeper, shots)", "shot"),
        ("Dailies (The Lantern Keeper, assets)", "asset"),
        ("Dailies (Kettle & Crow, assets)", "asset"),
    }
    assert [one["added"] for one in outcome.data["playlists"]] == [2, 2, 2]
    assert outcome.link == ""


def test_it_makes_a_playlist_for_each_episode(studio, session, tasks):
    chosen = tasks(SHOW, "shot")
    options = Options(content="episodes")
    outcome, _ = run("playlist", session("ada"), ids(chosen), options=options, name="Review {episode_name}")
    episodes = {task.entity.episode.id: task.entity.episode.name for task in chosen}
    assert {row["name"]: row["episode_id"] for row in lists(studio)} == {f"Review {n}": i for i, n in episodes.items()}
    assert outcome.data["playlists"][0]["link"].count("/episodes/") == 1


def test_a_playlist_of_several_episodes_stands_with_all_of_them(studio, session, tasks):
    run("playlist", session("ada"), ids(tasks(SHOW, "shot")), options=Options())
    (made,) = lists(studio)
    assert (made["episode_id"], made["is_for_all"]) == (None, True)


def test_a_name_that_an_episode_has_already_gets_a_number(studio, session, tasks):
    first = tasks(SHOW, "shot")[0]
    chosen = [task for task in tasks(SHOW, "shot") if task.entity.episode == first.entity.episode]
    for _ in range(3):
        run("playlist", session("ada"), ids(chosen), options=Options(), name="Dailies")
    assert [row["name"] for row in lists(studio)] == ["Dailies", "Dailies 2", "Dailies 3"]


def test_it_takes_the_newest_preview_of_the_chosen_task_types(studio, session, tasks):
    tables, chosen = studio.tables, tasks(SHORT, "shot", delivered=None, task_type="Compositing")
    types = {row["id"]: row["name"] for row in tables.task_types.values()}
    wanted = [key for key, name in types.items() if name in {"Layout", "Animation"}]
    run("playlist", session(), ids(chosen), options=Options(), task_types=tuple(wanted))
    (made,) = lists(studio)
    for entity_id, preview_id in played(made):
        of_entity = [
            tables.preview_files[row["last_preview_file_id"]]
            for row in tables.tasks.values()
            if row["entity_id"] == entity_id and row["task_type_id"] in wanted and row["last_preview_file_id"]
        ]
        assert tables.preview_files[preview_id]["created_at"] == max(row["created_at"] for row in of_entity)
    assert 0 < len(made["shots"]) < len(chosen)


def test_it_orders_by_sequence_and_name(studio, session, tasks):
    chosen = tasks(SHORT, "shot")[:8][::-1]
    run("playlist", session(), ids(chosen), options=Options(), order="name")
    names = [next(task.name for task in chosen if task.entity.id == one) for one, _ in played(lists(studio)[0])]
    assert names == sorted(names)


def test_it_takes_the_last_retakes_of_the_production(studio, session, tasks):
    retakes = [task for task in tasks(SHORT) if task.status.name == "Retake"]
    old = retakes[0].id
    for task in retakes:
        studio.tables.tasks[task.id]["last_comment_date"] = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}"
    studio.tables.tasks[old]["last_comment_date"] = "2020-01-01T00:00:00"
    _, report = run("playlist", session(), ids(tasks(SHORT)[:1]), options=Options(content="retakes"))
    assert report.ids("done") == set(ids(retakes)) - {old}
    assert sum(len(row["shots"]) for row in lists(studio)) == len(retakes) - 1


def test_it_takes_all_that_waits_for_approval(studio, session, tasks):
    waiting = [task for task in tasks(SHORT, delivered=None) if task.status.short_name == "wfa"]
    selected = next(task.id for task in tasks(SHORT) if task.status.short_name == "done")
    _, report = run("playlist", session(), [selected], options=Options(content="waiting"))
    assert set(report.results) == {*ids(waiting), selected}
    assert report.results[selected][:2] == ("skipped", "It was selected for its production.")


def test_it_says_when_nothing_waits(studio, session, tasks):
    for row in studio.tables.tasks.values():
        row["last_comment_date"] = "2020-01-01T00:00:00"
    with pytest.raises(ActionError, match="No task of The Lantern Keeper is on retake since"):
        run("playlist", session(), ids(tasks(SHORT)[:1]), options=Options(content="retakes"))


def test_it_adds_to_a_playlist_only_what_is_not_in_it(studio, session, tasks):
    chosen = tasks(SHORT, "shot")[:6]
    run("playlist", session(), ids(chosen[:4]), options=Options(), name="Dailies")
    (there,) = lists(studio)
    foreseen = plan("playlist", session(), ids(chosen), options=Options(), playlist=there["id"])
    assert [step.message for step in foreseen.steps] == ["It is in “Dailies” already."] * 4 + ["Into “Dailies”"] * 2
    outcome, report = run("playlist", session(), ids(chosen), options=Options(), playlist=there["id"])
    assert outcome.message == "2 entries came into “Dailies”."
    assert (len(report.ids("skipped")), len(report.ids("done"))) == (4, 2)
    assert [one for one, _ in played(lists(studio)[0])] == [task.entity.id for task in chosen]
    assert len(lists(studio)) == 1


def test_one_playlist_takes_all_episodes_when_it_is_named(studio, session, tasks):
    chosen = tasks(SHOW, "shot")
    run("playlist", session("ada"), ids(chosen[:1]), options=Options(), name="Dailies")
    (there,) = lists(studio)
    options = Options(content="episodes")
    outcome, report = run("playlist", session("ada"), ids(chosen), options=options, playlist=there["id"])
    assert outcome.message == f"{len(chosen) - 1} entries came into “Dailies”."
    assert len(report.ids("done")) == len(chosen) - 1


def test_it_adds_nothing_of_another_kind_or_production(studio, session, tasks):
    run("playlist", session("ada"), ids(tasks(SHORT, "shot")[:1]), options=Options(), name="Dailies")
    (there,) = lists(studio)
    others = [*tasks(SHORT, "asset")[:1], *tasks(SHOW, "shot")[:1], tasks(SHORT, "shot")[1]]
    _, report = run("playlist", session("ada"), ids(others), options=Options(), playlist=there["id"])
    assert report.results[others[0].id][:2] == ("failed", "“Dailies” is for shots of its own production.")
    assert report.ids("failed") == set(ids(others[:2]))
    with pytest.raises(ActionError, match="not in the production"):
        run("playlist", session("ada"), ids(others[1:2]), options=Options(), playlist=there["id"])


def test_kitsu_has_no_playlists_of_concepts(studio, session, tasks):
    chosen = [*tasks(FEATURE, "concept", delivered=None)[:2], *tasks(FEATURE, "shot")[:1]]
    _, report = run("playlist", session("ada"), ids(chosen), options=Options(without_preview=True), name="Moods")
    assert report.results[chosen[0].id][:2] == ("failed", "Kitsu has no playlists of concepts.")
    assert [row["name"] for row in lists(studio)] == ["Moods"]


@pytest.mark.parametrize("name", ["noa", "clara", "pixelworks"])
def test_whoever_may_not_make_playlists_is_told_before_and_after(studio, session, tasks, name):
    kitsu = session(name)
    chosen = ids(tasks(SHORT, "shot", task_type="Compositing")[:6])
    assert {step.message for step in plan("playlist", kitsu, chosen, options=Options()).steps} == {drafts.NOT_YOURS}
    _, report = run("playlist", kitsu, chosen, options=Options())
    assert report.words() == {drafts.NOT_YOURS}
    assert report.ids("failed")
    assert lists(studio) == []


def test_a_supervisor_makes_playlists_and_changes_only_their_own(studio, session, tasks):
    chosen = ids(tasks(SHORT, "shot")[:3])
    run("playlist", session("greta"), chosen[:1], options=Options(), name="Hers")
    run("playlist", session("hana"), chosen[:1], options=Options(), name="Not hers")
    hers, other = lists(studio)
    assert hers["created_by"] == session("greta").whoami()["id"]
    run("playlist", session("greta"), chosen, options=Options(), playlist=hers["id"])
    _, report = run("playlist", session("greta"), chosen, options=Options(), playlist=other["id"])
    assert report.words() == {drafts.NOT_YOUR_LIST}
    assert [len(row["shots"]) for row in lists(studio)] == [3, 1]


def test_the_bot_makes_it_in_the_person_s_name(studio, tasks):
    person = Person.from_record(next(row for row in studio.people() if row["email"].startswith("greta")))
    run("playlist", seen_by(studio.bot(), person), ids(tasks(SHORT, "shot")[:2]), options=Options())
    assert lists(studio)[0]["created_by"] == person.id


def test_hostile_names_fit_into_a_name(studio, session, tasks):
    chosen = [*tasks(PILOT)[:2], *tasks(SHORT, "shot")[-3:]]
    outcome, report = run(
        "playlist", session("ada"), ids(chosen), options=Options(), name="N" * 200 + " {project_name}"
    )
    assert all(len(row["name"]) <= 80 for row in lists(studio))
    assert len(report.ids("done")) == len(chosen)
    assert len({one["name"] for one in outcome.data["playlists"]}) == len(lists(studio))


@pytest.mark.parametrize("name", ["", "   ", "Review {nothing}"])
def test_a_name_that_is_none_is_refused(studio, session, tasks, name):
    with pytest.raises(ActionError):
        run("playlist", session(), ids(tasks(SHORT, "shot")[:1]), options=Options(), name=name)
    assert lists(studio) == []


def test_it_takes_a_thousand_tasks(studio, session):
    chosen = many_tasks(studio, 1000)
    outcome, report = run("playlist", session("ada"), chosen, options=Options(without_preview=True))
    assert len(report.results) == 1000
    assert {row["for_entity"] for row in lists(studio)} <= {"shot", "asset", "sequence", "edit"}
    assert sum(one["added"] for one in outcome.data["playlists"]) == sum(len(row["shots"]) for row in lists(studio))


def test_a_task_that_is_deleted_meanwhile_is_named(studio, session, tasks, monkeypatch):
    monkeypatch.setattr(making, "AT_ONCE", 2)
    chosen = tasks(SHORT, "shot", apart=True)[:6]
    report = Collected({2: lambda: delete(studio, chosen[4])})
    run("playlist", session(), ids(chosen), options=Options(), report=report)
    assert report.results[chosen[4].id][0] == "failed"
    assert len(report.ids("done")) == 5
    assert chosen[4].entity.id not in {one for one, _ in played(lists(studio)[0])}


def test_a_preview_that_is_deleted_meanwhile_is_named(studio, session, tasks, monkeypatch):
    monkeypatch.setattr(making, "AT_ONCE", 2)
    chosen = tasks(SHORT, "shot")[:4]
    report = Collected({2: lambda: studio.tables.preview_files.pop(chosen[3].last_preview.id)})
    run("playlist", session(), ids(chosen), options=Options(), report=report)
    assert report.results[chosen[3].id][1].startswith("Kitsu did not take it")


def test_it_stops_when_cancelled(studio, session, tasks, monkeypatch):
    monkeypatch.setattr(making, "AT_ONCE", 2)
    with pytest.raises(Cancelled):
        run("playlist", session(), ids(tasks(SHORT, "shot")[:6]), options=Options(), report=Collected(stop_after=2))
    assert len(lists(studio)[0]["shots"]) == 2


@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_retry_completes_the_playlist_that_was_begun(studio, session, tasks, monkeypatch, after):
    """Kitsu made the playlist, or added entries, and the answer never came."""
    monkeypatch.setattr(making, "AT_ONCE", 2)
    chosen, report = ids([*tasks(SHORT, "shot")[:6], *tasks(SHORT, "asset")[:1]]), Collected()
    with pytest.raises(KitsuSlow):
        run(
            "playlist",
            session(),
            chosen,
            options=Options(),
            name="Dailies",
            report=report,
            seen_through=lambda k: LosesAnswers(k, after),
        )
    left = [one for one in chosen if one not in report.ids("done")]
    _, again = run("playlist", session(), left, options=Options(), name="Dailies", more=a_retry(report))
    assert report.ids("done") | again.ids("done") == set(chosen)
    assert sorted(len(row["shots"]) for row in lists(studio)) == [1, 6]
    assert all(len(set(played(row))) == len(row["shots"]) for row in lists(studio))


def test_kitsu_may_go_away_in_the_middle(studio, session, tasks, monkeypatch):
    monkeypatch.setattr(making, "AT_ONCE", 2)
    chosen = ids(tasks(SHORT, "shot")[:6])
    report = Collected({2: lambda: setattr(studio, "trouble", KitsuSlow())})
    with pytest.raises(KitsuSlow):
        run("playlist", session(), chosen, options=Options(), name="Dailies", report=report)
    studio.trouble = None
    assert len(report.ids("done")) == 2
    _, again = run("playlist", session(), chosen[2:], options=Options(), name="Dailies", more=a_retry(report))
    assert len(again.ids("done")) == 4
    assert [len(row["shots"]) for row in lists(studio)] == [6]


def test_a_retry_leaves_the_playlists_of_others_alone(studio, session, tasks):
    chosen = ids(tasks(SHORT, "shot")[:2])
    run("playlist", session("greta"), chosen[:1], options=Options(), name="Dailies")
    run("playlist", session("hana"), chosen, options=Options(), name="Dailies", more=a_retry(Collected()))
    assert [len(row["shots"]) for row in lists(studio)] == [1, 2]


def test_a_retry_has_the_date_of_the_first_try(studio, session, tasks):
    chosen, since = ids(tasks(SHORT, "shot")[:2]), datetime(2026, 1, 31, 12, tzinfo=UTC)
    run("playlist", session(), chosen, options=Options(), name="Review {datetime}", more=a_retry(Collected(), since))
    assert lists(studio)[0]["name"].startswith("Review 2026-01-31")
