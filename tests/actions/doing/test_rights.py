"""What Kitsu lets the person of a call write."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.doing.rights import rights_of
from kitsu_bridge.kitsu.people import Person
from tests.actions.handlers.calling import Sample, a_call


@pytest.fixture
def asked():
    sample = Sample()

    def ask(who, task_type="Lighting", **other):
        session = sample.session(who)
        (row,) = sample.tasks(1, task_type=task_type)
        person = replace(Person.from_record(session.whoami()), **other)
        return rights_of(a_call(sample.session(), [row["id"]], person=person)).changes_task(row, ["priority"])

    return ask


def test_it_works(asked):
    assert asked("greta", "Animation")
    assert not asked("greta", "Lighting")


def test_a_supervisor_without_department_has_all(asked):
    assert asked("greta", "Lighting", departments=())


@pytest.mark.parametrize(("who", "may"), [("ada", True), ("hana", True), ("noa", False), ("clara", False)])
def test_managers_may_and_artists_and_clients_may_not(asked, who, may):
    assert asked(who) is may


def test_of_nobody_nothing_is_known():
    sample = Sample()
    (row,) = sample.tasks(1)
    assert rights_of(a_call(sample.session(), [row["id"]], person=None)) is None


def test_a_production_may_open_a_status_to_its_clients():
    sample = Sample()
    (row,) = sample.tasks(1)
    status = sample.tables.task_statuses[sample.status("done")] | {"is_client_allowed": False}
    clara = Person.from_record(sample.session("clara").whoami())

    def may():
        return rights_of(a_call(sample.session(), [row["id"]], person=clara)).uses_status(status, row["project_id"])

    assert not may()
    sample.tables.projects[row["project_id"]]["task_statuses_link"] = {status["id"]: {"is_client_allowed": True}}
    assert may()
