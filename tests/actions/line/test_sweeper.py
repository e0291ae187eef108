from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from actions.line import queue, sweeper
from audit.models import Invocation
from audit.states import Happened, State, WaitingFor
from kitsu_bridge.kitsu.errors import KitsuUnreachable
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(monkeypatch):
    """What was handed to the broker."""
    ids = []
    monkeypatch.setattr(queue, "send", lambda invocation: bool(ids.append(invocation.pk)) or True)
    return ids


def change(invocation, **fields):
    Invocation.objects.filter(pk=invocation.pk).update(**fields)
    invocation.refresh_from_db()


def ago(**how):
    return timezone.now() - timedelta(**how)


def test_it_sends_again_what_nobody_took(an_action, a_queued_invocation, sent):
    invocation = a_queued_invocation(an_action())
    change(invocation, next_at=ago(seconds=1), sends=1)
    assert sweeper.sweep()["sent again"] == 1
    invocation.refresh_from_db()
    assert sent == [invocation.pk]
    assert (invocation.sends, invocation.state) == (2, State.QUEUED)
    assert invocation.next_at > timezone.now() + timedelta(seconds=30)
    assert sweeper.sweep()["sent again"] == 0


def test_two_sweepers_send_once(an_action, a_queued_invocation, sent, monkeypatch):
    invocation = a_queued_invocation(an_action())
    change(invocation, next_at=ago(seconds=1), sends=1)
    both_see = [[Invocation.objects.get(pk=invocation.pk)] for _ in range(2)]
    monkeypatch.setattr(sweeper, "_due", lambda state: both_see.pop())
    assert sweeper.send_again() + sweeper.send_again() == 1


def test_the_pause_grows(an_action):
    pauses = [queue.later(times, queue.SEND_AGAIN, queue.LONGEST_SEND_AGAIN) for times in range(8)]
    assert pauses[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert pauses[-1] == queue.LONGEST_SEND_AGAIN


@pytest.mark.parametrize(
    ("worker_lost", "attempts", "cancelled", "state"),
    [
        ("end", 1, False, State.CRASHED),
        ("requeue", 1, False, State.QUEUED),
        ("requeue", 3, False, State.CRASHED),
        ("requeue", 1, True, State.CANCELLED),
    ],
)
def test_it_ends_or_requeues_what_a_dead_worker_left(
    an_action, a_queued_invocation, sent, worker_lost, attempts, cancelled, state
):
    invocation = a_queued_invocation(an_action(worker_lost=worker_lost))
    asked = timezone.now() if cancelled else None
    change(invocation, state=State.RUNNING, heartbeat_at=ago(minutes=5), attempts=attempts, cancel_asked_at=asked)
    assert sweeper.end_lost() == 1
    invocation.refresh_from_db()
    assert invocation.state == state
    assert invocation.events.get().what == Happened.WORKER_LOST
    assert (sent == [invocation.pk]) is (state == State.QUEUED)


def test_it_looks_again_what_a_run_would_do(an_action, a_queued_invocation, sent):
    invocation = a_queued_invocation(an_action(worker_lost="end"))
    change(invocation, state=State.RUNNING, previewing=True, heartbeat_at=ago(hours=1), attempts=1)
    assert sweeper.sweep()["workers lost"] == 1
    invocation.refresh_from_db()
    assert (invocation.state, invocation.previewing, sent) == (State.QUEUED, True, [invocation.pk])


def test_it_leaves_the_living_alone(an_action, a_queued_invocation):
    invocation = a_queued_invocation(an_action())
    change(invocation, state=State.RUNNING, heartbeat_at=ago(seconds=5))
    assert sweeper.end_lost() == 0


def test_it_goes_on_when_kitsu_is_back(an_action, a_queued_invocation, sent):
    invocation = a_queued_invocation(an_action())
    change(invocation, state=State.WAITING, waiting_for=WaitingFor.KITSU, next_at=ago(seconds=1))
    studio().trouble = KitsuUnreachable()
    try:
        assert sweeper.ask_kitsu_again() == 0
    finally:
        studio().trouble = None
    assert sweeper.ask_kitsu_again() == 1
    invocation.refresh_from_db()
    assert (invocation.state, invocation.waiting_for) == (State.QUEUED, "")
    assert sent == [invocation.pk]


def test_it_asks_to_sign_in_when_the_token_is_held_no_more(an_action, a_queued_invocation):
    invocation = a_queued_invocation(an_action())
    change(invocation, state=State.WAITING, waiting_for=WaitingFor.KITSU, next_at=ago(seconds=1), trust="")
    assert sweeper.ask_kitsu_again() == 1
    invocation.refresh_from_db()
    assert (invocation.state, invocation.waiting_for) == (State.WAITING, WaitingFor.SIGN_IN)


def test_it_expires_what_waited_too_long(an_action, a_queued_invocation):
    invocation = a_queued_invocation(an_action())
    change(invocation, state=State.WAITING, waiting_for=WaitingFor.SIGN_IN, expires_at=ago(seconds=1))
    assert sweeper.expire() == 1
    invocation.refresh_from_db()
    assert invocation.state == State.EXPIRED
    assert "again" in invocation.reason


def test_a_dead_broker_costs_nothing_but_time(an_action, a_queued_invocation, monkeypatch):
    from kitsu_bridge.celery import app

    tries = []

    def refuse(*args, **kwargs):
        tries.append(args)
        raise ConnectionError("no broker")

    monkeypatch.setattr(app, "send_task", refuse)
    monkeypatch.setattr(queue, "_broker_down_until", 0.0)
    invocation = a_queued_invocation(an_action())
    assert queue.send(invocation) is False
    assert queue.send(invocation) is False
    assert len(tries) == 1
    invocation.refresh_from_db()
    assert invocation.state == State.QUEUED
    monkeypatch.setattr(queue, "_broker_down_until", 0.0)
