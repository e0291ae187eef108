"""What the record tells Prometheus: what stands open now, and what was counted of all that ended.

Counters come from the counted days. Every process reads the same rows, so that none of them ever seems to run backwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Min, Sum
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from audit.models import Event, FarmJob, Invocation, Round, Seal
from audit.models.day import Day, DayCount, DayTime
from audit.overview.scale import FACTOR
from audit.overview.sources import CountedDays
from audit.states import ENDED, OPEN, State
from kitsu_bridge.metrics.sources import source

UNKNOWN = "unknown"
"""The kind of a call that named no action."""

BOUNDS = range(-24, 97, 12)
"""Steps of the scale at which buckets end: 0.1 seconds to 2.6 hours, each about three times the one before."""

KEPT = 600
"""Seconds that what was counted is kept, under the moment of the counting."""


@source
def open_invocations() -> Iterator[Metric]:
    """What waits, is queued and runs."""
    found = GaugeMetricFamily(
        "kitsu_bridge_invocations_open",
        "Invocations that wait, are queued or run.",
        labels=["state", "waiting_for", "kind"],
    )
    standing = Invocation.objects.filter(state__in=sorted(OPEN)).order_by()
    for row in standing.values("state", "waiting_for", "kind").annotate(many=Count("pk")):
        found.add_metric([row["state"], row["waiting_for"], row["kind"] or UNKNOWN], row["many"])
    yield found


@source
def queues() -> Iterator[Metric]:
    """How many wait for a worker, and for how long."""
    depth = GaugeMetricFamily("kitsu_bridge_queue_depth", "Invocations that no worker has taken yet.", labels=["queue"])
    oldest = GaugeMetricFamily(
        "kitsu_bridge_queue_oldest_seconds", "For how long the oldest of them is queued.", labels=["queue"]
    )
    rows = Invocation.objects.filter(state=State.QUEUED).order_by().values("queue")
    for row in rows.annotate(many=Count("pk"), since=Min("queued_at")):
        depth.add_metric([row["queue"]], row["many"])
        oldest.add_metric([row["queue"]], _ago(row["since"]))
    yield depth
    yield oldest


@source
def rounds() -> Iterator[Metric]:
    """When the sweeper and who looks at farms were last round, and when the days were counted last."""
    found = GaugeMetricFamily(
        "kitsu_bridge_last_round_timestamp_seconds", "When a round was done last, as Unix time.", labels=["round"]
    )
    for row in Round.objects.all():
        found.add_metric([row.what], row.at.timestamp())
    counted_at = _counted_at()
    if counted_at is not None:
        found.add_metric(["count"], counted_at.timestamp())
    yield found


@source
def seals() -> Iterator[Metric]:
    """When something was sealed last, and since when something waits for it."""
    last = Seal.objects.order_by("-number").values_list("at", "last").first()
    at = GaugeMetricFamily("kitsu_bridge_last_seal_timestamp_seconds", "When a seal was made last, as Unix time.")
    if last is not None:
        at.add_metric([], last[0].timestamp())
    yield at
    unsealed = Event.objects.filter(pk__gt=last[1] if last else 0).order_by("pk").values_list("at", flat=True).first()
    help_text = "For how long the oldest event waits for a seal; 0 where none does."
    yield GaugeMetricFamily("kitsu_bridge_unsealed_seconds", help_text, value=_ago(unsealed))


@source
def ended_invocations() -> Iterator[Metric]:
    """What ended, and how long it took."""
    found = CounterMetricFamily(
        "kitsu_bridge_invocations", "Invocations that ended, as counted last.", labels=["state", "door", "kind"]
    )
    counted = _kept("ended", _ended)
    for (state, door, kind), many in counted.items():
        found.add_metric([state, door, kind or UNKNOWN], many)
    yield found
    times = HistogramMetricFamily(
        "kitsu_bridge_seconds", "How long runs waited in the queue, and ran.", labels=["what", "action"]
    )
    for (what, action), (steps, seconds) in _kept("times", _times).items():
        times.add_metric([what, action], _buckets(steps), seconds)
    yield times


@source
def farm_jobs() -> Iterator[Metric]:
    """Jobs on render farms by state, ended ones as of the last counting."""
    found = GaugeMetricFamily("kitsu_bridge_farm_jobs", "Jobs on render farms.", labels=["farm", "state"])
    for (farm, state), many in _kept("farm jobs", _jobs).items():
        found.add_metric([farm, state], many)
    yield found


def _ended() -> dict[tuple[str, str, str], int]:
    kinds = DayCount.objects.filter(side=DayCount.Side.KIND, state__in=sorted(ENDED)).order_by()
    rows = kinds.values_list("state", "door", "key").annotate(many=Sum("count"))
    return {(state, door, kind): many for state, door, kind, many in rows}


def _times() -> dict[tuple[str, str], tuple[Counter[int], float]]:
    source = CountedDays(DayCount.objects.all(), DayTime.objects.all())
    rows = DayTime.objects.order_by().values_list("what", "action_slug").annotate(sum=Sum("seconds"))
    lasted = {(what, action): seconds for what, action, seconds in rows}
    return {(what, action): (times, lasted[what, action]) for (action, what), times in source.steps().items()}


def _jobs() -> dict[tuple[str, str], int]:
    rows = FarmJob.objects.order_by().values_list("farm", "state").annotate(many=Count("pk"))
    return {(farm, state): many for farm, state, many in rows}


def _buckets(steps: Counter[int]) -> list[tuple[str, float]]:
    """How many took at most so long, for each bound. A step ends where the next one begins, so the numbers are exact."""
    found = [(f"{FACTOR**bound:.4g}", float(sum(n for step, n in steps.items() if step < bound))) for bound in BOUNDS]
    return [*found, ("+Inf", float(steps.total()))]


def _kept(name: str, read: Callable[[], Any]) -> Any:
    """What was read since the days were counted last: the same in every process, and anew with the next counting."""
    key = f"measured:{name}:{_counted_at()}".replace(" ", "_")
    try:
        found = cache.get(key)
    except Exception:  # noqa: BLE001 - a cache that is down keeps nothing
        return read()
    if found is None:
        found = read()
        cache.set(key, found, KEPT)
    return found


def _counted_at() -> datetime | None:
    found: datetime | None = Day.objects.aggregate(at=Max("counted_at"))["at"]
    return found


def _ago(moment: datetime | None) -> float:
    return max(0.0, (timezone.now() - moment).total_seconds()) if moment else 0.0
