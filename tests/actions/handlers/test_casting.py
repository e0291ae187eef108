"""The breakdown and its changes, in the sample studio: no database, a call, a report that collects."""

from __future__ import annotations

import csv
import io
import re

import pytest

from actions.contract import ActionError, Cancelled, Kept
from actions.handlers import casting
from actions.handlers.casting import Options
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.resolve import resolve
from tests.actions.handlers.calling import Collected, LosesAnswers, a_retry, many_tasks, plan, run


class Desk:
    """Keeps files in memory."""

    settings = {}

    def __init__(self):
        self.files = {}

    def keep(self, name, content, content_type):
        self.files[name] = b"".join(content)
        return Kept(name, f"/files/{name}", len(self.files[name]))


@pytest.fixture
def shots(studio):
    """A task on each of so many shots of The Lantern Keeper."""

    def find(count=5, task_type="Layout"):
        bot = studio.bot()
        found = resolve(bot, [row["id"] for row in bot.project_tasks(bot.projects()[0]["id"])]).tasks
        return [task for task in found if task.task_type.name == task_type][:count]

    return find


def ids(tasks):
    return [task.id for task in tasks]


def cast(studio, task):
    return {row["asset_name"]: row["nb_occurences"] for row in studio.tables.casting.get(task.entity.id, [])}


def read_only(kitsu):
    """A session of which every writing would be heard."""

    class Reading:
        def __getattr__(self, name):
            assert not name.startswith("set_"), "Nothing was to be written."
            return getattr(kitsu, name)

    return Reading()


def test_it_works(studio, session, shots):
    chosen, desk = shots(5), Desk()
    outcome, report = run("casting", session("noa"), ids(chosen), options=Options(), seen_through=read_only,
                          more={"desk": desk})  # fmt: skip
    page = outcome.data
    assert [one["name"] for one in page["shots"]] == [task.entity.path for task in chosen]
    assert sum(one["count"] for one in page["types"]) == len(page["assets"])
    for task, row in zip(chosen, page["shots"], strict=True):
        found = {name: count for name, count in zip(page["assets"], row["counts"], strict=True) if count}
        assert found == cast(studio, task)
    assert page["totals"] == [
        sum(row["counts"][place] for row in page["shots"]) for place in range(len(page["assets"]))
    ]
    assert outcome.message == f"{len(page['assets'])} assets in 5 shots."
    assert len(report.ids("done")) == 5
    assert page["file"] == "/files/casting.csv"


def test_its_file_is_what_kitsu_imports(studio, session, shots):
    chosen, desk = shots(40), Desk()
    run("casting", session(), ids(chosen), options=Options(), more={"desk": desk})
    rows = list(csv.DictReader(io.StringIO(desk.files["casting.csv"].decode("utf-8-sig"))))
    assert tuple(rows[0]) == casting.COLUMNS
    assert len(rows) == sum(len(cast(studio, task)) for task in chosen)
    first = next(row for row in rows if row["Name"] == chosen[0].entity.name)
    assert first["Parent"] == chosen[0].entity.sequence.name
    assert int(first["Occurences"]) == cast(studio, chosen[0])[first["Asset"]]


def test_a_file_that_cannot_be_kept_is_said_and_no_more(session, shots):
    outcome, report = run("casting", session(), ids(shots(2)), options=Options())
    assert outcome.data["file"] == ""
    assert report.lines == [("warning", "Files cannot be kept here.")]


def test_it_adds_an_asset(studio, session, shots):
    chosen = shots(8)
    before = [cast(studio, task) for task in chosen]
    foreseen = plan("casting", session(), ids(chosen), options=Options(), change="add", asset="lantern", times=2)
    outcome, report = run("casting", session(), ids(chosen), options=Options(), change="add", asset="lantern", times=2)
    assert [cast(studio, task) for task in chosen] == [{**one, "Lantern": 2} for one in before]
    for step, one, task in zip(foreseen.steps, before, chosen, strict=True):
        expected = "skipped" if one.get("Lantern") == 2 else "done"
        assert report.results[task.id][0] == expected
        assert ("already" in step.message) == (expected == "skipped")
    assert outcome.data["totals"][outcome.data["assets"].index("Lantern")] == 16


def test_it_keeps_how_often_and_how_an_asset_stands_in_a_shot(studio, session, shots):
    task = next(task for task in shots(40) if "Lantern" in cast(studio, task))
    row = next(row for row in studio.tables.casting[task.entity.id] if row["asset_name"] == "Lantern")
    row.update(nb_occurences=3, label="animate")
    _, report = run(
        "casting", session(), [task.id], options=Options(), change="add", asset="Lantern", seen_through=read_only
    )
    assert report.results[task.id][:2] == ("skipped", "Props / Lantern stands in it already.")
    run("casting", session(), [task.id], options=Options(), change="replace", asset="Lantern", by="Ladder")
    row = next(row for row in studio.tables.casting[task.entity.id] if row["asset_name"] == "Ladder")
    assert row["label"] == "animate"
    assert row["nb_occurences"] >= 3


def test_it_removes_an_asset(studio, session, shots):
    chosen = shots(40)
    before = [cast(studio, task) for task in chosen]
    assert any("Fog" in one for one in before)
    run("casting", session(), ids(chosen), options=Options(), change="remove", asset="FX / Fog")
    assert [cast(studio, task) for task in chosen] == [{k: v for k, v in one.items() if k != "Fog"} for one in before]
    _, report = run(
        "casting", session(), ids(chosen), options=Options(), change="remove", asset="Fog", seen_through=read_only
    )
    assert report.words() == {"FX / Fog does not stand in it."}


def test_it_replaces_an_asset(studio, session, shots):
    chosen = shots(40)
    before = [cast(studio, task) for task in chosen]
    run("casting", session(), ids(chosen), options=Options(), change="replace", asset="Moth", by="Keeper")
    for one, task in zip(before, chosen, strict=True):
        after = {k: v for k, v in one.items() if k != "Moth"}
        if "Moth" in one:
            after["Keeper"] = one["Moth"] + one.get("Keeper", 0)
        assert cast(studio, task) == after


def test_two_tasks_on_one_shot_change_it_once(studio, session, shots):
    chosen = [*shots(3), *shots(3, "Animation")]
    before = [cast(studio, task) for task in chosen]
    _, report = run("casting", session(), ids(chosen), options=Options(), change="replace", asset="Moth", by="Keeper")
    assert len(report.results) == 6
    for one, task in zip(before, chosen, strict=True):
        assert cast(studio, task).get("Keeper", 0) == one.get("Moth", 0) + one.get("Keeper", 0)


def test_it_says_each_shot_s_change_beforehand(studio, session, shots):
    task = shots(1)[0]
    studio.tables.casting[task.entity.id] = []
    foreseen = plan("casting", session(), [task.id], options=Options(), change="add", asset="Lantern", times=3)
    assert [step.message for step in foreseen.steps] == ["Props / Lantern: not in it → 3 times"]
    assert studio.tables.casting[task.entity.id] == []
    assert plan("casting", session(), [task.id], options=Options()).steps == ()


@pytest.mark.parametrize("name", ["noa", "greta", "clara"])
def test_only_managers_change_casting(studio, session, shots, name):
    chosen = ids(shots(2))
    foreseen = plan("casting", session(name), chosen, options=Options(), change="remove", asset="Fog")
    assert {(step.message, step.blocked) for step in foreseen.steps} == {(casting.NOT_YOURS, True)}
    _, report = run(
        "casting", session(name), chosen, options=Options(), change="remove", asset="Fog", seen_through=read_only
    )
    assert report.words() == {casting.NOT_YOURS}
    assert len(report.ids("failed")) == 2


def test_vendors_see_no_casting(session, shots):
    outcome, report = run("casting", session("pixelworks"), ids(shots(20, "Compositing")), options=Options())
    assert report.words() == {casting.NOT_SHOWN}
    assert outcome.data["shots"] == []


def test_tasks_that_are_on_no_shot_are_named(studio, session):
    bot = studio.bot()
    tasks = resolve(bot, [row["id"] for row in bot.project_tasks(bot.projects()[0]["id"])]).tasks
    asset = next(task for task in tasks if task.entity.kind == "asset")
    _, report = run("casting", session(), [asset.id], options=Options())
    assert report.results[asset.id][:2] == ("skipped", "Casting is shown for shots; this is a task on an asset.")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"change": "add"}, "Say which asset"),
        ({"change": "replace", "asset": "Fog"}, "by which other one"),
        ({"change": "add", "asset": "Lantren"}, "Did you mean “Props / Lantern”?"),
        ({"change": "replace", "asset": "Fog", "by": "Frog"}, "Did you mean “FX / Fog”?"),
    ],
)
def test_what_cannot_be_meant_is_asked_back(session, shots, asked, words):
    for begin in (plan, run):
        with pytest.raises(ActionError, match=re.escape(words)):
            begin("casting", session(), ids(shots(1)), options=Options(), **asked)


def test_an_action_may_only_show(session, shots):
    with pytest.raises(ActionError, match="only shows"):
        run("casting", session(), ids(shots(1)), options=Options(read_only=True), change="remove", asset="Fog")


def test_hostile_names_are_assets_like_others(studio, session, shots):
    names = ["Sea <b>Captain</b>", 'Old "Barnaby"', "Logbook {draft}", "Rope & Hook"]
    for name in names:
        run("casting", session(), ids(shots(2)), options=Options(), change="add", asset=name)
    assert all(set(names) <= set(cast(studio, task)) for task in shots(2))


def test_it_takes_a_thousand_tasks(studio, session):
    chosen = many_tasks(studio, 1000)
    outcome, report = run("casting", session(), chosen, options=Options(), change="add", asset="Lantern", times=7)
    assert len(report.results) == 1000
    assert outcome.data["totals"][outcome.data["assets"].index("Lantern")] == 7 * len(outcome.data["shots"])


def test_the_page_is_bounded_and_the_file_is_not(studio, session, shots, monkeypatch):
    monkeypatch.setattr(casting, "MOST_CELLS", 40)
    chosen, desk = shots(30), Desk()
    outcome, _ = run("casting", session(), ids(chosen), options=Options(), more={"desk": desk})
    assert len(outcome.data["shots"]) * len(outcome.data["assets"]) <= 40
    assert len(outcome.data["shots"]) + outcome.data["left_out"] == 30
    assert desk.files["casting.csv"].count(b"\n") == 1 + sum(len(cast(studio, task)) for task in chosen)


def test_a_shot_that_is_deleted_meanwhile_is_named(studio, session, shots):
    chosen = shots(30)
    gone = chosen[25]

    def delete():
        del studio.tables.tasks[gone.id]
        del studio.tables.entities[gone.entity.id]
        studio.tables.casting.pop(gone.entity.id, None)

    report = Collected({3: delete})
    run("casting", session(), ids(chosen), options=Options(), change="add", asset="Lantern", times=9, report=report)
    assert report.ids("failed") == {gone.id}
    assert len(report.ids("done")) == 29


def test_it_stops_when_cancelled(studio, session, shots):
    report = Collected(stop_after=3)
    with pytest.raises(Cancelled):
        run("casting", session(), ids(shots(30)), options=Options(), change="add", asset="Fog", times=9, report=report)
    assert sum(cast(studio, task).get("Fog") == 9 for task in shots(30)) == len(report.results) < 30


def test_kitsu_may_go_away_in_the_middle(studio, session, shots):
    chosen, report = shots(30), Collected()
    before = [cast(studio, task) for task in chosen]
    asked = {"options": Options(), "change": "replace", "asset": "Moth", "by": "Keeper"}
    with pytest.raises(KitsuSlow):
        run(
            "casting", session(), ids(chosen), report=report, seen_through=lambda kitsu: LosesAnswers(kitsu, 2), **asked
        )
    left = [one for one in ids(chosen) if one not in report.ids("done") | report.ids("skipped")]
    run("casting", session(), left, more=a_retry(report), **asked)
    for one, task in zip(before, chosen, strict=True):
        assert cast(studio, task).get("Keeper", 0) == one.get("Moth", 0) + one.get("Keeper", 0)
        assert "Moth" not in cast(studio, task)
