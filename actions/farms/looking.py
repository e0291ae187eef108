"""Looks at the jobs that are on farms: many in one request, more seldom the longer nothing changes, no worker waiting."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from actions.contract import ActionError
from actions.farms.contract import Farm, FarmAway, Seen
from actions.farms.endings import end
from actions.farms.submitting import sent_of
from actions.kinds.hints import make
from actions.registry import kinds
from actions.worker.desk import WorkersDesk
from actions.worker.report import clean
from audit.models import FarmJob, Invocation, Round
from audit.models.farm_job import ENDED

log = structlog.get_logger(__name__)

AT_ONCE = 500
"""Jobs of one round."""

SOONEST, LATEST = timedelta(seconds=5), timedelta(seconds=30)
"""Between two looks at a job."""

FARM_PAUSE = timedelta(seconds=30)
"""Until a farm that did not answer is asked again."""

TAKEN_FOR = timedelta(seconds=60)
"""For which a round has a job for itself; if its process dies, another one takes it then."""

COUNTED = ("state", "done_count", "failed_count", "total_count", "message", "stuck")


def look_until(stopped: threading.Event) -> None:
    """Round after round until told to stop; beside the sweeper, so that a slow farm keeps no call waiting."""
    while not stopped.wait(settings.SWEEP_EVERY):
        try:
            look()
        except DatabaseError as error:
            log.warning("The database cannot be reached", error=type(error).__name__)
        finally:
            close_old_connections()


def look() -> int:
    """One round; how many jobs changed."""
    groups: dict[tuple[str, str, str], list[FarmJob]] = defaultdict(list)
    for row in _due():
        options = json.dumps(row.invocation.options, sort_keys=True)
        groups[(row.kind, row.place, options)].append(row)
    changed = sum(_look_at(rows) for rows in groups.values())
    Round.note(Round.What.FARMS)
    return changed


def farm_of(invocation: Invocation) -> Farm:
    """The farm that an invocation's jobs are on. Raises `ActionError` when its kind is gone or broken."""
    kind = kinds().get(invocation.kind)
    if kind is None or kind.farm is None or kind.options_class is None:
        raise ActionError(f"The kind “{invocation.kind}” that sent these jobs is not there any more.")
    return kind.farm(make(kind.options_class, invocation.options), WorkersDesk(invocation))


def _due() -> Iterable[FarmJob]:
    """Jobs whose time has come, each taken by one round only."""
    now = timezone.now()
    due = FarmJob.objects.filter(next_at__lte=now).select_related("invocation").order_by("next_at")
    for row in due[:AT_ONCE]:
        if FarmJob.objects.filter(pk=row.pk, next_at=row.next_at).update(next_at=now + TAKEN_FOR):
            yield row


def _look_at(rows: list[FarmJob]) -> int:
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
    return sum(_apply(row, farm, seen.get(row.external_id)) for row in rows)


def _put_off(rows: list[FarmJob], message: str) -> int:
    ids = [row.pk for row in rows]
    FarmJob.objects.filter(pk__in=ids).update(message=clean(message), next_at=timezone.now() + FARM_PAUSE)
    return 0


def _apply(row: FarmJob, farm: Farm, seen: Seen | None) -> bool:
    """Write down how it stands; what has ended is told of, once."""
    now, before = timezone.now(), [getattr(row, name) for name in COUNTED]
    if seen is None:
        row.state, row.message, row.stuck = FarmJob.State.LOST, "The farm does not have this job any more.", ""
    else:
        row.state, row.message, row.stuck = seen.state, clean(seen.message), clean(seen.stuck)
        row.done_count, row.failed_count, row.total_count = seen.done, seen.failed, seen.total
    changed = before != [getattr(row, name) for name in COUNTED]
    row.changed_at = now if changed else row.changed_at
    row.looked_at = now
    over = row.state in ENDED
    row.ended_at = now if over else None
    row.next_at = None if over else now + min(max(SOONEST, (now - row.changed_at) / 6), LATEST)
    row.save(update_fields=[*COUNTED, "changed_at", "looked_at", "ended_at", "next_at"])
    if over:
        _end(row, farm)
    return changed


def _end(row: FarmJob, farm: Farm) -> None:
    """One job whose ending goes wrong must not keep the others from being looked at."""
    try:
        end(row, farm)
    except Exception:
        log.exception("The end of a job could not be told", job=row.name, invocation=str(row.invocation_id))
        FarmJob.objects.filter(pk=row.pk).update(told="Its end could not be told; operators find why in the log.")
