"""The jobs on a farm as the page of an invocation shows them: all of them counted, some of them listed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, F, FloatField, Sum, Value, When
from django.db.models.functions import Least
from django.http import HttpRequest
from django.utils import timezone

from audit.models import FarmJob, Invocation
from audit.models.farm_job import ENDED, HAS_FAILED, IS_THERE

AT_ONCE = 50
"""Jobs of one page; it is read again every few seconds."""

BAD = (FarmJob.State.FAILED, FarmJob.State.LOST, FarmJob.State.CANCELLED)
"""Ends that count as failed in the bar of all jobs, however far they came."""

DONE = Case(
    When(state=FarmJob.State.DONE, then=Value(1.0)),
    When(state__in=BAD, then=Value(0.0)),
    When(total_count__gt=0, then=Least(Value(1.0), Value(1.0) * F("done_count") / F("total_count"))),
    default=Value(0.0),
    output_field=FloatField(),
)
"""How much of a job is done, 0 to 1: a run is as far as its jobs are, also while none of them has ended."""

WATCHED_EVERY = timedelta(seconds=30)
"""Between two notes that a job is looked at."""


def farm_part(request: HttpRequest, invocation: Invocation) -> dict[str, Any]:
    """What `invocation/farm.html` asks; `farm` is empty where nothing was sent. The address says which state and which page."""
    jobs = invocation.farm_jobs.all()
    by_state = dict(jobs.order_by().values_list("state").annotate(count=Count("pk")))
    if not by_state:
        return {"farm": {}, "farm_jobs": []}
    state = request.GET.get("farm", "")
    state = state if state in by_state else ""
    shown = jobs.filter(state=state) if state else jobs
    page = Paginator(shown.select_related("picture"), AT_ONCE).get_page(request.GET.get("jobs"))
    _watch(page)
    return {"farm": _counted(jobs, by_state) | {"state": state, "page": page}, "farm_jobs": list(page)}


def _watch(page: Iterable[FarmJob]) -> None:
    """Somebody has these before them: of those that render, the picture and the log are read meanwhile."""
    now = timezone.now()
    live = [job for job in page if job.renders or (job.failed_count and not job.ended)]
    news = [job.pk for job in live if job.watched_at is None or now - job.watched_at > WATCHED_EVERY]
    if news:
        FarmJob.objects.filter(pk__in=news).update(watched_at=now)


def _counted(jobs: Any, by_state: dict[str, int]) -> dict[str, Any]:
    count = sum(by_state.values())
    sums = jobs.aggregate(
        done=Sum("done_count"), failed=Sum("failed_count"), total=Sum("total_count"), jobs_done=Sum(DONE)
    )
    states = [(one.value, one.label, by_state[one]) for one in FarmJob.State if by_state.get(one)]
    return {
        "count": count,
        "states": states,
        "done_width": 100 * sums["jobs_done"] / count,
        "failed_width": 100 * sum(by_state.get(one, 0) for one in BAD) / count,
        "frames": sums,
        "to_stop": jobs.filter(IS_THERE).count(),
        "to_retry": jobs.filter(HAS_FAILED).count(),
        "stuck": jobs.exclude(stuck="").count(),
        "live": any(by_state.get(one) for one in FarmJob.State if one not in ENDED)
        or jobs.filter(tell_at__isnull=False).exists(),
    }
