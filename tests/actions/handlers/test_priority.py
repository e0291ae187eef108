"""The kind `priority`; its hostile moments stand in test_changing_tasks.py."""

from __future__ import annotations

import pytest

from kitsu_bridge.kitsu.tasks import Priority
from tests.actions.handlers.calling import Sample, plan, run


@pytest.fixture
def sample():
    return Sample()


def test_it_works(sample):
    (row,) = sample.tasks(1, priority=0)
    outcome, report = run("priority", sample.session(), [row["id"]], priority=Priority.VERY_HIGH)
    assert outcome.message == "Priority very high: 1 task done."
    assert report.results[row["id"]] == ("done", "Priority", {"before": "Normal", "after": "Very high"})
    assert row["priority"] == 2


def test_it_shows_levels_that_kitsu_does_not_know(sample):
    (row,) = sample.tasks(1, priority=7)
    found = plan("priority", sample.session(), [row["id"]], priority=Priority.HIGH)
    assert [step.message for step in found.steps] == ["Priority: 7 → High"]
    assert found.message == "Priority high: 1 task of 1."


def test_it_refuses_a_client_who_sees_no_priority(sample):
    (row,) = sample.tasks(1, priority=3)
    _, report = run("priority", sample.session("clara"), [row["id"]], priority=Priority.NORMAL)
    assert report.results[row["id"]][:2] == ("failed", "As a client you do not see what this would change.")


def test_it_says_who_may(sample):
    (row,) = sample.tasks(1, priority=0, task_type="Lighting")
    _, report = run("priority", sample.session("greta"), [row["id"]], priority=Priority.HIGH)
    state, message, _ = report.results[row["id"]]
    assert state == "failed"
    (step,) = plan("priority", sample.session("greta"), [row["id"]], priority=Priority.HIGH).steps
    assert (step.blocked, step.message) == (True, message)
    assert message.startswith("Kitsu would not take it: the priority of this task is not yours to set.")


def test_the_plan_counts_no_task_that_is_so_already(sample):
    changed, same = sample.tasks(2)
    changed["priority"], same["priority"] = 0, 1
    found = plan("priority", sample.session(), [changed["id"], same["id"]], priority=Priority.HIGH)
    assert found.message == "Priority high: 1 task of 2."
    assert [(step.same, step.blocked) for step in found.steps] == [(False, False), (True, False)]
