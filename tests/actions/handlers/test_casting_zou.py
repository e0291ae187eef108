"""Casting in a real Zou: what it keeps, what it drops without a word, whom it lets."""

from __future__ import annotations

import pytest

from actions.handlers import casting
from actions.handlers.casting import Options
from kitsu_bridge.kitsu.errors import KitsuForbids
from kitsu_bridge.kitsu.resolve import resolve
from tests.actions.handlers.calling import plan, run

pytestmark = pytest.mark.zou


@pytest.fixture
def shots(zou):
    """A task on each shot of the short; nothing is cast in them."""
    bot = zou.studio.bot()
    project = next(row for row in bot.projects() if row["production_type"] == "short")
    tasks = resolve(bot, [row["id"] for row in bot.project_tasks(project["id"])]).tasks
    found = list({task.entity.id: task for task in tasks if task.entity.kind == "shot"}.values())
    for task in found:
        bot.set_casting(project["id"], task.entity.id, [])
    return found


def ids(tasks):
    return [task.id for task in tasks]


def cast(zou, tasks):
    found = zou.studio.bot().casting([task.entity.record for task in tasks])
    return [{row["asset_name"]: row["nb_occurences"] for row in found.get(task.entity.id, [])} for task in tasks]


def test_it_works(zou, shots):
    manager = zou.session("manager")
    run("casting", manager, ids(shots), options=Options(), change="add", asset="Keeper", times=2)
    assert cast(zou, shots) == [{"Keeper": 2}] * len(shots)
    _, report = run(
        "casting", manager, ids(shots), options=Options(), change="replace", asset="keeper", by="Rope & Hook"
    )
    assert cast(zou, shots) == [{"Rope & Hook": 2}] * len(shots)
    assert len(report.ids("done")) == len(shots)
    run("casting", manager, ids(shots[:3]), options=Options(), change="remove", asset="Props / Rope & Hook")
    outcome, _ = run("casting", zou.session("user"), ids(shots), options=Options())
    assert outcome.data["assets"] == ["Rope & Hook"]
    assert outcome.data["totals"] == [2 * (len(shots) - 3)]


def test_zou_refuses_whom_the_preview_bars(zou, shots):
    for role in ("supervisor", "user", "client"):
        session = zou.session(role)
        foreseen = plan("casting", session, ids(shots[:2]), options=Options(), change="add", asset="Keeper")
        assert {step.message for step in foreseen.steps} == {casting.NOT_YOURS}
        with pytest.raises(KitsuForbids):
            session.set_casting(shots[0].project.id, shots[0].entity.id, [])
    vendor = zou.session("vendor")
    seen = ids(resolve(vendor, ids(shots)).tasks)
    outcome, report = run("casting", vendor, seen, options=Options())
    assert (report.words(), outcome.data["shots"]) == ({casting.NOT_SHOWN}, [])


def test_an_asset_that_is_deleted_meanwhile_is_named(zou, shots, monkeypatch):
    """Zou answers as if it had taken it."""
    gone = "00000000-0000-4000-8000-000000000000"
    monkeypatch.setattr(casting, "_found", lambda *_: [casting.Asset(gone, "Gone", "Props")])
    _, report = run("casting", zou.session("manager"), ids(shots[:2]), options=Options(), change="add", asset="Gone")
    assert report.ids("failed") == set(ids(shots[:2]))
    assert all("Kitsu did not take it" in message for message in report.words())
    assert cast(zou, shots[:2]) == [{}, {}]
