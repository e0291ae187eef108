from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from actions.line.calls import received
from audit.files import keep_file
from audit.models import Invocation, InvocationFile, LogLine, RetentionRule, TaskResult
from audit.parts import AT_THE_END, bind
from audit.states import Door, Happened, State, Trust
from kitsu_bridge.kitsu.people import Person
from tests.audit.seals.conftest import own_files  # noqa: F401 - a fixture
from tests.audit.triggers import all_triggers

HANA = Person("p-hana", "hana@studio.example", "Hana Sato", "manager")
NOA = Person("p-noa", "noa@studio.example", "Noa Levi", "user")


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.ARCHIVE_DIR = tmp_path / "archives"
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def ran(db):
    """An invocation with all that one has, ended so many days ago: `ran(40, person=NOA, state=...)`."""

    def make(days=0, person=HANA, state=State.SUCCEEDED, **fields):
        at = timezone.now() - timedelta(days=days)
        invocation = Invocation(
            door=Door.FORM,
            state=state,
            received_at=at,
            finished_at=at,
            action_slug="review",
            action_name="Review",
            kind="debug",
            definition={"time_limit": 60},
            address="192.0.2.7",
            understood={"person_id": person.id, "person_email": person.email},
            payload=f"selection=1&personemail={person.email}",
            **fields,
        )
        invocation.set_person(person, Trust.PROVEN)
        first = received(invocation)
        invocation.save()
        first.save()
        invocation.event(Happened.PROVEN, actor=person, text=f"It is {person.name}.").save()
        TaskResult.objects.create(invocation=invocation, task_id="t1", position=0, state="done", message="Done")
        LogLine.objects.create(invocation=invocation, text=f"Hello {person.name}")
        invocation.message, invocation.outcome = "One task.", {"data": {"n": 1}}
        event = invocation.event(Happened.FINISHED, text="One task.", bound=bind(invocation, *AT_THE_END))
        invocation.save()
        event.save()
        keep_file(invocation, "notes.txt", b"notes", "text/plain", InvocationFile.Origin.GIVEN)
        return invocation

    return make


@pytest.fixture
def rule(db):
    """A retention rule: `rule("payload", 30, state="failed")`."""
    return lambda part, days, state="": RetentionRule.objects.create(part=part, days=days, state=state)


@pytest.fixture
def triggers(db):
    """The triggers stand, as they do in a studio."""
    connection.check_constraints()
    with all_triggers():
        yield
