"""What people may ask of jobs on a farm: stop them, run again what failed, another priority; of one, or of all of a run."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from actions.contract import ActionError
from actions.doors.owner import see, visible_or_404
from actions.farms.contract import Farm, FarmAway, Sent
from actions.farms.looking import farm_of
from actions.farms.submitting import sent_of
from audit.models import FarmJob, Invocation
from audit.models.farm_job import HAS_FAILED, IS_THERE
from audit.states import Happened
from kitsu_bridge.kitsu.signin.identity import identity_of

HIGHEST = 1000
"""Of any farm's priorities; each farm bounds its own."""

PATIENCE = 15
"""Seconds after which no more jobs are asked for at once: a person waits for the page."""

WORDS = {"cancel": "asked to stop", "retry": "asked to run again what failed", "priority": "given another priority"}

OF_ALL = {"cancel": IS_THERE, "retry": HAS_FAILED}
"""What may be asked of all jobs of a run, and of which."""

RUNS_AGAIN = {"state": FarmJob.State.QUEUED, "ended_at": None, "tell_at": None, "told_at": None, "told": "", "log": ""}
"""What a row forgets."""


@require_POST
def ask_farm(request: HttpRequest, pk: UUID, job_pk: int) -> HttpResponse:
    """`what` is `cancel`, `retry` or `priority`. Recorded, whatever the farm says."""
    invocation = visible_or_404(request, pk)
    row = invocation.farm_jobs.filter(pk=job_pk).first()
    if row is None:
        raise Http404
    what = request.POST.get("what", "")
    act = _act(what, request.POST.get("priority", ""))
    if act is None or not row.external_id:
        messages.error(request, "Give a priority as a whole number." if what == "priority" else "That cannot be asked.")
        return see(invocation)
    try:
        act(farm_of(invocation), sent_of(row))
        said = f"“{row.name}”: {WORDS[what]}."
        look_soon(row, again=what == "retry")
        messages.success(request, said)
    except ActionError as error:
        said = f"“{row.name}”: the farm did not take it. {error}"
        messages.error(request, said)
    _recorded(request, invocation, said, job=row.external_id, asked=what)
    return see(invocation)


@never_cache
@require_POST
def ask_farm_for_all(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`what` is `cancel`, of all jobs that have not ended, or `retry`, of all with failures; without `sure` a page asks."""
    invocation = visible_or_404(request, pk)
    what = request.POST.get("what", "")
    act = _act(what, "") if what in OF_ALL else None
    rows = invocation.farm_jobs.filter(OF_ALL.get(what, IS_THERE)).exclude(external_id="")
    if act is None or not rows:
        messages.info(request, "No job is so any more." if act else "That cannot be asked.")
        return see(invocation)
    if "sure" not in request.POST:
        context = {"invocation": invocation, "what": what, "count": rows.count(), "farm_jobs": rows[:5]}
        return render(request, "invocation/farm_sure.html", context)
    asked, trouble = _ask_each(invocation, rows, act, again=what == "retry")
    said = f"{len(asked):,} of {len(rows):,} jobs: {WORDS[what]}.{f' {trouble}' if trouble else ''}"
    (messages.error if trouble else messages.success)(request, said)
    _recorded(request, invocation, said, jobs=asked, asked=what)
    return see(invocation)


def _ask_each(
    invocation: Invocation, rows: QuerySet[FarmJob], act: Callable[[Farm, Sent], None], *, again: bool
) -> tuple[list[str], str]:
    """The ids of those that the farm took, and what went wrong first. A farm that is away is not asked for the next one."""
    until, asked, trouble = time.monotonic() + PATIENCE, list[str](), ""
    try:
        farm = farm_of(invocation)
        for row in rows:
            if time.monotonic() > until:
                return asked, f"{trouble} The farm is slow: ask once more for the others.".strip()
            try:
                act(farm, sent_of(row))
            except FarmAway:
                raise
            except ActionError as error:
                trouble = trouble or f"“{row.name}”: {error}"
                continue
            look_soon(row, again=again)
            asked.append(row.external_id)
    except ActionError as error:
        trouble = trouble or str(error)
    return asked, trouble


def _act(what: str, priority: str) -> Callable[[Farm, Sent], None] | None:
    if what == "cancel":
        return lambda farm, job: farm.cancel(job)
    if what == "retry":
        return lambda farm, job: farm.retry_errors(job)
    if what == "priority" and priority.isascii() and priority.isdecimal() and int(priority[:6]) <= HIGHEST:
        return lambda farm, job: farm.set_priority(job, int(priority))
    return None


def look_soon(row: FarmJob, *, again: bool) -> None:
    """What the farm makes of it shows at the next look; a job that runs again is told of again when it ends."""
    now = timezone.now()
    row.same_job.update(next_at=now, changed_at=now, **(RUNS_AGAIN if again else {}))


def _recorded(request: HttpRequest, invocation: Invocation, said: str, **data: object) -> None:
    invocation.event(Happened.FARM_ASKED, actor=identity_of(request).person, text=said, **data).save()
