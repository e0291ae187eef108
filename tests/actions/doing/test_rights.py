"""Who may set what supervisors decide about a task."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.doing.rights import may_supervise
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import resolve
from tests.actions.handlers.calling import Sample


@pytest.fixture
def asked():
    sample = Sample()

    def ask(who, task_type="Lighting", **other):
        session = sample.session(who)
        (row,) = sample.tasks(1, task_type=task_type)
        (task,) = resolve(sample.session(), [row["id"]])
        return may_supervise(replace(Person.from_record(session.whoami()), **other), task)

    return ask


def test_it_works(asked):
    assert asked("greta", "Animation")
    assert not asked("greta", "Lighting")


def test_a_supervisor_without_department_has_all(asked):
    assert asked("greta", "Lighting", departments=())


@pytest.mark.parametrize(("who", "may"), [("ada", True), ("hana", True), ("noa", False), ("clara", False)])
def test_managers_may_and_artists_and_clients_may_not(asked, who, may):
    assert asked(who) is may
