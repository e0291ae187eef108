"""Weeks: from Monday to Sunday where the person is, named as ISO 8601 does, as Zou's quotas are (2025-12-30 is in 2026-W01)."""

from __future__ import annotations

from datetime import date, timedelta

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


def work_days(first: date, last: date) -> int:
    """Days from Monday to Friday between two days, both included (`get_business_days` of Zou leaves the first one out)."""
    if last < first:
        return 0
    whole, rest = divmod((last - first).days + 1, 7)
    return 5 * whole + sum((first + timedelta(days=number)).weekday() < 5 for number in range(rest))
