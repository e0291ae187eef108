"""Counts the days of the record: the sweeper every minute those that still change, a command those that it is told to.

A day is counted as a whole, anew each time. So it is always right as of then, whoever counts, and however late something ends.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from audit.models import Invocation
from audit.models.day import Day, DayCount, DayTime
from audit.overview.grouping import Tally, tally, timed
from audit.states import OPEN

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
    row, _ = Day.objects.get_or_create(day=day)
    if not Day.objects.filter(day=day, counted_at=row.counted_at).update(counted_at=timezone.now()):
        return False
    now, rows = timezone.now(), _received_on(day)
    counted, times = tally(rows), list(_times(row, rows))  # Outside of the transaction: SQLite has one for all.
    still_open = any(OPEN & counts.keys() for counts in counted.days.values())
    kept = row.counts.filter(side=DayCount.Side.KIND).aggregate(count=Sum("count"))["count"] or 0
    fewer = counted.total < kept and not even_if_fewer
    over = now > end_of(day) + LATE and not still_open
    with transaction.atomic():
        if not fewer:
            _replace(row, _counts(row, counted), times)
        Day.objects.filter(day=day).update(counted_at=timezone.now(), settled=over or fewer)
    return not fewer


def _replace(row: Day, counts: Iterable[DayCount], times: Iterable[DayTime]) -> None:
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
    day, last = studio_day(), studio_day(first)
    while day >= last:
        if day not in done:
            yield day
        day -= timedelta(days=1)


def _received_on(day: date) -> QuerySet[Invocation]:
    return Invocation.objects.filter(received_at__gte=begin_of(day), received_at__lt=end_of(day)).order_by()


def studio_day(moment: datetime | None = None) -> date:
    """The day that it is, or that it was at a moment, in the studio's time zone."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def begin_of(day: date) -> datetime:
    """Midnight in the studio's time zone."""
    return timezone.make_aware(datetime.combine(day, clock.min), timezone.get_default_timezone())


def end_of(day: date) -> datetime:
    """The next one."""
    return begin_of(day + timedelta(days=1))


def _counts(day: Day, counted: Tally) -> Iterator[DayCount]:
    for side, keys in counted.sides.items():
        for (key, door), counts in keys.items():
            for state, count in counts.items():
                yield DayCount(day=day, side=side, key=key, door=door, state=state, count=count)


def _times(day: Day, rows: QuerySet[Invocation]) -> Iterator[DayTime]:
    for what in DayTime.What:
        found: dict[tuple[str, str], DayTime] = {}
        for one in timed(rows, what):
            empty = DayTime(day=day, what=what, action_slug=one.action, door=one.door, steps={}, seconds=0.0)
            row = found.setdefault((one.action, one.door), empty)
            row.steps[one.step] = one.count
            row.seconds += one.seconds
        yield from found.values()
