from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace

import pytest

from actions.contract import ActionError, Cancelled
from actions.handlers import check
from actions.handlers.check import Options
from actions.quality import checks
from kitsu_bridge.kitsu.errors import KitsuSlow
from tests.actions.handlers.collecting import Collected, Counting, call_of
from tests.kitsu_bridge.kitsu.conftest import _real, kitsu  # noqa: F401 - the sample studio, then a real Zou


@pytest.fixture
def called(kitsu):  # noqa: F811
    """Runs it: `called(role="admin", count=5, of="production")` -> outcome, call."""

    def run(*, role="admin", count=None, tasks=None, report=None, options=None, **parameters):
        call = call_of(kitsu.session(role), tasks or kitsu.all_task_ids()[:count], report=report)
        return check.run(call, options or Options(), **parameters), call

    return run


def groups(outcome):
    return {group["name"]: group for group in outcome.data["groups"]}


def lines(call):
    (content,) = call.desk.files.values()
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def kept(tasks):
    """Those whose entity was not cancelled in Kitsu, as tests of other kinds may have done."""
    return [task for task in tasks if not task.entity.record.get("canceled")]


def test_it_works(called):
    outcome, call = called()
    found = groups(outcome)
    assert set(found) == set(checks())
    assert outcome.message.endswith(f"at {len(call.tasks):,} tasks.")
    assert outcome.data["count"] == sum(group["count"] for group in found.values()) == len(lines(call)) > 0
    assert call.report.states == {"done": len(call.tasks)}
    assert found["no_estimate"]["count"] == sum(
        not task.record["estimation"] and not task.status.record["is_done"] for task in kept(call.tasks)
    )
    assert found["nobody_assigned"]["findings"][0]["link"].startswith("https://kitsu.studio/productions/")
    shots = {task.entity.id for task in kept(call.tasks) if task.entity.kind == "shot"}
    assert found["frame_range_missing"]["looked"] == len(shots)


def test_a_file_has_every_finding_and_no_formula(called):
    _, call = called()
    hostile = [replace(task, project=replace(task.project, name="=cmd"), record={**task.record, "estimation": 0})
               for task in call.tasks[:20]]  # fmt: skip
    outcome, call = called(tasks=hostile, only=("no_estimate",))
    rows = lines(call)
    assert {row["Check"] for row in rows} <= {"No estimate"}
    assert Counter(row["Production"] for row in rows) == ({"'=cmd": len(rows)} if rows else {})
    assert outcome.data["groups"][0]["count"] == len(rows)


def test_only_the_chosen_checks_are_made(called):
    outcome, _ = called(only=("overdue", "nothing_cast"))
    assert set(groups(outcome)) == {"overdue", "nothing_cast"}
    with pytest.raises(ActionError, match="There is no check 'nothing'"):
        called(only=("nothing",))


def test_one_task_is_enough(called):
    outcome, call = called(count=1)
    assert outcome.message.endswith("1 task.")
    assert len(call.report.results) == 1


def test_a_whole_production_is_looked_at(called, kitsu):  # noqa: F811
    first = kitsu.all_task_ids()[:1]
    outcome, call = called(tasks=first, of="production")
    everything = {row["id"] for row in kitsu.studio.bot().project_tasks(call.tasks[0].project.id)}
    assert outcome.data["tasks"] == len(everything) > 1
    assert set(first) <= set(call.report.results) <= everything
    by_hand, _ = called(tasks=list(everything))
    assert {name: group["count"] for name, group in groups(by_hand).items()} == {
        name: group["count"] for name, group in groups(outcome).items()
    }


def test_a_production_is_read_in_few_requests(kitsu):  # noqa: F811
    session = Counting(kitsu.session("admin"))
    call = call_of(session, kitsu.all_task_ids())
    session.asked.clear()
    check.run(call, Options(), of="production")
    productions = len({task.project.id for task in call.tasks})
    assert session.asked["project_tasks"] == productions
    assert session.asked["project_entities"] <= 6 * productions
    assert session.asked["preview_files"] <= productions
    assert session.asked["casting"] <= productions
    assert sum(session.asked.values()) <= 17 * productions


def test_a_thousand_tasks_are_read_in_one_pass(kitsu):  # noqa: F811
    session = Counting(kitsu.session("admin"))
    tasks = list(call_of(session, kitsu.all_task_ids()).tasks)
    many = [replace(task, id=f"{task.id}-{n}") for n in range(1000 // len(tasks) + 1) for task in tasks][:1000]
    call = call_of(session, many)
    session.asked.clear()
    check.run(call, Options())
    assert len(call.report.results) == 1000
    assert session.asked.keys() <= {"preview_files", "casting"}
    assert all(count == 1 for count in session.asked.values())


@pytest.mark.parametrize(("role", "hidden"), [("client", "no_estimate"), ("vendor", "nothing_cast"), ("user", "")])
def test_what_a_role_does_not_see_is_not_found_wrong(called, role, hidden):
    outcome, _ = called(role=role)
    found = groups(outcome)
    assert {name for name, group in found.items() if group["hidden"]} >= ({hidden} if hidden else set())
    if role == "client":
        assert {"overdue", "nobody_assigned", "done_without_time", "no_estimate"} <= {
            name for name, group in found.items() if group["hidden"]
        }
        assert found["no_estimate"]["count"] == 0
    if not hidden:
        assert not any(group["hidden"] for group in found.values())


def test_options_let_pass(called):
    _, call = called()
    types = tuple({task.task_type.id for task in call.tasks})
    outcome, _ = called(options=Options(tolerance=100, without_preview=types))
    assert groups(outcome)["status_without_preview"]["count"] == groups(outcome)["no_preview"]["count"] == 0


def test_a_long_list_is_cut_on_the_page_and_not_in_the_file(called, monkeypatch):
    monkeypatch.setattr(check, "SHOWN", 3)
    outcome, call = called(only=("no_estimate", "nobody_assigned"))
    for group in outcome.data["groups"]:
        assert len(group["findings"]) == min(3, group["count"])
        assert group["more"] == max(0, group["count"] - 3)
    assert len(lines(call)) == outcome.data["count"]


def test_it_stops_when_cancelled(called):
    report = Collected(stop_after=3)
    with pytest.raises(Cancelled):
        called(report=report)
    assert len(report.results) < 3


@pytest.mark.parametrize("what", ["preview_files", "project_entities", "casting"])
def test_kitsu_away_in_mid_run_ends_it(kitsu, what):  # noqa: F811
    def away(*args):
        raise KitsuSlow

    session = kitsu.session("admin")
    call = call_of(session, kitsu.all_task_ids())
    bare = [replace(task, entity=replace(task.entity, record={**task.entity.record, "nb_entities_out": 0}))
            for task in call.tasks]  # fmt: skip
    counting = Counting(session)
    setattr(counting, what, away)
    with pytest.raises(KitsuSlow):
        check.run(call_of(counting, bare), Options(), of="production" if what == "project_entities" else "selection")
