"""What is done once when a job has ended: the log of a failure, the last picture, the event, and Kitsu told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.utils import timezone

from actions.contract import ActionError
from actions.farms.contract import Farm
from actions.farms.submitting import sent_of
from actions.farms.telling import tell_kitsu
from actions.worker.report import clean
from audit.files import FileTooLarge, keep_file
from audit.models import FarmJob, InvocationFile
from audit.states import Happened

log = structlog.get_logger(__name__)

LONGEST_LOG = 20_000
"""Characters."""


def end(row: FarmJob, farm: Farm) -> None:
    """Of several who see the end at the same time, in however many rows of the job, one gets past the first lines."""
    first = row.same_job.values_list("pk", flat=True)[0]
    if not FarmJob.objects.filter(pk=first, told_at=None).update(told_at=timezone.now()):
        return
    text = f"“{row.name}”: {row.get_state_display().lower()}.{f' {row.message}' if row.message else ''}"
    row.invocation.event(Happened.FARM_ENDED, text=text, farm=row.farm, job=row.external_id, state=row.state).save()
    if row.state == FarmJob.State.FAILED:
        row.log = clean(str(_asked(lambda: farm.log_tail(sent_of(row))) or ""))[-LONGEST_LOG:]
    if row.state in {FarmJob.State.DONE, FarmJob.State.FAILED}:
        _keep_picture(row, farm)
    row.save(update_fields=["log", "picture"])
    told = tell_kitsu(row)
    row.same_job.update(told=told, log=row.log, told_at=timezone.now())


def _keep_picture(row: FarmJob, farm: Farm) -> None:
    picture = _asked(lambda: farm.picture(sent_of(row)))
    if picture is None:
        return
    ending = picture.content_type.partition("/")[2] or "jpg"
    try:
        made = InvocationFile.Origin.MADE
        row.picture = keep_file(
            row.invocation, f"{row.name[:80]}.{ending}", picture.content, picture.content_type, made
        )
    except (FileTooLarge, OSError) as error:
        log.warning("The last picture could not be kept", error=type(error).__name__)


def _asked(ask: Callable[[], Any]) -> Any:
    """What the farm says, if it says it: an end without a log is still an end."""
    try:
        return ask()
    except ActionError as error:
        log.warning("The farm did not say", error=str(error))
        return None
