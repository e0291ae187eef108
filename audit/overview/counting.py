"""Counts the days of the record: the sweeper every minute those that still change, a command those that it is told to.

A day is counted as a whole, anew each time. So it is always right as of then, whoever counts, and however late something ends.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, Count, F, FloatField, Q, QuerySet, Sum, Value, When
from django.utils import timezone

from audit.models import Invocation
from audit.models.day import Day, DayCount, DayTime
from audit.overview.scale import RUNNING, WAITING, step_of
from audit.states import OPEN, State, Trust

EVERY = timedelta(seconds=60)
"""Between two counts of a day that still changes."""

LATE = timedelta(minutes=10)
"""After its end, a call may still be committed that came before it."""

LONGEST = 2.0
"""Seconds after which a round leaves the rest to the next one: the sweeper has more to do."""


def count_days() -> int:
    """Count what is due, the newest first; how many days were counted."""
    began, done = time.monotonic(), 0
    for day in _due():
        done += count_day(day)
        if time.monotonic() - began > LONGEST:
            break
    return done


def count_day(day: date, *, even_if_fewer: bool = False) -> bool:
    """Count one day anew; False when somebody else does, or when the record holds less than was counted.

    What retention took out of the record stays in the figures; `even_if_fewer` takes it out of them as well.
    """
    Day.objects.get_or_create(day=day)
    with transaction.atomic():
        row = Day.objects.select_for_update(skip_locked=True).filter(day=day).first()
        if row is None:
            return False
        now, rows = timezone.now(), _received_on(day)
        counts, times = list(_counts(row, rows)), list(_times(row, rows))
        still_open = any(one.state in OPEN for one in counts)
        over = now > _end_of(day) + LATE and not still_open
        kept = row.counts.aggregate(count=Sum("count"))["count"] or 0
        fewer = sum(one.count for one in counts) < kept and not even_if_fewer
        if not fewer:
            _replace(row, counts, times)
        Day.objects.filter(day=day).update(counted_at=now, settled=over or fewer)
    return not fewer


def _replace(row: Day, counts: list[DayCount], times: list[DayTime]) -> None:
    row.counts.all().delete()
    row.times.all().delete()
    DayCount.objects.bulk_create(counts, batch_size=500)
    DayTime.objects.bulk_create(times, batch_size=500)


def _due() -> Iterator[date]:
    """Days that are not settled and were not counted within the last minute."""
    first = Invocation.objects.order_by("received_at").values_list("received_at", flat=True).first()
    if first is None:
        return
    fresh = timezone.now() - EVERY
    done = set(Day.objects.filter(Q(settled=True) | Q(counted_at__gt=fresh)).values_list("day", flat=True))
    day, last = timezone.localdate(), timezone.localtime(first).date()
    while day >= last:
        if day not in done:
            yield day
        day -= timedelta(days=1)


def _received_on(day: date) -> QuerySet[Invocation]:
    return Invocation.objects.filter(received_at__gte=_begin_of(day), received_at__lt=_end_of(day)).order_by()


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock.min), timezone.get_default_timezone())


def _end_of(day: date) -> datetime:
    return _begin_of(day + timedelta(days=1))


ALIKE = ("action_slug", "kind", "door", "person_id", "productions", "state", "reason_code")
ALIKE_TIMES = ("action_slug", "door", "productions", "step")

WHERE = ("scope", "several")
"""`productions` as the database groups it: the list of ids only where there are several."""


def _grouped(rows: QuerySet[Invocation]) -> QuerySet[Invocation]:
    """Rows with what strangers chose left out: a name of an action that never was, a person whom nobody proved."""
    empty = Value("", output_field=CharField())
    return rows.annotate(
        slug=Case(When(kind="", then=empty), default=F("action_slug"), output_field=CharField()),
        person=Case(When(trust=Trust.NONE, then=empty), default=F("person_id"), output_field=CharField()),
        code=Case(When(state=State.REFUSED, then=F("reason_code")), default=empty, output_field=CharField()),
        several=Case(When(scope="*", then=F("project_ids")), default=Value(None), output_field=_JSON),
    )


_JSON = Invocation._meta.get_field("project_ids")


def _counts(day: Day, rows: QuerySet[Invocation]) -> Iterator[DayCount]:
    found: Counter[tuple[Any, ...]] = Counter()
    columns = ("slug", "kind", "door", "person", "state", "code")
    for row in _grouped(rows).values(*columns, *WHERE).annotate(many=Count("pk")):
        key = (row["slug"], row["kind"], row["door"], row["person"], _productions(row), row["state"], row["code"])
        found[key] += row["many"]
    for key, count in found.items():
        yield DayCount(day=day, count=count, **dict(zip(ALIKE, key, strict=True)))


def _times(day: Day, rows: QuerySet[Invocation]) -> Iterator[DayTime]:
    began = _grouped(rows.filter(started_at__isnull=False))
    for what, seconds in ((DayTime.What.WAITING, WAITING), (DayTime.What.RUNNING, RUNNING)):
        measured = began.annotate(took=seconds).filter(took__isnull=False).annotate(step=step_of(F("took")))
        counted: Counter[tuple[Any, ...]] = Counter()
        lasted: Counter[tuple[Any, ...]] = Counter()
        grouped = measured.values("slug", "door", *WHERE, "step")
        for row in grouped.annotate(many=Count("pk"), sum=Sum("took", output_field=FloatField())):
            key = (row["slug"], row["door"], _productions(row), row["step"])
            counted[key] += row["many"]
            lasted[key] += row["sum"]
        for key, count in counted.items():
            names = dict(zip(ALIKE_TIMES, key, strict=True))
            yield DayTime(day=day, what=what, count=count, seconds=max(0.0, lasted[key]), **names)


def _productions(row: dict[str, Any]) -> str:
    return str(row["scope"]) if row["several"] is None else ",".join(sorted(row["several"]))
