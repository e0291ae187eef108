"""Where the overview's numbers come from: the counted days, or, where those do not tell, the record itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Protocol

from django.db.models import QuerySet, Sum

from audit.models import Invocation
from audit.models.day import DayCount, DayTime
from audit.overview.grouping import MEASURED, Side, by_day, grouped, timed

ByKey = Mapping[str, Counter[str]]
"""How many stand in each state, for each key."""

Steps = Mapping[tuple[str, str], Counter[int]]
"""How many runs by step of the scale, for each action and what was measured."""


class Source(Protocol):
    """What the tables ask for."""

    def days(self) -> ByKey:
        """By day, as `2026-11-20`."""

    def by(self, side: str) -> ByKey:
        """By action, person, production, kind or reason."""

    def doors(self) -> ByKey:
        """By door."""

    def steps(self) -> Steps:
        """How long it took."""


class CountedDays:
    """From the counted days: thousands of rows, however many invocations there were."""

    def __init__(self, counts: QuerySet[DayCount], times: QuerySet[DayTime]) -> None:
        self.counts, self.times = counts.order_by(), times.order_by()

    def days(self) -> ByKey:
        """Every invocation has one kind, so that side counts each once."""
        return self._by(self.counts.filter(side=Side.KIND), "day_id")

    def by(self, side: str) -> ByKey:
        """See `Source`."""
        return self._by(self.counts.filter(side=side), "key")

    def doors(self) -> ByKey:
        """See `Source`."""
        return self._by(self.counts.filter(side=Side.KIND), "door")

    def steps(self) -> Steps:
        """See `Source`."""
        found: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        for action, what, steps in self.times.values_list("action_slug", "what", "steps").iterator():
            for step, many in steps.items():
                found[action, what][int(step)] += many
        return found

    def _by(self, rows: QuerySet[DayCount], field: str) -> ByKey:
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for key, state, many in rows.values_list(field, "state").annotate(many=Sum("count")):
            found[str(key)][state] += many
        return found


class Record:
    """From the record itself, for what an index narrows: one action, one production, the productions of a lead."""

    def __init__(self, rows: QuerySet[Invocation]) -> None:
        self.rows = rows

    def days(self) -> ByKey:
        """See `Source`."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for day, state, many in by_day(self.rows):
            found[day][state] += many
        return found

    def by(self, side: str) -> ByKey:
        """See `Source`."""
        return self._by(side, "key")

    def doors(self) -> ByKey:
        """See `Source`."""
        return self._by(Side.KIND, "door")

    def steps(self) -> Steps:
        """See `Source`."""
        found: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        for what in MEASURED:
            for one in timed(self.rows, what):
                found[one.action, what][one.step] += one.count
        return found

    def _by(self, side: str, field: str) -> ByKey:
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for one in grouped(self.rows, side):
            found[getattr(one, field)][one.state] += one.count
        return found
