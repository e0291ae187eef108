"""Schedules beside a real Zou: what their query finds for each person there, and in whose name they write."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule

from actions.line import queue
from actions.models import Schedule
from actions.schedules.changing import save_schedule
from actions.schedules.query import tasks_of
from actions.schedules.running import run_due
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Door, State
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio
from tests.servers.production import Production

pytestmark = [pytest.mark.zou, pytest.mark.django_db(transaction=True)]

DAYS = (-9, -5, 3, 4, 20)
"""When the tasks are due, from today, whatever day it is in which zone; a last one has no date."""


@pytest.fixture(scope="module")
def production():
    made = Production(len(DAYS) + 1, {"lead": "manager", "artist": "user", "vendor": "vendor", "client": "client"})
    today = timezone.now().date()
    for task, days in zip(made.tasks, DAYS, strict=False):
        made.change(task, due_date=(today + timedelta(days=days)).isoformat())
    made.change(made.tasks[0], task_status_id=made.status("wip"))
    yield made
    made.remove()


@pytest.fixture(autouse=True)
def nothing_is_sent(beside_zou, monkeypatch):
    monkeypatch.setattr(queue, "send", lambda invocation: True)


@pytest.fixture
def scheduled(production, an_action):
    """A schedule as one of these people, whose time has come."""

    def make(who="lead", **fields):
        action = an_action("comment", f"by-{who}", values={"text": f"Late: {{entity_name}} {who}"}, fixed=["text"])
        times = CrontabSchedule.objects.create(minute="0", hour="9")
        about = {"projects": [production.id], "parameters": {}} | fields
        schedule = Schedule(
            name=who, action_slug=action.slug, times=times, person_id=production.people[who]["id"], **about
        )
        save_schedule(schedule, None)
        Schedule.objects.filter(pk=schedule.pk).update(next_at=timezone.now())
        schedule.refresh_from_db()
        return schedule

    return make


def found(production, who, **query):
    person = Person.from_record(production.people[who])
    schedule = Schedule(person_id=person.id, **({"projects": [production.id], "days": 7} | query))
    places = {task["id"]: place for place, task in enumerate(production.tasks)}
    return sorted(places[one] for one in tasks_of(schedule, person))


def test_it_works(scheduled, production):
    schedule = scheduled(due="overdue", task_types=[production.task_type["id"]])
    assert run_due() == 1
    invocation = Invocation.objects.get()
    late = [task["id"] for task in production.tasks[:2]]
    assert (invocation.door, sorted(invocation.task_ids)) == (Door.SCHEDULE, sorted(late))
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    assert invocation.state == State.SUCCEEDED, invocation.reason
    written = studio().bot().comments(late)
    lead = production.people["lead"]["id"]
    assert sorted(row["object_id"] for row in written if row["person_id"] == lead) == sorted(late)
    schedule.refresh_from_db()
    assert schedule.last_said == "2 tasks."


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({}, [0, 1, 2, 3, 4, 5]),
        ({"due": "overdue"}, [0, 1]),
        ({"due": "soon"}, [2, 3]),
        ({"due": "none"}, [5]),
        ({"projects": [], "due": "none"}, [5]),
        ({"task_types": ["11111111-1111-4111-8111-111111111111"]}, []),
    ],
)
def test_the_query_finds_what_it_says(production, query, places):
    assert found(production, "lead", **query) == places
    assert found(production, "artist", **query) == places


def test_it_finds_by_status(production):
    assert found(production, "lead", statuses=[production.status("wip")]) == [0]


def test_it_finds_what_its_person_sees(production):
    assert found(production, "vendor") == []
    assert found(production, "client") == [0, 1, 2, 3, 4, 5]
    assert found(production, "client", due="overdue") == []


def test_what_its_person_may_not_do_is_not_done(scheduled, production):
    scheduled("artist", due="soon")
    run_due()
    invocation = Invocation.objects.get()
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    assert invocation.state == State.FAILED
    assert not studio().bot().comments([task["id"] for task in production.tasks[2:]])
