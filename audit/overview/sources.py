"""Where the overview's numbers come from: the counted days, or, where those do not tell, the record itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import Protocol

from django.db.models import QuerySet, Sum

from audit.models import Invocation
from audit.models.day import DayCount, DayTime
from audit.overview.grouping import MEASURED, Side, Tally, tally, timed

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
        return self._tally.days

    def by(self, side: str) -> ByKey:
        """See `Source`."""
        return self._by(side, 0)

    def doors(self) -> ByKey:
        """See `Source`."""
        return self._by(Side.KIND, 1)

    def steps(self) -> Steps:
        """See `Source`."""
        found: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        for what in MEASURED:
            for one in timed(self.rows, what):
                found[one.action, what][one.step] += one.count
        return found

    @cached_property
    def _tally(self) -> Tally:
        return tally(self.rows)

    def _by(self, side: str, part: int) -> ByKey:
        """Added up over doors (part 0), or over keys (part 1)."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for key, counts in self._tally.sides[side].items():
            found[key[part]].update(counts)
        return found


class Once:
    """A source of which each thing is read once: several tables of a page ask for the same."""

    def __init__(self, source: Source) -> None:
        self.days: Callable[[], ByKey] = cache(source.days)
        self.by: Callable[[str], ByKey] = cache(source.by)
        self.doors: Callable[[], ByKey] = cache(source.doors)
        self.steps: Callable[[], Steps] = cache(source.steps)
