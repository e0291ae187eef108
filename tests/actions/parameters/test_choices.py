"""What forms offer, from the sample studio and from a real Zou, as people of each role see it."""

from __future__ import annotations

import pytest

from actions.kinds.hints import FieldSpec
from actions.parameters.choices import READERS, offered
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.visibility import seen_by
from tests.kitsu_bridge.kitsu.conftest import _real, kitsu  # noqa: F401 - fixtures

IN_KITSU = sorted(set(READERS) - {"secret", "check"})


def as_seen_by(kitsus, role):
    session = kitsus.session(role)
    person = Person.from_record(session.whoami())
    try:
        roles = session.context().get("project_roles") or {}
    except Exception:  # noqa: BLE001 - bots have none
        roles = {}
    from dataclasses import replace

    return seen_by(session, replace(person, project_roles=dict(roles)))


def a_project(kitsus, role="admin"):
    return kitsus.session(role).open_projects()[0]["id"]


@pytest.mark.parametrize("what", IN_KITSU)
def test_it_works(kitsu, what):  # noqa: F811
    session = as_seen_by(kitsu, "manager")
    project = session.open_projects()[0]["id"]
    choices = offered(FieldSpec("x", what), session, [project])
    assert all(len(value) == 36 and name for value, name in choices)
    assert choices or what == "playlist"
    assert offered(FieldSpec("x", "text"), session, [project]) is None


def test_statuses_are_those_of_the_production(kitsu):  # noqa: F811
    session = as_seen_by(kitsu, "admin")
    row = session.projects()[0]
    everything = {status["id"] for status in session.task_statuses()}
    own = set(row.get("task_statuses") or everything)
    found = {value for value, _ in offered(FieldSpec("x", "task_status"), session, [row["id"]])}
    assert found == own & everything
    assert {value for value, _ in offered(FieldSpec("x", "task_status"), session, [])} == everything


@pytest.mark.parametrize("role", ["supervisor", "user", "client", "vendor"])
def test_everybody_is_offered_what_they_may_see(kitsu, role):  # noqa: F811
    session = as_seen_by(kitsu, role)
    project = session.open_projects()[0]["id"]
    for what in set(IN_KITSU) - {"playlist"}:
        assert offered(FieldSpec("x", what), session, [project]) is not None
    people = {value for value, _ in offered(FieldSpec("x", "person"), session, [project])}
    assert people == {row["id"] for row in session.team(project) if row.get("active", True) and not row.get("is_bot")}
