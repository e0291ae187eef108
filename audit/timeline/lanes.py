"""The lanes of a day: one for each action or person, with a bar for each invocation, or, on a busy day, for each hour.

However much happened, the page has so many lanes and bars and no more: the database counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Count, F, Max, QuerySet
from django.db.models.functions import TruncHour
from django.utils import timezone

from audit.models import Invocation
from audit.states import State
from audit.timeline.day import Day

MOST_BARS = 400
"""Invocations of a day that are shown one by one; beyond that hours are."""

MOST_LANES = 24
MOST_STACKED = 5
"""Bars of a lane above each other; what overlaps more lies on the last."""

BY = {"action": ("action_slug", "action_name"), "person": ("person_id", "person_name")}
OTHERS = "\x00"
"""The key of the lane of all that have none of their own."""


@dataclass(frozen=True, slots=True)
class Bar:
    """From when to when, in shares of the day; `row`: above each other where they overlap."""

    begin: float
    end: float
    row: int
    state: str
    invocation: Invocation


@dataclass(frozen=True, slots=True)
class Hour:
    """What came in one hour of one lane."""

    begin: datetime
    end: datetime
    states: Counter[str]

    @property
    def count(self) -> int:
        """How many in all."""
        return self.states.total()


@dataclass(slots=True)
class Lane:
    """One action's or person's day: bars, or hours."""

    key: str
    name: str
    bars: list[Bar] = field(default_factory=list)
    hours: list[Hour] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many bars lie above each other."""
        return max((bar.row for bar in self.bars), default=0) + 1

    @property
    def count(self) -> int:
        """How many invocations it has."""
        return len(self.bars) or sum(hour.count for hour in self.hours)


def lanes_of(rows: QuerySet[Invocation], day: Day, by: str) -> tuple[list[Lane], bool]:
    """The lanes of what was received on that day, those with most first; and whether hours stand for invocations."""
    on_it = rows.filter(received_at__gte=day.begin, received_at__lt=day.end).order_by()
    found = list(_light(on_it).order_by("received_at", "pk")[: MOST_BARS + 1])
    if len(found) > MOST_BARS:
        return _grouped(on_it, day, by), True
    return _single(found, day, by), False


def _light(rows: QuerySet[Invocation]) -> QuerySet[Invocation]:
    """Without what makes a row long."""
    return rows.defer(
        "payload", "definition", "options", "parameters", "understood", "outcome", "traceback", "task_ids"
    )


def _single(found: list[Invocation], day: Day, by: str) -> list[Lane]:
    key, name = BY[by]
    lanes: dict[str, Lane] = {}
    for invocation in found:
        value = str(getattr(invocation, key))
        lanes.setdefault(value, Lane(value, "")).name = _named(str(getattr(invocation, name)) or value, by)
    for value, lane in lanes.items():
        lane.bars = _packed([one for one in found if str(getattr(one, key)) == value], day)
    shown = sorted(lanes.values(), key=lambda lane: (-len(lane.bars), lane.name))
    return shown[:MOST_LANES] + _rest(shown[MOST_LANES:], day)


def _rest(lanes: list[Lane], day: Day) -> list[Lane]:
    """One lane for all that have none of their own."""
    if not lanes:
        return []
    found = sorted((bar.invocation for lane in lanes for bar in lane.bars), key=lambda one: one.received_at)
    return [Lane(OTHERS, f"{len(lanes)} others", _packed(found, day))]


def _packed(found: Iterable[Invocation], day: Day) -> list[Bar]:
    """Each on the first row that is free when it begins."""
    ends: list[float] = []
    bars = []
    for invocation in found:
        begin, end = day.share(invocation.received_at), day.share(end_of(invocation))
        row = next((number for number, taken in enumerate(ends) if taken <= begin), len(ends))
        row = min(row, MOST_STACKED - 1)
        ends[row : row + 1] = [max(end, begin + MIN_SHARE)]
        bars.append(Bar(begin, end, row, invocation.state, invocation))
    return bars


MIN_SHARE = 0.004
"""Of the day: what ends sooner is drawn so long, else nobody could hit it."""


def end_of(invocation: Invocation) -> datetime:
    """When it ended, or now while something happens to it."""
    if invocation.finished_at is not None:
        return invocation.finished_at
    return invocation.received_at if invocation.ended else timezone.now()


def _grouped(rows: QuerySet[Invocation], day: Day, by: str) -> list[Lane]:
    key, name = BY[by]
    most = rows.values(key).annotate(count=Count("pk"), named=Max(name)).order_by("-count", key)[:MOST_LANES]
    lanes = {row[key]: Lane(row[key], _named(row["named"] or row[key], by)) for row in most}
    for value, hours in _counted(rows.filter(**{f"{key}__in": list(lanes)}), day, key).items():
        lanes[value].hours = hours
    others = _counted(rows.exclude(**{f"{key}__in": list(lanes)}), day, None)
    return [*lanes.values(), *(Lane(OTHERS, "All others", hours=hours) for hours in others.values())]


def _counted(rows: QuerySet[Invocation], day: Day, key: str | None) -> dict[str, list[Hour]]:
    """The hours of each lane, counted by the database: a few hundred groups, however many rows."""
    hour = TruncHour("received_at", tzinfo=day.steady)
    names = {"lane": F(key)} if key else {}
    groups = rows.values(hour=hour, state_=F("state"), **names).annotate(count=Count("pk"))
    ordered = sorted(groups, key=lambda group: (group.get("lane", ""), group["hour"]))
    found: dict[str, list[Hour]] = {}
    for (lane, begin), same in groupby(ordered, key=lambda group: (group.get("lane", ""), group["hour"])):
        counts = Counter({group["state_"]: group["count"] for group in same})
        found.setdefault(lane, []).append(Hour(begin, min(begin + timedelta(hours=1), day.end), counts))
    return found


def _named(name: str, by: str) -> str:
    return name or ("Unknown action" if by == "action" else "Nobody known")


def in_words(states: Counter[str]) -> str:
    """`12 Succeeded, 3 Failed`."""
    return ", ".join(f"{states[state]} {state.label}" for state in State if states[state])
