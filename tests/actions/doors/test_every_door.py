"""Every door leads into the same line: nothing runs without the gate, the record names the door, refusals are recorded.

A door is a row of `DOORS`: how somebody of the sample studio calls an action by it. What comes of it is asked of the record.
"""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule

from actions import tokens
from actions.line import queue
from actions.listening import position
from actions.listening.listener import Listener
from actions.models import Action, Rule, Schedule, Token
from actions.schedules.running import run_due
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Door, Happened, State
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = {"accept": "text/html", "origin": "https://kitsu.test"}
PROGRAM = {"accept": "*/*", "origin": "https://kitsu.test"}


def browser(email, **headers):
    client = Client(headers=headers or PAGE)
    client.cookies["access_token_cookie"] = studio().log_in(email, "any")
    return client


def by_form(slug, email, task_ids):
    browser(email).post(f"/run/{slug}/", {"selection": ",".join(task_ids), "entitytype": "all"})


def by_ajax(slug, email, task_ids):
    browser(email, **PROGRAM).post(f"/run/{slug}/", {"selection": task_ids}, content_type="application/json")


def by_link(slug, email, task_ids):
    """Following a link runs nothing; the yes on its page does."""
    client = browser(email)
    client.get(f"/run/{slug}/", {"selection": ",".join(task_ids)})
    waiting = Invocation.objects.latest("received_at")
    if waiting.state == State.WAITING:
        client.post(reverse("continue_invocation", args=[waiting.pk]))


def by_rerun(slug, email, task_ids):
    """Of a call that was refused before: what it is, and not what became of it, is run again."""
    row = next(one for one in studio().bot().persons() if one["email"] == email)
    person = {"person_id": row["id"], "trust": "proven"}
    before = Invocation.objects.create(
        door=Door.FORM, state=State.REFUSED, action_slug=slug, task_ids=task_ids, task_count=len(task_ids), **person,
        understood={"person_id": "", "person_email": "", "project_id": "", "entity_type": "", "path": "", "server": ""},
    )  # fmt: skip
    browser(email).post(reverse("rerun_invocation", args=[before.pk]), {"how": "today"})


def by_command(slug, email, task_ids):
    try:
        call_command("run_action", slug, task=task_ids, email=email, yes=True, stdout=StringIO(), stderr=StringIO())
    except CommandError:
        return


def by_jet(slug, email, task_ids):
    row = next(one for one in studio().bot().persons() if one["email"] == email)
    good = {"name": "Jet", "expires_at": timezone.now() + timedelta(days=1)}
    made = tokens.make(Token(person_id=row["id"], person_name=row["full_name"], **good), None)
    wish = {"name": slug, "model": "task", "ids": task_ids, "inverseIds": False, "params": {}}
    message = {"name": "execute_action", "params": wish}
    Client(headers={"authorization": f"Token {made.secret}"}).post("/api/messages/", message, "application/json")


def by_schedule(slug, email, task_ids):
    """The sweeper carries it out: on the tasks of the first one's production, type and status."""
    bot = studio().bot()
    row = next(one for one in bot.tasks(task_ids[:1]))
    times, _ = CrontabSchedule.objects.get_or_create(minute="0", hour="*")
    Schedule.objects.create(
        name=f"{slug} {uuid.uuid4()}", action_slug=slug, times=times, next_at=timezone.now() - timedelta(seconds=1),
        person_id=next(one["id"] for one in bot.persons() if one["email"] == email),
        projects=[row["project_id"]], task_types=[row["task_type_id"]], statuses=[row["task_status_id"]],
    )  # fmt: skip
    run_due()


def by_event(slug, email, task_ids):
    """Something happens in Kitsu, for which there is a rule."""
    row = next(one for one in studio().bot().persons() if one["email"] == email)
    task = studio().bot().tasks(task_ids[:1])[0]
    listener = Listener(threading.Event())
    Rule.objects.create(name=f"{slug} {uuid.uuid4()}", event="task:new", action_slug=slug, dry_run=False)
    listener.round()
    studio().happened.emit("task:new", row["id"], task["project_id"], {"task_id": task["id"]})
    listener.round()
    position.leave(listener.holder)
    Rule.objects.all().delete()


def by_rest(slug, email, task_ids):
    client = Client(headers={"authorization": f"Bearer {studio().log_in(email, 'any')}"})
    client.post(f"/api/v1/actions/{slug}/run/", {"tasks": task_ids, "confirmed": True}, content_type="application/json")


def by_feedback(slug, email, task_ids):
    """Another action has ended, and has this one tell of it."""
    tells = {"name": "First", "kind": "debug", "background": True, "tell_with": slug, "tell_when": "always"}
    Action.objects.update_or_create(slug="first", defaults=tells)
    by_ajax("first", email, task_ids)
    carry_out(str(Invocation.objects.latest("received_at").pk))


DOORS = {
    Door.FORM: by_form,
    Door.AJAX: by_ajax,
    Door.LINK: by_link,
    Door.RERUN: by_rerun,
    Door.COMMAND: by_command,
    Door.SCHEDULE: by_schedule,
    Door.JET: by_jet,
    Door.EVENT: by_event,
    Door.REST: by_rest,
    Door.FEEDBACK: by_feedback,
}


@pytest.fixture(autouse=True)
def kitsu(settings, monkeypatch):
    settings.KITSU_ORIGINS = [PAGE["origin"]]
    monkeypatch.setattr(queue, "send", lambda invocation: True)


@pytest.fixture
def came(sample_task_ids):
    """Call an action by a door as somebody; the newest record."""

    def call(door, slug, email="ada@sample.studio"):
        DOORS[door](slug, email, sample_task_ids(2))
        return Invocation.objects.latest("received_at")

    return call


@pytest.mark.parametrize("door", DOORS)
def test_it_works(door, came, an_action):
    invocation = came(door, an_action().slug)
    assert (invocation.door, invocation.state) == (door, State.QUEUED)
    assert invocation.events.filter(what=Happened.RECEIVED).exists()
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    assert invocation.state == State.SUCCEEDED


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"enabled": False}, "disabled"),
        ({"largest_selection": 0}, "too_many_tasks"),
        ({"roles": ["client"]}, "role"),
    ],
    ids=["switched off", "too many tasks", "another role"],
)
def test_nobody_goes_round_the_gate_at_the_door(door, came, an_action, fields, code):
    invocation = came(door, an_action(**fields).slug)
    assert (invocation.door, invocation.state, invocation.reason_code) == (door, State.REFUSED, code)
    assert invocation.events.filter(what=Happened.REFUSED).exists()


@pytest.mark.parametrize("door", DOORS)
def test_nobody_goes_round_the_gate_in_the_worker(door, came, an_action):
    invocation = came(door, an_action(entity_types=["episode"]).slug)
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    assert (invocation.door, invocation.state) == (door, State.REFUSED)
    assert not invocation.results.filter(state="done").exists()


def test_no_door_is_left_out():
    assert set(DOORS) == set(Door)


@pytest.mark.parametrize("door", [door for door in DOORS if door != Door.FEEDBACK])
def test_what_there_is_not_is_recorded_as_refused(door, came):
    """An end that nothing there is can tell of is told in the record of what has ended."""
    invocation = came(door, "no-such-action")
    assert (invocation.door, invocation.state, invocation.reason_code) == (door, State.REFUSED, "unknown_action")


@pytest.mark.parametrize("door", DOORS)
def test_consent_and_pauses_hold_for_it(door, came, an_action):
    from actions.line.pauses import pause

    paused = an_action("debug", "paused")
    pause(paused.slug, "Noon.", None)
    assert came(door, paused.slug).waiting_for == "maintenance"
    invocation = came(door, an_action("debug", "asks", approvers=["managers"]).slug)
    for _ in range(3):
        carry_out(str(invocation.pk))
        invocation.refresh_from_db()
    assert invocation.state == State.WAITING
    assert not invocation.results.filter(state="done").exists()
