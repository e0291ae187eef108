"""What people may ask of a job on a farm: stop it, run again what failed, another priority."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from actions.contract import ActionError
from actions.doors.owner import see
from actions.farms.contract import Farm, Sent
from actions.farms.looking import farm_of
from actions.farms.submitting import sent_of
from audit.access import may_see
from audit.models import FarmJob
from audit.states import Happened
from kitsu_bridge.kitsu.signin.identity import identity_of

HIGHEST = 1000
"""Of any farm's priorities; each farm bounds its own."""


@require_POST
def ask_farm(request: HttpRequest, pk: UUID, job_pk: int) -> HttpResponse:
    """`what` is `cancel`, `retry` or `priority`. Recorded, whatever the farm says."""
    row = FarmJob.objects.select_related("invocation").filter(pk=job_pk, invocation_id=pk).first()
    identity = identity_of(request)
    if row is None or not may_see(identity, row.invocation):
        raise Http404
    what = request.POST.get("what", "")
    act = _act(what, request.POST.get("priority", ""))
    if act is None or not row.external_id:
        messages.error(request, "Give a priority as a whole number." if what == "priority" else "That cannot be asked.")
        return see(row.invocation)
    try:
        act(farm_of(row.invocation), sent_of(row))
        said = f"“{row.name}”: {WORDS[what]}."
        look_soon(row, again=what == "retry")
        messages.success(request, said)
    except ActionError as error:
        said = f"“{row.name}”: the farm did not take it. {error}"
        messages.error(request, said)
    row.invocation.event(Happened.FARM_ASKED, actor=identity.person, text=said, job=row.external_id, asked=what).save()
    return see(row.invocation)


WORDS = {"cancel": "asked to stop", "retry": "asked to run again what failed", "priority": "given another priority"}


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
    anew = {"state": FarmJob.State.QUEUED, "ended_at": None, "told_at": None, "log": ""} if again else {}
    row.same_job.update(next_at=now, changed_at=now, **anew)
