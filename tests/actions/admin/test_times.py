"""The times that schedules share, and the next five of what stands in a form."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django_celery_beat.models import CrontabSchedule

from actions.models import Schedule
from actions.schedules.changing import save_schedule
from audit.models import Event
from audit.states import Happened

ADD, NEXT = reverse("admin:django_celery_beat_crontabschedule_add"), reverse("admin:schedule_times")
TYPED = {"minute": "30", "hour": "9", "day_of_week": "1-5", "day_of_month": "*", "month_of_year": "*",
         "timezone": "Europe/Paris"}  # fmt: skip


def test_it_works(ada):
    """Typed, made, and shown of what was made."""
    typed = ada.get(NEXT, TYPED).text
    assert typed.count("09:30 (Europe/Paris)") == 5
    assert ada.post(ADD, TYPED).status_code == 302
    times = CrontabSchedule.objects.get()
    assert ada.get(NEXT, {"times": times.pk}).text.count("09:30 (Europe/Paris)") == 5
    page = ada.get(reverse("admin:django_celery_beat_crontabschedule_change", args=[times.pk])).text
    assert page.count("09:30 (Europe/Paris)") == 5


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"times": ""}, "Choose the times."),
        ({"times": "99"}, "Choose the times."),
        ({"times": "<b>"}, "Choose the times."),
        (TYPED | {"minute": "<b>"}, "Minute(s): "),
        (TYPED | {"minute": ""}, "Minute(s): "),
        (TYPED | {"timezone": "Nowhere/<b>"}, "Timezone: "),
        (TYPED | {"day_of_month": "31", "month_of_year": "2"}, "never occurs"),
        ({}, "This field is required"),
    ],
)
def test_it_says_why_there_are_none(ada, query, says):
    answer = ada.get(NEXT, query)
    assert (answer.status_code, says in answer.text, "<b>" in answer.text) == (200, True, False)


@pytest.mark.parametrize("role", ["manager", "supervisor", "user", "client", "vendor"])
def test_it_is_for_studio_managers_only(signed_in, role):
    answer = signed_in(role).get(NEXT, TYPED)
    assert (answer.status_code in {302, 403}, "09:30" in answer.text) == (True, False)


def test_it_reads_only(ada):
    ada.get(NEXT, TYPED)
    assert not CrontabSchedule.objects.exists()


def test_other_times_are_an_event_of_every_schedule_that_has_them(ada, an_action):
    times = CrontabSchedule.objects.create(**TYPED)
    action = an_action("debug")
    for name in ("One", "Two"):
        save_schedule(Schedule(name=name, action_slug=action.slug, times=times, person_id="x"), None)
    ada.post(reverse("admin:django_celery_beat_crontabschedule_change", args=[times.pk]), TYPED | {"hour": "10"})
    told = Event.objects.filter(what=Happened.SCHEDULE_CHANGED)
    assert {event.text for event in told} == {"One", "Two"}
    assert all("30 10 * * 1-5" in event.data["after"]["times"] for event in told)
    assert {event.actor_name for event in told} == {ada.person["full_name"]}
    assert {schedule.next_at.minute for schedule in Schedule.objects.all()} == {30}
