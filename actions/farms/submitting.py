"""Sends a job to a farm once, whatever dies or stalls in between: a redelivery, a killed worker, a server that did not answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from actions.farms.contract import Farm, FarmAway, FarmRefuses, FarmUnsure, Sent
from actions.worker.calling import first_of_retries
from actions.worker.report import clean, jsonable
from audit.models import FarmJob, Invocation
from audit.states import Happened
from kitsu_bridge.kitsu.tasks import Task

LOOK_AFTER = (1.0, 2.0, 4.0)
"""Seconds after which a job whose answer was lost is looked for."""

SELECTION = "selection"
"""What stands in the mark of a job for all tasks."""

LOCKS = tuple(threading.Lock() for _ in range(64))
"""Some for all marks; see `_locked`."""


class InvocationFarms:
    """The drawer `Farms` of one invocation."""

    def __init__(self, invocation: Invocation) -> None:
        self._invocation, self._first = invocation, first_of_retries(invocation)

    def submit(self, farm: Farm, job: Mapping[str, Any], name: str, task: Task | None = None) -> Sent:
        """See the contract. The row says `submitting` before the farm hears anything, so a worker that dies leaves a trace."""
        row = self._row(farm, job, name, task)
        pending = FarmJob.State.PENDING
        fresh = FarmJob.objects.filter(pk=row.pk, state=pending).update(state=FarmJob.State.SUBMITTING) == 1
        try:
            with _locked(row):
                if row.external_id:
                    return sent_of(row)
                return self._sent(row, farm, job, sure=fresh and not self._tried_before(row))
        except (FarmAway, FarmRefuses) as error:
            known = {"state": pending} if fresh else {}  # What was sent before may be there all the same.
            FarmJob.objects.filter(pk=row.pk).update(message=clean(str(error)), **known)
            raise
        except FarmUnsure as error:
            FarmJob.objects.filter(pk=row.pk).update(message=clean(str(error)))
            raise

    def _row(self, farm: Farm, job: Mapping[str, Any], name: str, task: Task | None) -> FarmJob:
        ids = self._invocation.task_ids
        row, _ = FarmJob.objects.get_or_create(
            invocation=self._invocation,
            task_id=task.id if task else "",
            defaults={
                "task_name": clean(task.name)[:400] if task else "",
                "position": ids.index(task.id) if task and task.id in ids else 0,
                "kind": self._invocation.kind,
                "farm": farm.title[:80],
                "place": clean(farm.place)[:400],
                "name": clean(name)[:400],
                "mark": f"{self._first.pk}:{task.id if task else SELECTION}",
                "sent": jsonable(job),
            },
        )
        return row

    def _tried_before(self, row: FarmJob) -> bool:
        """Whether an earlier run that this one retries may have sent it: its row would say so before the farm heard of it."""
        others = FarmJob.objects.filter(mark=row.mark).exclude(pk=row.pk)
        return others.exclude(state=FarmJob.State.PENDING).exists()

    def _sent(self, row: FarmJob, farm: Farm, job: Mapping[str, Any], *, sure: bool) -> Sent:
        """`sure`: nobody can have sent it before, so that nothing has to be looked for."""
        found = None if sure else _found(farm, row)
        sent = found or _submit(farm, job, row.mark)
        now = timezone.now()
        FarmJob.objects.filter(pk=row.pk).update(
            external_id=sent.id[:200],
            serial=sent.serial[:200],
            link=clean(sent.link)[:1000],
            state=FarmJob.State.QUEUED,
            message="",
            submitted_at=now,
            changed_at=now,
            next_at=now,
        )
        what, words = (Happened.FARM_FOUND, "was there already") if found else (Happened.FARM_SENT, "was sent")
        text = f"“{row.name}” {words}, as {sent.serial or sent.id}."
        self._invocation.event(what, text=text, farm=row.farm, place=row.place, job=sent.id).save()
        return sent


def sent_of(row: FarmJob) -> Sent:
    """The job of a row, as the farm knows it."""
    return Sent(row.external_id, row.serial, row.link)


def _found(farm: Farm, row: FarmJob) -> Sent | None:
    """The job, if the farm has it. Raises `DatabaseError` where the lock was lost while it was looked for.

    The lock goes with the connection to the database, and another run may have it then. Whoever stood still for so long must
    not send any more: a query on a connection that broke fails.
    """
    found = farm.find(row.mark)
    row.refresh_from_db(fields=["external_id"])
    return found


def _submit(farm: Farm, job: Mapping[str, Any], mark: str) -> Sent:
    """Send it; where no answer came, look for it for some seconds. Never sends twice."""
    try:
        return farm.submit(job, mark)
    except FarmUnsure:
        for seconds in LOOK_AFTER:
            time.sleep(seconds)
            if found := _look_for(farm, mark):
                return found
        raise


def _look_for(farm: Farm, mark: str) -> Sent | None:
    try:
        return farm.find(mark)
    except (FarmAway, FarmUnsure):
        return None


@contextmanager
def _locked(row: FarmJob) -> Iterator[None]:
    """Alone with the job, in whichever run it is: with all rows of its mark, and this one read anew.

    So a worker that was taken for dead, and goes on, waits for the run that retries its own, or that one for it. SQLite has
    no locks of rows, and one that held its only lock would stop everybody: there the runs of one process wait for each other.
    """
    if not connection.features.has_select_for_update:
        with LOCKS[hash(row.mark) % len(LOCKS)]:
            row.refresh_from_db()
            yield
        return
    with transaction.atomic():
        list(FarmJob.objects.select_for_update().filter(mark=row.mark).order_by("pk"))
        row.refresh_from_db()
        yield
