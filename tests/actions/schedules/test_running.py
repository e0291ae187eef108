"""Schedules as the sweeper carries them out: each time once, what was missed told, and nothing lost while Kitsu is down."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule

from actions.line import queue
from actions.models import Schedule
from actions.schedules import running
from actions.schedules.changing import delete_schedule, save_schedule
from actions.schedules.query import tasks_of
from actions.schedules.running import run_due
from actions.worker.run import carry_out
from audit.models import Event, Invocation
from audit.states import Door, Happened, State
from kitsu_bridge.kitsu.errors import KitsuUnreachable
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    ids = []
    monkeypatch.setattr(queue, "send", lambda invocation: bool(ids.append(invocation.pk)) or True)
    return ids


@pytest.fixture
def scheduled(an_action, sample_person):
    """A schedule every hour, on one production: `scheduled(due="overdue")`."""

    def make(late=timedelta(seconds=1), **fields):
        action = an_action("debug", "by-itself", largest_selection=20_000)
        half_an_hour_away = (timezone.now().minute + 30) % 60
        times, _ = CrontabSchedule.objects.get_or_create(minute=str(half_an_hour_away), hour="*")
        project = studio().bot().open_projects()[0]["id"]
        given = {"person_id": sample_person("admin")["id"], "projects": [project]} | fields
        schedule = Schedule(name="Every <b>hour</b>", action_slug=action.slug, times=times, **given)
        save_schedule(schedule, None)
        assert schedule.next_at > timezone.now()
        Schedule.objects.filter(pk=schedule.pk).update(next_at=timezone.now() - late)
        schedule.refresh_from_db()
        return schedule

    return make


def admin():
    return Person.from_record(next(row for row in studio().bot().persons() if row["role"] == "admin"))


def test_it_works(scheduled, sent):
    schedule = scheduled()
    assert run_due() == 1
    invocation = Invocation.objects.get()
    assert (invocation.door, invocation.state, sent) == (Door.SCHEDULE, State.QUEUED, [invocation.pk])
    assert invocation.person_id == schedule.person_id
    assert "By the schedule “Every <b>hour</b>”" in invocation.events.get(what=Happened.SCHEDULED).text
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    assert invocation.state == State.SUCCEEDED
    schedule.refresh_from_db()
    assert schedule.next_at > timezone.now()
    assert run_due() == 0


def test_of_two_sweepers_one_runs_it(scheduled):
    schedule = scheduled()
    now = timezone.now()
    assert [running._taken(schedule, now) for _ in range(2)] == [True, False]


@pytest.mark.parametrize(("missed", "runs"), [(Schedule.Missed.ONCE, 1), (Schedule.Missed.SKIP, 0)])
def test_what_was_missed_is_told(scheduled, missed, runs):
    schedule = scheduled(late=timedelta(hours=5, minutes=1), missed=missed)
    assert run_due() == 1
    assert Invocation.objects.count() == runs
    schedule.refresh_from_db()
    assert schedule.last_said.startswith("6 times missed since")
    assert Event.objects.filter(subject=schedule.subject, what=Happened.SCHEDULED).count() == 1
    assert run_due() == 0


@pytest.mark.parametrize("missed", Schedule.Missed)
def test_the_time_that_is_now_runs_whatever_was_missed_before(scheduled, missed):
    schedule = scheduled(missed=missed)
    now = timezone.now().replace(second=0, microsecond=0)
    schedule.times.minute, schedule.times.timezone = "*", "UTC"
    schedule.times.save()
    Schedule.objects.filter(pk=schedule.pk).update(next_at=now - timedelta(hours=1))
    assert run_due() == 1
    assert Invocation.objects.get().state == State.QUEUED
    schedule.refresh_from_db()
    assert schedule.last_said.startswith(("60 times missed since", "61 times missed since"))


def test_while_kitsu_is_down_it_waits(scheduled):
    schedule = scheduled()
    studio().trouble = KitsuUnreachable()
    try:
        assert run_due() == 0
    finally:
        studio().trouble = None
    schedule.refresh_from_db()
    assert schedule.next_at < timezone.now()
    assert run_due() == 1


def test_what_finds_nothing_runs_nothing_and_says_so(scheduled):
    schedule = scheduled(task_types=["11111111-1111-4111-8111-111111111111"])
    assert run_due() == 1
    assert not Invocation.objects.exists()
    schedule.refresh_from_db()
    assert schedule.last_said == "No task fitted; nothing was run."


@pytest.mark.parametrize("what", ["person", "action", "size"])
def test_a_refusal_is_recorded(scheduled, what):
    from actions.models import Action

    schedule = scheduled()
    if what == "person":
        Schedule.objects.update(person_id="11111111-1111-4111-8111-111111111111")
    elif what == "action":
        Action.objects.all().delete()
    else:
        Action.objects.update(largest_selection=1)
    assert run_due() == 1
    invocation = Invocation.objects.get()
    assert (invocation.state, invocation.door) == (State.REFUSED, Door.SCHEDULE)
    schedule.refresh_from_db()
    assert schedule.last_said


def test_the_query_finds_what_it_says(scheduled):
    schedule = scheduled()
    rows = studio().bot().project_tasks(schedule.projects[0])
    day = timezone.now().astimezone(ZoneInfo(admin().timezone)).date()
    today, week = day.isoformat(), (day + timedelta(days=schedule.days)).isoformat()
    due = {row["id"]: (row.get("due_date") or "")[:10] for row in rows}
    expected = {
        "any": set(due),
        "none": {one for one, day in due.items() if not day},
        "overdue": {one for one, day in due.items() if day and day < today},
        "soon": {one for one, day in due.items() if today <= day <= week},
    }
    for word, ids in expected.items():
        schedule.due = word
        assert set(tasks_of(schedule, admin())) == ids, word
    schedule.due, status = "any", rows[0]["task_status_id"]
    schedule.statuses = [status]
    assert set(tasks_of(schedule, admin())) == {row["id"] for row in rows if row["task_status_id"] == status}


def test_a_person_s_schedule_finds_what_that_person_sees(scheduled, sample_person):
    vendor = Person.from_record(sample_person("vendor"))
    assert set(tasks_of(scheduled(), vendor)) < set(tasks_of(Schedule.objects.get(), admin()))


def test_other_times_are_other_next_times(scheduled):
    schedule = scheduled()
    times = schedule.times
    times.minute = "30"
    times.save()
    schedule.refresh_from_db()
    assert schedule.next_at.minute == 30
    schedule.enabled = False
    save_schedule(schedule, None)
    assert schedule.next_at is None


def test_another_name_loses_no_time_that_has_come(scheduled):
    schedule = scheduled()
    before = Schedule.objects.get().next_at
    schedule.name, schedule.next_at, schedule.last_said = "Renamed", None, "An old form said so."
    assert save_schedule(schedule, None)
    renamed = Schedule.objects.get()
    assert (renamed.name, renamed.next_at, renamed.last_said) == ("Renamed", before, "")
    assert not save_schedule(renamed, None)
    assert run_due() == 1


def test_times_that_never_come_stop_no_other(scheduled):
    scheduled()
    CrontabSchedule.objects.update(day_of_month="31", month_of_year="2")
    assert run_due() == 1
    assert "cannot be read" in Schedule.objects.get().last_said


def test_every_change_is_an_event(scheduled):
    schedule = scheduled()
    schedule.due = "overdue"
    save_schedule(schedule, admin())
    delete_schedule(schedule, admin())
    events = list(Event.objects.filter(subject__startswith="schedule:").order_by("id"))
    assert [event.what for event in events] == [
        Happened.SCHEDULE_CREATED, Happened.SCHEDULE_CHANGED, Happened.SCHEDULE_DELETED,
    ]  # fmt: skip
    assert events[0].data["before"] == {}
    assert events[1].data == {"before": {"due": "any"}, "after": {"due": "overdue"}}
