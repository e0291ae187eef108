"""Hands ids of invocations to Celery. The row is the truth: what does not arrive is sent again by the sweeper."""

from __future__ import annotations

import time
from datetime import timedelta

import structlog
from django.utils import timezone

from audit.models import Invocation
from kitsu_bridge.celery import app

log = structlog.get_logger(__name__)

TASK = "actions.run"
"""The name of the one task of Celery's; by its name, since who sends it needs nothing of what runs it."""

SEND_AGAIN = timedelta(seconds=30)
"""After which a queued invocation that nobody took is sent again; twice as long after each further time."""

LONGEST_SEND_AGAIN = timedelta(minutes=10)
KITSU_AGAIN = timedelta(seconds=5)
"""After which a Kitsu that did not answer is asked again."""

LONGEST_KITSU_AGAIN = timedelta(minutes=1)
HARD_LIMIT_AFTER = 30
"""Seconds after an action's time limit at which its worker process is ended."""

BROKER_PAUSE = 10.0
"""Seconds for which a broker that did not answer is left alone, so that no door waits for it again and again."""

_broker_down_until = 0.0


def send(invocation: Invocation) -> bool:
    """Give the id, and nothing else, to a worker. False when the broker cannot be reached: the sweeper will."""
    global _broker_down_until
    if time.monotonic() < _broker_down_until:
        return False
    limit = int(invocation.definition["time_limit"])
    try:
        app.send_task(
            TASK,
            (str(invocation.pk),),
            queue=invocation.queue,
            soft_time_limit=limit,
            time_limit=limit + HARD_LIMIT_AFTER,
        )
    except Exception as error:  # noqa: BLE001 - every broker has errors of its own, and none may reach the person
        _broker_down_until = time.monotonic() + BROKER_PAUSE
        log.warning("The broker cannot be reached", error=type(error).__name__, invocation=str(invocation.pk))
        return False
    return True


def kitsu_pause(invocation: Invocation) -> timedelta:
    """Until Kitsu is asked again: a quarter of the time that the call has waited by now, at least five seconds."""
    waited = timezone.now() - invocation.received_at
    return min(max(KITSU_AGAIN, waited / 4), LONGEST_KITSU_AGAIN)


def later(times: int, first: timedelta, longest: timedelta) -> timedelta:
    """The pause after so many attempts: doubled each time, up to the longest."""
    doubled: timedelta = first * 2 ** min(times, 16)
    return min(doubled, longest)
