"""Looks at the jobs that are on farms: many in one request, more seldom the longer nothing changes, no worker waiting."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from actions.contract import ActionError
from actions.farms.contract import Farm, FarmAway, Seen
from actions.farms.submitting import sent_of
from actions.kinds.hints import make
from actions.registry import kinds
from actions.worker.desk import WorkersDesk
from actions.worker.report import clean
from audit.models import FarmJob, Invocation, Round
from audit.models.farm_job import ENDED
from audit.states import Happened

log = structlog.get_logger(__name__)

AT_ONCE = 500
"""Jobs of one round."""

ROUND = 30
"""Seconds after which a round begins with no other farm: the rest is the next one's."""

SOONEST, LATEST = timedelta(seconds=5), timedelta(seconds=30)
"""Between two looks at a job."""

FARM_PAUSE = timedelta(seconds=30)
"""Until a farm that did not answer is asked again."""

TAKEN_FOR = timedelta(minutes=3)
"""For which a round has a job for itself; if its process dies, another one takes it then."""

COUNTED = ("state", "done_count", "failed_count", "total_count", "message", "stuck")


def look() -> int:
    """One round; how many jobs changed."""
    until, changed = time.monotonic() + ROUND, 0
    for rows in _groups():
        if time.monotonic() > until:
            break
        changed += _look_at([row for row in rows if _taken(row)])
    Round.note(Round.What.FARMS)
    return changed


def farm_of(invocation: Invocation) -> Farm:
    """The farm that an invocation's jobs are on. Raises `ActionError` when its kind is gone or broken."""
    kind = kinds().get(invocation.kind)
    if kind is None or kind.farm is None or kind.options_class is None:
        raise ActionError(f"The kind “{invocation.kind}” that sent these jobs is not there any more.")
    return kind.farm(make(kind.options_class, invocation.options), WorkersDesk(invocation))


def _groups() -> Iterable[list[FarmJob]]:
    """Jobs whose time has come, by the farm they are on; first the farm that waits longest."""
    groups: dict[tuple[str, str, str], list[FarmJob]] = defaultdict(list)
    due = FarmJob.objects.filter(next_at__lte=timezone.now()).select_related("invocation").order_by("next_at")
    for row in due[:AT_ONCE]:
        options = json.dumps(row.invocation.options, sort_keys=True)
        groups[(row.kind, row.place, options)].append(row)
    return groups.values()


def _taken(row: FarmJob) -> bool:
    """Whether this round has it, and no other one."""
    now, before = timezone.now(), row.next_at
    row.next_at = now + TAKEN_FOR
    return FarmJob.objects.filter(pk=row.pk, next_at=before).update(next_at=row.next_at) == 1


def _look_at(rows: list[FarmJob]) -> int:
    if not rows:
        return 0
    try:
        farm = farm_of(rows[0].invocation)
        seen = farm.look([sent_of(row) for row in rows])
    except FarmAway as error:
        return _put_off(rows, f"{error} It is asked again.")
    except ActionError as error:
        return _put_off(rows, str(error))
    except Exception as error:
        log.exception("A farm could not be looked at", farm=rows[0].farm, place=rows[0].place)
        return _put_off(rows, f"The farm could not be looked at: {type(error).__name__}.")
    return sum(_apply(row, seen.get(row.external_id)) for row in rows)


def _put_off(rows: list[FarmJob], message: str) -> int:
    ids = [row.pk for row in rows]
    FarmJob.objects.filter(pk__in=ids).update(message=clean(message), next_at=timezone.now() + FARM_PAUSE)
    return 0


def _apply(row: FarmJob, seen: Seen | None) -> bool:
    """Write down how it stands, in every row of this job. Its end and that it is to be told of stand there together."""
    before, taken_until = [getattr(row, name) for name in COUNTED], row.next_at
    _see(row, seen)
    changed = before != [getattr(row, name) for name in COUNTED]
    now = row.looked_at = timezone.now()
    row.changed_at = now if changed else row.changed_at
    over = row.state in ENDED
    row.ended_at = now if over else None
    row.next_at = None if over else now + min(max(SOONEST, (now - row.changed_at) / 6), LATEST)
    names = (*COUNTED, "changed_at", "looked_at", "ended_at", "next_at")
    with transaction.atomic():
        if not FarmJob.objects.filter(pk=row.pk, next_at=taken_until).update(next_at=row.next_at):
            return False  # Another round has it, or has seen the same job in another row.
        row.same_job.update(**{name: getattr(row, name) for name in names})
        if over:
            _ended(row)
    return changed


def _see(row: FarmJob, seen: Seen | None) -> None:
    if seen is None:
        row.state, row.message, row.stuck = FarmJob.State.LOST, "The farm does not have this job any more.", ""
        return
    row.state, row.message, row.stuck = seen.state, clean(seen.message), clean(seen.stuck)
    row.done_count, row.failed_count, row.total_count = seen.done, seen.failed, seen.total


def _ended(row: FarmJob) -> None:
    """Of several rows of a job the oldest one's is told of."""
    text = f"“{row.name}”: {row.get_state_display().lower()}.{f' {row.message}' if row.message else ''}"
    row.invocation.event(Happened.FARM_ENDED, text=text, farm=row.farm, job=row.external_id, state=row.state).save()
    first = row.same_job.values_list("pk", flat=True)[0]
    FarmJob.objects.filter(pk=first).update(tell_at=row.ended_at, tell_tries=0, told_at=None)
