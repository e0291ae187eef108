"""The times of a schedule: Celery reads the crontab, and its days are walked on the clock of the time zone that it names.

Celery's own reckoning (celery/schedules.py in Celery 5.7.0) turns every time into the worker's zone: it is wrong in others.
A time that the clock leaves out in spring comes an hour later; one that it shows twice in autumn comes once, unless it is for
every hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from celery.schedules import crontab
from django_celery_beat.models import CrontabSchedule

HOURS = 24
FARTHEST = 366 * 9
"""Days that are looked through: the 29th of February may be eight years away."""


def times_after(times: CrontabSchedule, moment: datetime) -> Iterator[datetime]:
    """All times after a moment, in UTC. Raises `ValueError` for a crontab that is none, or never comes."""
    spec: Any = crontab(times.minute, times.hour, times.day_of_week, times.day_of_month, times.month_of_year)
    first = moment.astimezone(times.timezone).date()
    for day in (first + timedelta(days=number) for number in range(FARTHEST)):
        if _is_day(spec, day):
            yield from (at for at in _times_of(spec, day, times) if at > moment)


def next_after(times: CrontabSchedule, moment: datetime) -> datetime | None:
    """The first one; None when there is none any more."""
    return next(times_after(times, moment), None)


def next_times(times: CrontabSchedule, moment: datetime, count: int = 5) -> list[datetime]:
    """The next few."""
    return list(islice(times_after(times, moment), count))


def _is_day(spec: Any, day: date) -> bool:
    """Celery counts from Sunday."""
    weekday = day.isoweekday() % 7
    return weekday in spec.day_of_week and day.day in spec.day_of_month and day.month in spec.month_of_year


def _times_of(spec: Any, day: date, times: CrontabSchedule) -> list[datetime]:
    folds = (0, 1) if len(spec.hour) == HOURS else (0,)
    clock = (time(hour, minute, fold=fold) for hour in spec.hour for minute in spec.minute for fold in folds)
    return sorted({datetime.combine(day, at, times.timezone).astimezone(UTC) for at in clock})
