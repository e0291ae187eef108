"""Jobs that have ended: their log and last picture are read, and Kitsu is told, once in effect.

A row that is to be told of stands in line (`tell_at`) from the moment in which its end was written down. Who takes it moves
that moment on, and has it until then: one whose process died is taken again, and one that Kitsu did not take is tried again.
Both look first what stands in Kitsu already.
"""

from __future__ import annotations

import time
from datetime import timedelta

import structlog
from django.db import DatabaseError, transaction
from django.utils import timezone

from actions.contract import ActionError
from actions.farms.glimpses import read_job
from actions.farms.looking import farm_of
from actions.farms.telling import tell_kitsu
from actions.worker.report import clean
from audit.models import FarmJob
from audit.states import Happened
from kitsu_bridge.kitsu.errors import KitsuUnavailable, TokenRejected

log = structlog.get_logger(__name__)

ROUND = 20
"""Seconds after which a round begins with no other job."""

TAKEN_FOR = timedelta(minutes=15)
"""For which one job is had alone: a job for a thousand tasks is a thousand comments."""

SOONEST, LATEST = timedelta(seconds=30), timedelta(minutes=30)
"""Between two tries; each waits twice as long as the one before."""

GIVEN_UP_AFTER = timedelta(days=7)

AWAY = "Kitsu does not answer; it will be told."
SIGNED_OUT = "Kitsu does not take the bridge's own token; it will be told."
GIVEN_UP = "Kitsu could not be told: it did not answer for a week."
BROKEN = "Its end could not be told; operators find why in the log."


def tell() -> int:
    """One round, of one job at least; of how many Kitsu need not be told any more. It ends where Kitsu does not answer."""
    until, told = time.monotonic() + ROUND, 0
    while (row := _next()) and _done(row):
        told += 1
        if time.monotonic() >= until:
            break
    return told


def _next() -> FarmJob | None:
    """The job that waits longest, taken by one round only."""
    now = timezone.now()
    for row in (
        FarmJob.objects.filter(tell_at__lte=now).select_related("invocation", "picture").order_by("tell_at")[:20]
    ):
        line = FarmJob.objects.filter(pk=row.pk, tell_at=row.tell_at)
        row.tell_at, row.tell_tries = now + TAKEN_FOR, row.tell_tries + 1
        if line.update(tell_at=row.tell_at, tell_tries=row.tell_tries):
            return row
    return None


def _done(row: FarmJob) -> bool:
    try:
        _read(row)
        said = tell_kitsu(row)
    except (KitsuUnavailable, TokenRejected) as error:
        return _put_off(row, SIGNED_OUT if isinstance(error, TokenRejected) else AWAY)
    except DatabaseError:
        raise  # Nothing can be written down now; it is taken again.
    except Exception:
        log.exception("The end of a job could not be told", job=row.name, invocation=str(row.invocation_id))
        said = BROKEN
    _finish(row, said)
    return True


def _read(row: FarmJob) -> None:
    """An end without a log and a picture is still an end."""
    try:
        read_job(row, farm_of(row.invocation))
    except ActionError as error:
        log.warning("The farm did not say", error=str(error))


def _put_off(row: FarmJob, said: str) -> bool:
    now = timezone.now()
    if row.ended_at is not None and now - row.ended_at > GIVEN_UP_AFTER:
        _finish(row, GIVEN_UP)
        return False
    wait = min(SOONEST * 2 ** min(row.tell_tries - 1, 10), LATEST)
    if FarmJob.objects.filter(pk=row.pk, tell_at=row.tell_at).update(tell_at=now + wait):
        row.same_job.update(told=said)
    return False


def _finish(row: FarmJob, said: str) -> None:
    """Unless the job runs again meanwhile: its next end is told then."""
    with transaction.atomic():
        if not FarmJob.objects.filter(pk=row.pk, tell_at=row.tell_at).update(tell_at=None):
            return
        row.same_job.update(told=clean(said), told_at=timezone.now())
        if said:
            text = clean(f"“{row.name}”: {said}")
            row.invocation.event(Happened.FARM_TOLD, text=text, job=row.external_id).save()
