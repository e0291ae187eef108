from __future__ import annotations

import pytest
from django.urls import reverse
from django_celery_beat.models import CrontabSchedule

from actions.models import Schedule
from audit.models import Event
from audit.states import Happened
from kitsu_bridge.kitsu.errors import KitsuUnreachable
from kitsu_bridge.kitsu.studio import studio

ADD, LIST = reverse("admin:actions_schedule_add"), reverse("admin:actions_schedule_changelist")


@pytest.fixture
def fields(db, an_action, sample_person):
    times = CrontabSchedule.objects.create(minute="0", hour="9", day_of_week="1-5")
    return {
        "name": "Daily <b>report</b>",
        "enabled": "on",
        "action_slug": an_action("comment").slug,
        "parameters": '{"text": "Late"}',
        "times": times.pk,
        "missed": "once",
        "person_id": sample_person("admin")["id"],
        "due": "overdue",
        "days": "7",
    }


def test_it_works(ada, fields):
    assert ada.post(ADD, fields).status_code == 302
    schedule = Schedule.objects.get()
    page = ada.get(LIST).content.decode()
    assert "Daily &lt;b&gt;report&lt;/b&gt;" in page
    page = ada.get(reverse("admin:actions_schedule_change", args=[schedule.pk])).content.decode()
    assert page.count("09:00 (UTC)") == 5
    assert "Schedule created" in page
    ada.post(reverse("admin:actions_schedule_delete", args=[schedule.pk]), {"post": "yes"})
    assert not Schedule.objects.exists()


def test_its_form_leads_to_new_times(ada):
    assert f'href="{reverse("admin:django_celery_beat_crontabschedule_add")}"' in ada.get(ADD).text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"parameters": "[1]"}, "Write an object"),
        ({"parameters": '{"text": "x", "nothing": 1}'}, "no such parameter"),
        ({"action_slug": "none"}, "Select a valid choice"),
        ({"person_id": "none"}, "Select a valid choice"),
        ({"times": "99"}, "Select a valid choice"),
    ],
)
def test_it_refuses_in_words(ada, fields, wrong, says):
    response = ada.post(ADD, fields | wrong)
    assert (response.status_code, says in response.content.decode()) == (200, True)
    assert not Schedule.objects.exists()


def test_times_that_never_come_are_refused(ada, fields):
    CrontabSchedule.objects.update(day_of_month="31", month_of_year="2")
    assert "never occurs" in ada.post(ADD, fields).content.decode()


def test_without_kitsu_what_was_chosen_stays(ada, fields):
    project = studio().bot().open_projects()[0]["id"]
    ada.post(ADD, fields | {"projects": [project]})
    schedule = Schedule.objects.get()
    where = reverse("admin:actions_schedule_change", args=[schedule.pk])
    ada.get(where)  # Who it is stays proven for a minute.
    studio().trouble = KitsuUnreachable()
    try:
        response = ada.post(where, fields | {"projects": [project], "name": "Renamed"})
    finally:
        studio().trouble = None
    schedule.refresh_from_db()
    assert response.status_code == 302
    assert (schedule.name, schedule.projects) == ("Renamed", [project])


@pytest.mark.parametrize("role", ["manager", "supervisor", "user", "client", "vendor"])
def test_it_is_for_studio_managers_only(signed_in, fields, role):
    client = signed_in(role)
    assert client.get(LIST).status_code in {302, 403}
    assert client.post(ADD, fields).status_code in {302, 403}
    assert not Schedule.objects.exists()


def test_it_is_saved_without_a_word_where_nothing_changed(ada, fields):
    ada.post(ADD, fields)
    schedule = Schedule.objects.get()
    ada.post(reverse("admin:actions_schedule_change", args=[schedule.pk]), fields)
    assert [event.what for event in Event.objects.filter(subject=schedule.subject)] == [Happened.SCHEDULE_CREATED]
