"""Every kind that changes tasks, in a real Zou, with people's own sessions: who may, who may not, and a line that breaks."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from kitsu_bridge.kitsu.client import ZouStudio
from kitsu_bridge.kitsu.errors import KitsuUnavailable
from kitsu_bridge.kitsu.tasks import Priority
from tests.actions.handlers.breaking_line import BreakingLine
from tests.actions.handlers.calling import Collected, a_retry, plan, run
from tests.kitsu_bridge.kitsu.conftest import real

pytestmark = pytest.mark.zou

DAY = date(2026, 3, 2)
COUNT = 21
"""One more than are written together: before the last one, something can happen."""


@dataclass(frozen=True)
class Case:
    """Who runs a kind with what, what comes before it, and what it changes of a task."""

    role: str
    parameters: Callable[[World], dict[str, Any]]
    prepare: Callable[[World, list[str]], object]
    seen: Callable[[World, list[str]], dict[str, Any]]


class World:
    """A real Zou with its people, and shots' tasks of one production."""

    def __init__(self):
        self.kitsus = real()
        self.bot = self.kitsus.studio.bot()
        rows = self.kitsus.session("user").tasks(self.kitsus.all_task_ids())
        self.project = next(row["id"] for row in self.bot.projects() if row["production_type"] == "short")
        shots = {row["id"] for row in self.bot.project_entities(self.project, "Shot")}
        found = [row for row in rows if row["entity_id"] in shots]
        self.ids = [row["id"] for row in sorted(found, key=lambda row: row["id"])][:COUNT]

    def person(self, role):
        return next(row["id"] for row in self.bot.persons() if row["email"] == f"{role}@studio.test")

    def status(self, short):
        return next(row["id"] for row in self.bot.task_statuses() if row["short_name"] == short)

    def rows(self, ids):
        return {row["id"]: row for row in self.bot.tasks(ids)}

    def comments(self, ids, text):
        found = [row for row in self.bot.comments(ids) if text in row["text"]]
        return {one: sorted((row["text"], row["task_status_id"], row["person_id"]) for row in found
                            if row["object_id"] == one) for one in ids}  # fmt: skip

    def minutes(self, ids):
        rows = [row for row in self.bot.time_spents(ids) if row["date"] == DAY.isoformat()]
        return {one: sum(row["duration"] for row in rows if row["task_id"] == one) for one in ids}

    def fields(self, ids):
        entities = {row["id"]: row["data"] for row in
                    self.bot.entities([row["entity_id"] for row in self.rows(ids).values()])}  # fmt: skip
        return {one: entities[row["entity_id"]].get("camera") for one, row in self.rows(ids).items()}

    def all_have(self, ids, data):
        for one in ids:
            self.bot.update_task(one, data)

    def clear_fields(self, ids):
        for one in {row["entity_id"] for row in self.rows(ids).values()}:
            self.bot.update_entity_data(one, {"camera": "near"})


def days(world, ids):
    return {one: (row["start_date"], row["due_date"]) for one, row in world.rows(ids).items()}


def of_rows(name):
    return lambda world, ids: {one: row[name] for one, row in world.rows(ids).items()}


RUN = f"{datetime.now(UTC):%H%M%S%f}"
"""Comments stay; each run of the tests has its own."""

CASES = {
    "comment": Case(
        "user",
        lambda world: {"text": f"Look at {{entity_name}} {RUN}", "status": world.status("wfa")},
        lambda world, ids: world.bot.post_comments([{"object_id": one, "project_id": world.project, "comment": "",
                                                     "task_status_id": world.status("wip")} for one in ids]),
        lambda world, ids: world.comments(ids, RUN),
    ),
    "assign": Case(
        "manager",
        lambda world: {"people": (world.person("totp"),)},
        lambda world, ids: world.bot.unassign(ids, world.person("totp")),
        lambda world, ids: {one: sorted(row["assignees"]) for one, row in world.rows(ids).items()},
    ),
    "unassign": Case(
        "supervisor",
        lambda world: {"people": (world.person("totp"),)},
        lambda world, ids: world.bot.assign(ids, world.person("totp")),
        lambda world, ids: {one: sorted(row["assignees"]) for one, row in world.rows(ids).items()},
    ),
    "priority": Case(
        "supervisor",
        lambda world: {"priority": Priority.EMERGENCY},
        lambda world, ids: world.bot.set_priority(ids, 1),
        of_rows("priority"),
    ),
    "dates": Case(
        "manager",
        lambda world: {"shift": 3},
        lambda world, ids: world.all_have(ids, {"start_date": "2026-03-02", "due_date": "2026-03-06"}),
        days,
    ),
    "time_spent": Case(
        "user",
        lambda world: {"amount": 1.5, "day": DAY},
        lambda world, ids: [world.bot.set_time_spent(one, world.person("artist"), DAY.isoformat(), 30) for one in ids],
        lambda world, ids: world.minutes(ids),
    ),
    "metadata": Case(
        "manager",
        lambda world: {"values": "Camera = wide"},
        lambda world, ids: world.clear_fields(ids),
        lambda world, ids: world.fields(ids),
    ),
}  # fmt: skip

AFTER = {
    "comment": lambda world, one: len(one) > 0,
    "assign": lambda world, one: world.person("totp") in one,
    "unassign": lambda world, one: world.person("totp") not in one,
    "priority": lambda world, one: one == 3,
    "dates": lambda world, one: [day[:10] for day in one] == ["2026-03-05", "2026-03-11"],
    "time_spent": lambda world, one: one == 120,
    "metadata": lambda world, one: one == "wide",
}
"""What stands after one run, for each task."""


@pytest.fixture(scope="module")
def world():
    return World()


@pytest.fixture(params=CASES)
def kind(request, world):
    CASES[request.param].prepare(world, world.ids)
    return request.param


@pytest.fixture
def line():
    broken = BreakingLine(os.environ["TEST_ZOU_URL"])
    yield broken
    broken.close()


def stands(kind, world, ids):
    return {one for one, value in CASES[kind].seen(world, ids).items() if AFTER[kind](world, value)}


def test_it_works(kind, world):
    case, session = CASES[kind], world.kitsus.session(CASES[kind].role)
    found = plan(kind, session, world.ids, **case.parameters(world))
    assert not any(step.blocked for step in found.steps)
    outcome, report = run(kind, session, world.ids, **case.parameters(world))
    assert report.ids("done") == set(world.ids), report.words()
    assert outcome.message.endswith(f": {COUNT} tasks done.")
    assert stands(kind, world, world.ids) == set(world.ids)


def test_a_comment_is_in_the_person_s_own_name(world):
    case = CASES["comment"]
    run("comment", world.kitsus.session("user"), world.ids[:2], text=f"Mine {RUN}")
    found = world.comments(world.ids[:2], f"Mine {RUN}")
    assert {row[2] for rows in found.values() for row in rows} == {world.person("artist")}
    assert case.role == "user"


def test_a_line_that_breaks_then_a_retry_does_nothing_twice(kind, world, line):
    """Zou has written it, and the answer never came. Where nothing tells whether it was written, the person is told."""
    case, report = CASES[kind], Collected()
    before = {one: len(rows) for one, rows in case.seen(world, world.ids).items()} if kind == "comment" else {}
    wait_a_little()
    begun = datetime.now(UTC)
    line.breaks_after(1 if kind in {"assign", "unassign", "priority"} else 3)
    with pytest.raises(KitsuUnavailable):
        run(kind, ZouStudio(line.url).session(world.kitsus.token(case.role)), world.ids, report=report,
            **case.parameters(world))  # fmt: skip
    assert any("may have been written" in words for words in report.words())
    retry = a_retry(report, begun)
    _, again = run(kind, world.kitsus.session(case.role), world.ids, more=retry, **case.parameters(world))
    assert len(again.ids("failed")) <= (1 if kind == "dates" else 0), again.words()
    assert stands(kind, world, world.ids) == set(world.ids)
    if kind == "comment":
        assert all(len(rows) == before[one] + 1 for one, rows in case.seen(world, world.ids).items())


def wait_a_little():
    """Longer than clocks may differ: what was prepared is older than the run."""
    time.sleep(6)


def test_a_task_deleted_in_mid_run_is_named(kind, world):
    case, ids = CASES[kind], world.ids
    gone = world.rows(ids[:1])[ids[0]]
    types = [row["id"] for row in world.bot.task_types() if row["for_entity"] == "Shot"]
    data = {name: gone[name] for name in ("entity_id", "project_id", "task_status_id")}
    more = world.bot._send("POST", "data/tasks", {**data, "task_type_id": types[-1], "assignees": gone["assignees"]})
    report = Collected({1: lambda: world.bot._send("DELETE", f"data/tasks/{more['id']}?force=true")})
    run(kind, world.kitsus.session(case.role), [*ids, more["id"]], report=report, **case.parameters(world))
    assert report.ids("failed") == {more["id"]}, report.words()
    assert "does not know it any more" in report.results[more["id"]][1]
    assert report.ids("done") == set(ids)


REFUSED = [
    ("client", "assign"), ("client", "unassign"), ("client", "priority"), ("client", "dates"), ("client", "time_spent"),
    ("client", "metadata"), ("user", "assign"), ("user", "unassign"), ("user", "priority"), ("user", "dates"),
    ("user", "metadata"),
]  # fmt: skip


@pytest.mark.parametrize(("role", "kind"), REFUSED, indirect=["kind"])
def test_who_may_not_is_told_why_and_nothing_is_written(role, kind, world):
    case = CASES[kind]
    before = case.seen(world, world.ids)
    _, report = run(kind, world.kitsus.session(role), world.ids, **case.parameters(world))
    assert report.ids("failed") == set(world.ids), report.words()
    assert all(len(message) > 20 for message in report.words())
    assert case.seen(world, world.ids) == before


ALLOWED = [("supervisor", "comment"), ("manager", "comment"), ("client", "comment"), ("supervisor", "assign"),
           ("manager", "priority"), ("supervisor", "dates"), ("supervisor", "metadata")]  # fmt: skip


@pytest.mark.parametrize(("role", "kind"), ALLOWED, indirect=["kind"])
def test_who_may_does(role, kind, world):
    case = CASES[kind]
    _, report = run(kind, world.kitsus.session(role), world.ids[:3], **case.parameters(world))
    assert report.ids("done") == set(world.ids[:3]), report.words()


def test_custom_fields_of_every_type_are_taken_by_zou(world):
    """As Kitsu's own pages read them."""
    types = {"Size": ("list", ["small", "large"], "Large", "large"),
             "Mood": ("taglist", ["dark", "wet"], "wet, dark", "wet,dark"),
             "Layers": ("number", [], "2.5", 2.5), "Night": ("boolean", [], "yes", "true"),
             "Ready": ("date", [], "2026-04-01", "2026-04-01"), "Page": ("url", [], "https://x.test/a", "https://x.test/a"),
             "Lead artist": ("person", [], "Manager Seed", world.person("manager"))}  # fmt: skip
    for name, (data_type, choices, _, _) in types.items():
        world.bot._send("POST", f"data/projects/{world.project}/metadata-descriptors",
                        {"name": name, "entity_type": "Shot", "data_type": data_type, "choices": choices})  # fmt: skip
    values = "\n".join(f"{name} = {text}" for name, (_, _, text, _) in types.items())
    _, report = run("metadata", world.kitsus.session("manager"), world.ids[:1], values=values)
    assert report.ids("done"), report.words()
    (row,) = world.bot.entities([world.rows(world.ids[:1])[world.ids[0]]["entity_id"]])
    for name, (_, _, _, kept) in types.items():
        assert row["data"][name.lower().replace(" ", "_")] == kept
