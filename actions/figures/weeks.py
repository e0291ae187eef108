"""Weeks: from Monday to Sunday where the person is, named as ISO 8601 does, as Zou's quotas are (2025-12-30 is in 2026-W01)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from actions.figures.production import Production

WEEK = timedelta(days=7)
MOST = 104
"""Weeks before and after today that are looked at."""


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def sunday(day: date) -> date:
    """The last day of its week."""
    return monday(day) + timedelta(days=6)


def name(day: date) -> str:
    """`2026-W01`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def between(first: date, last: date) -> list[date]:
    """The Mondays of all weeks from that of the first day to that of the last."""
    start, count = monday(first), (monday(last) - monday(first)).days // 7 + 1
    return [start + WEEK * number for number in range(max(0, count))]


def shown(production: Production, first: date, last: date) -> list[date]:
    """The same, cut at the time range of the scope and at two years from today."""
    today, scope = production.today, production.scope
    first = max(scope.since or first, today - WEEK * MOST)
    last = min(scope.until or last, today + WEEK * MOST)
    return between(first, last)


def moments(production: Production, mondays: list[date]) -> tuple[datetime, datetime]:
    """When these weeks begin and when they are over, in UTC: what is compared with it need not be put into a day first."""
    ends = (mondays[0], mondays[-1] + WEEK) if mondays else (production.today, production.today)
    begin, over = (datetime.combine(one, time.min, production.zone).astimezone(UTC) for one in ends)
    return begin, over


def work_days(first: date, last: date) -> int:
    """Days from Monday to Friday between two days, both included (`get_business_days` of Zou leaves the first one out)."""
    if last < first:
        return 0
    whole, rest = divmod((last - first).days + 1, 7)
    return 5 * whole + sum((first + timedelta(days=number)).weekday() < 5 for number in range(rest))
