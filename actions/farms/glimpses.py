"""What a farm shows of one job, kept with its row: the last lines of a log, and the last picture.

It is read when a job has ended, and while it renders where somebody has it before them: once a minute, some jobs a round.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.db.models import Q
from django.utils import timezone

from actions.contract import ActionError
from actions.farms.contract import Farm, FarmAway, Picture
from actions.farms.looking import farm_of
from actions.farms.submitting import sent_of
from actions.worker.report import clean
from audit.files import FileTooLarge, keep_file
from audit.models import FarmJob, InvocationFile
from audit.models.farm_job import ON_THE_FARM

log = structlog.get_logger(__name__)

AT_ONCE, ROUND = 10, 20
"""Jobs of one round, and seconds after which it begins with no other one."""

EVERY = timedelta(minutes=1)
"""Between two pictures of a job."""

WATCHED_FOR = timedelta(minutes=1)
"""After somebody's page had the job on it. Pages write it down every half minute."""

LONGEST_LOG = 20_000
"""Characters."""


def glimpse() -> int:
    """One round: of jobs that render, or wait after a failure, and are watched; how many were read."""
    now, until = timezone.now(), time.monotonic() + ROUND
    live = Q(state=FarmJob.State.RUNNING) | Q(state__in=ON_THE_FARM, failed_count__gt=0)
    watched = FarmJob.objects.filter(live, watched_at__gte=now - WATCHED_FOR)
    due = watched.filter(Q(glimpsed_at=None) | Q(glimpsed_at__lte=now - EVERY)).order_by("glimpsed_at", "pk")
    read = 0
    for row in due.select_related("invocation", "picture")[:AT_ONCE]:
        mine = FarmJob.objects.filter(pk=row.pk, glimpsed_at=row.glimpsed_at).update(glimpsed_at=now)
        if mine and time.monotonic() < until:
            read += _glimpsed(row)
    return read


def _glimpsed(row: FarmJob) -> bool:
    try:
        read_job(row, farm_of(row.invocation))
    except ActionError as error:
        log.info("A farm shows nothing of a job", job=row.name, error=str(error))
        return False
    except Exception:
        log.exception("What a farm shows of a job could not be read", job=row.name)
        return False
    return True


def read_job(row: FarmJob, farm: Farm) -> None:
    """The log's last lines where something failed or renders, the last picture where there is one; both where farms give them."""
    if row.state == FarmJob.State.FAILED or not row.ended:
        text = clean(str(_asked(lambda: farm.log_tail(sent_of(row))) or ""))[-LONGEST_LOG:]
        row.log = text or row.log
        row.same_job.update(log=row.log)
    if row.state in {FarmJob.State.DONE, FarmJob.State.FAILED, FarmJob.State.RUNNING}:
        picture = _asked(lambda: farm.picture(sent_of(row)))
        if picture is not None:
            _keep(row, picture)


def _keep(row: FarmJob, picture: Picture) -> None:
    """In the place of the one before."""
    before = row.picture
    if before is not None and before.path.exists() and before.path.read_bytes() == picture.content:
        return
    ending = picture.content_type.partition("/")[2] or "jpg"
    try:
        made, name = InvocationFile.Origin.MADE, f"{row.name[:80]}.{ending}"
        row.picture = keep_file(row.invocation, name, picture.content, picture.content_type, made)
    except (FileTooLarge, OSError) as error:
        log.warning("The last picture could not be kept", error=type(error).__name__)
        return
    FarmJob.objects.filter(pk=row.pk).update(picture=row.picture)
    if before is not None:
        before.delete()


def _asked(ask: Callable[[], Any]) -> Any:
    """What the farm says, if it says it: a job without a log is still a job. Raises `FarmAway`."""
    try:
        return ask()
    except FarmAway:
        raise
    except ActionError as error:
        log.warning("The farm did not say", error=str(error))
        return None
