"""Every kind that changes tasks, through the same hostile moments: they are a table here, not copies in seven files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from actions.contract import Cancelled
from actions.registry import kinds
from kitsu_bridge.kitsu.errors import KitsuSlow, KitsuUnavailable, KitsuUnreachable
from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.tasks import Priority
from tests.actions.handlers.calling import Collected, LosesAnswers, a_retry, many_tasks, plan, run

BEGUN = datetime.now(UTC) - timedelta(minutes=5)
SINCE = date(2026, 1, 6)
HOSTILE = ("<", "{", '"', "تصوير")


@dataclass(frozen=True)
class Case:
    """How a kind is run here, and what of a task it changes. `each`: once for every task, not once for an entity."""

    parameters: Callable[[SampleStudio], dict[str, Any]]
    seen: Callable[[SampleStudio, str], Any]
    before: dict[str, Any] = field(default_factory=dict)
    each: bool = True


def a_person(studio, name):
    return next(row["id"] for row in studio.tables.persons.values() if row["email"] == f"{name}@sample.studio")


def a_status(studio, name):
    return next(row["id"] for row in studio.tables.task_statuses.values() if row["short_name"] == name)


def comments(studio, task_id):
    return sorted((row["text"], row["task_status_id"]) for row in studio.tables.comments.values()
                  if row["object_id"] == task_id)  # fmt: skip


def of_task(*names):
    return lambda studio, task_id: [studio.tables.tasks[task_id][name] for name in names]


def minutes(studio, task_id):
    return sorted(row["duration"] for row in studio.tables.time_spents.values() if row["task_id"] == task_id)


def custom_fields(studio, task_id):
    return studio.tables.entities[studio.tables.tasks[task_id]["entity_id"]]["data"]


CASES = {
    "comment": Case(
        lambda studio: {"text": "Look at {entity_name}", "status": a_status(studio, "wfa")},
        lambda studio, task_id: (comments(studio, task_id), studio.tables.tasks[task_id]["task_status_id"]),
        {"task_status_id": "todo"},
    ),
    "assign": Case(
        lambda studio: {"people": (a_person(studio, "juno"),)}, of_task("assignees"), {"assignees": ["noa"]}
    ),
    "unassign": Case(lambda studio: {"everybody": True}, of_task("assignees"), {"assignees": ["noa", "juno"]}),
    "priority": Case(lambda studio: {"priority": Priority.EMERGENCY}, of_task("priority"), {"priority": 1}),
    "dates": Case(
        lambda studio: {"shift": 3},
        of_task("start_date", "due_date"),
        {"start_date": "2026-01-05T00:00:00", "due_date": "2026-01-09T00:00:00"},
    ),
    "time_spent": Case(
        lambda studio: {"amount": 1.5, "person": a_person(studio, "noa")}, minutes, {"assignees": ["noa"]}
    ),
    "metadata": Case(lambda studio: {"values": "Grade = hard"}, custom_fields, each=False),
}


@pytest.fixture(params=CASES)
def kind(request):
    return request.param


@pytest.fixture
def world():
    """A new studio, prepared for a kind: `world("assign", 5)` gives it, the ids of tasks, and a session of its manager."""
    return a_world


def a_world(kind, count, *, only=lambda studio, row: True):
    studio = SampleStudio()
    ids = [one for one in many_tasks(studio, max(count, 300)) if only(studio, studio.tables.tasks[one])][:count]
    for task_id in ids:
        for name, value in CASES[kind].before.items():
            studio.tables.tasks[task_id][name] = prepared(studio, name, value)
    for project_id in studio.tables.projects:
        for entity_type in ("Shot", "Asset", "Sequence", "Edit"):
            a_field(studio, project_id, entity_type)
    return studio, ids, studio.session(studio.log_in("hana@sample.studio", "any"))


def prepared(studio, name, value):
    """Names of people and statuses as their ids."""
    if name == "assignees":
        return [a_person(studio, one) for one in value]
    return a_status(studio, value) if name == "task_status_id" else value


def a_field(studio, project_id, entity_type):
    studio.tables.add("metadata_descriptors", "MetadataDescriptor", (project_id, entity_type, "grade"),
                      project_id=project_id, entity_type=entity_type, name="Grade", field_name="grade",
                      data_type="list", choices=["easy", "hard"], departments=[], for_client=False, position=1,
                      task_type_id=None)  # fmt: skip


def looks(kind, studio, ids):
    return {task_id: CASES[kind].seen(studio, task_id) for task_id in ids if task_id in studio.tables.tasks}


def clean(kind, count, **more):
    """How a studio looks when nothing went wrong."""
    studio, ids, kitsu = a_world(kind, count, **more)
    run(kind, kitsu, ids, **CASES[kind].parameters(studio))
    return looks(kind, studio, ids)


def test_it_works(kind, world):
    studio, ids, kitsu = world(kind, 1)
    before = looks(kind, studio, ids)
    outcome, report = run(kind, kitsu, ids, **CASES[kind].parameters(studio))
    assert report.ids("done") == set(ids)
    assert outcome.message.endswith(": 1 task done.")
    assert looks(kind, studio, ids) != before


def test_it_does_a_thousand(kind, world):
    studio, ids, kitsu = world(kind, 1000)
    before = looks(kind, studio, ids)
    outcome, report = run(kind, kitsu, ids, **CASES[kind].parameters(studio))
    assert report.ids("done") == set(ids)
    assert outcome.message.endswith(": 1,000 tasks done.")
    assert report.steps[-1] == (1000, 1000)
    after = looks(kind, studio, ids)
    assert all(after[one] != before[one] for one in ids)


def test_the_preview_says_the_same_and_does_nothing(kind, world):
    studio, ids, kitsu = world(kind, 250)
    before = looks(kind, studio, ids)
    found = plan(kind, kitsu, ids, **CASES[kind].parameters(studio))
    assert looks(kind, studio, ids) == before
    assert [step.task.id for step in found.steps] == ids
    _, report = run(kind, kitsu, ids, **CASES[kind].parameters(studio))
    assert {step.task.id for step in found.steps if step.blocked} == report.ids("failed")
    assert "→" in found.steps[0].message


def test_before_and_after_are_kept(kind, world):
    studio, ids, kitsu = world(kind, 2)
    _, report = run(kind, kitsu, ids, **CASES[kind].parameters(studio))
    for _, _, data in report.results.values():
        assert data["before"] != data["after"]


def test_names_like_markup_and_templates_are_only_names(kind):
    def is_hostile(studio, row):
        return any(sign in studio.tables.entities[row["entity_id"]]["name"] for sign in HOSTILE)

    studio, ids, kitsu = a_world(kind, 20, only=is_hostile)
    assert len(ids) > 5
    _, report = run(kind, kitsu, ids, **CASES[kind].parameters(studio))
    assert report.ids("done") == set(ids)


def test_a_task_deleted_in_mid_run_is_named_and_the_others_are_done(kind, world):
    studio, ids, kitsu = world(kind, 60)
    report = Collected({5: lambda: studio.tables.tasks.pop(ids[50])})
    run(kind, kitsu, ids, report=report, **CASES[kind].parameters(studio))
    assert report.ids("failed") == {ids[50]}
    assert "does not know it any more" in report.results[ids[50]][1]
    assert report.ids("done") == set(ids) - {ids[50]}


def test_a_task_deleted_between_reading_and_writing_is_named(kind, world):
    studio, ids, kitsu = world(kind, 10)

    class Deletes(LosesAnswers):
        """Somebody deletes a task at the very moment before the first writing."""

        def _breaking(self, write):
            studio.tables.tasks.pop(ids[3], None)
            return write

    _, report = run(kind, kitsu, ids, seen_through=lambda kitsu: Deletes(kitsu, 0), **CASES[kind].parameters(studio))
    assert report.ids("done") >= set(ids) - {ids[3]}
    if CASES[kind].each:
        assert report.ids("failed") == {ids[3]}


def test_what_is_so_already_is_not_written_again(kind, world):
    studio, ids, kitsu = world(kind, 30)
    parameters = CASES[kind].parameters(studio)
    # These are done twice when they are said twice; here they set a value.
    setting = {"comment": {"status": a_status(studio, "done")}, "dates": {"start": SINCE},
               "time_spent": parameters | {"how": "set"}}  # fmt: skip
    parameters = setting.get(kind, parameters)
    run(kind, kitsu, ids, **parameters)
    before = looks(kind, studio, ids)
    outcome, report = run(kind, kitsu, ids, **parameters)
    assert report.ids("skipped") == set(ids)
    assert "tasks so already." in outcome.message
    assert looks(kind, studio, ids) == before


@pytest.mark.parametrize("after", [1, 20, 33])
def test_kitsu_away_in_mid_run_then_a_retry_does_nothing_twice(kind, world, after):
    studio, ids, kitsu = world(kind, 50)
    report = Collected({after: lambda: setattr(studio, "trouble", KitsuUnreachable())})
    with pytest.raises(KitsuUnavailable):
        run(kind, kitsu, ids, report=report, **CASES[kind].parameters(studio))
    studio.trouble = None
    assert report.ids("done")
    outcome, again = run(kind, kitsu, ids, more=a_retry(report, BEGUN), **CASES[kind].parameters(studio))
    assert report.ids("done") | again.ids("done") | again.ids("skipped") == set(ids)
    assert outcome.message.endswith(": 50 tasks done.")
    assert looks(kind, studio, ids) == clean(kind, 50)


@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_lost_answer_then_a_retry_does_nothing_twice(kind, world, after):
    """Kitsu has written, and nobody heard of it. What cannot be told apart is left to the person, and said."""
    studio, ids, kitsu = world(kind, 50)
    begun, report = datetime.now(UTC), Collected()
    with pytest.raises(KitsuSlow):
        run(kind, kitsu, ids, report=report, seen_through=lambda kitsu: LosesAnswers(kitsu, after),
            **CASES[kind].parameters(studio))  # fmt: skip
    assert all("may have been written" in report.results[one][1] for one in report.ids("failed"))
    _, again = run(kind, kitsu, ids, more=a_retry(report, begun), **CASES[kind].parameters(studio))
    assert looks(kind, studio, ids) == clean(kind, 50)
    unsure = again.ids("failed")
    assert len(unsure) <= (1 if kind == "dates" else 0)
    assert report.ids("done") | again.ids("done") | again.ids("skipped") == set(ids) - unsure


def test_cancelled_in_the_middle_it_stops_between_two_groups(kind, world):
    studio, ids, kitsu = world(kind, 60)
    before = looks(kind, studio, ids)
    report = Collected(stop_after=25)
    with pytest.raises(Cancelled):
        run(kind, kitsu, ids, report=report, **CASES[kind].parameters(studio))
    assert 25 <= len(report.results) <= 40
    after = looks(kind, studio, ids)
    assert {one for one in ids if after[one] != before[one]} >= report.ids("done")
    if CASES[kind].each:
        assert {one for one in ids if after[one] != before[one]} == report.ids("done")


def test_tasks_of_several_productions_in_one_selection(kind, world):
    studio, _, kitsu = world(kind, 0)
    kitsu = studio.session(studio.log_in("ada@sample.studio", "any"))
    ids = [next(one["id"] for one in studio.tables.tasks.values() if one["project_id"] == project)
           for project in studio.tables.projects]  # fmt: skip
    for task_id in ids:
        for name, value in CASES[kind].before.items():
            studio.tables.tasks[task_id][name] = prepared(studio, name, value)
    _, report = run(kind, kitsu, ids, **CASES[kind].parameters(studio))
    assert len(report.results) == 4
    assert len(report.ids("done")) >= 3, report.results  # Juno is not in the team of one.


MAY = {("comment", "clara"), ("comment", "pixelworks"), ("time_spent", "pixelworks"), ("unassign", "pixelworks")}


@pytest.mark.parametrize(
    ("kind", "who"), [(kind, who) for kind in CASES for who in ("clara", "pixelworks") if (kind, who) not in MAY]
)
def test_who_may_not_gets_the_reason_and_nothing_is_written(kind, world, who):
    studio, ids, _ = world(kind, 60)
    if who == "pixelworks":
        vendor = a_person(studio, who)
        ids = [one["id"] for one in studio.tables.tasks.values() if vendor in one["assignees"]]
    before = looks(kind, studio, ids)
    kitsu = studio.session(studio.log_in(f"{who}@sample.studio", "any"))
    _, report = run(kind, kitsu, ids, **CASES[kind].parameters(studio))
    assert not report.ids("done")
    assert report.ids("failed"), report.words()
    assert all(len(report.results[one][1]) > 20 for one in report.ids("failed"))
    assert looks(kind, studio, ids) == before


def test_the_kind_can_be_asked_for(kind):
    found = kinds()[kind]
    assert not found.error
    assert found.preview is not None
    assert found.description.partition("\n")[0].endswith(".")
    assert all(spec.label for spec in found.parameters)
