"""Walks the log in its order, newest first, from any place in it and in both directions, whatever is asked for and by whomever.

A page costs the same however long the log is: nothing is counted to the end, no page is reached by skipping others. What one
index holds in the log's order is put as alternatives (`scope = a` or `scope = b` or `person_id = c`): each is walked, and only
the first of each are merged; as one condition with OR the database would read and sort them all. Everything else is sought
(audit/log/seeking.py). A database that can do neither is small, and reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import Any, Self
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from audit.access import Sight
from audit.log.conditions import SEARCHES
from audit.log.filters import Filters
from audit.log.marks import marks_of
from audit.log.place import Place
from audit.log.seeking import Sought
from audit.log.sight import alternatives, apart
from audit.models import Invocation

COUNTED, COUNTED_SEARCH = 101, 51
"""How far a page counts: one more than it says. A search reads rows to find the next, so it stops behind its page."""

TIMES = ("since", "until")
WALKED = frozenset({"person_id", "scope", "action_slug"})
"""By each of them, an index holds all invocations in the log's order."""

ENTITIES_BEGIN = 400
LONG = (
    "payload", "definition", "options", "parameters", "understood", "outcome", "traceback", "task_ids", "entities",
    "salts", "gone",
)  # fmt: skip
MOST_ALTERNATIVES = 32
"""More of them are sought."""

NEWEST, OLDEST = ("-received_at", "-id"), ("received_at", "id")


@dataclass(frozen=True, slots=True)
class Walk:
    """The invocations that somebody may see and asks for: all of `fits`, `words` and `times` hold; None of them for nobody."""

    fits: tuple[Q, ...] | None
    words: tuple[Q, ...] = ()
    times: Q = Q()

    @property
    def counted(self) -> int:
        """How far its pages count: one more than they say."""
        return COUNTED_SEARCH if self.words else COUNTED

    @classmethod
    def through(cls, sight: Sight, filters: Filters) -> Self:
        """What the filters ask for, in somebody's sight."""
        if filters.problems or not (seen := alternatives(sight)):
            return cls(None)
        asked = filters.conditions()
        times = reduce(and_, [asked.pop(name) for name in TIMES if name in asked], Q())
        searches = [part for name in SEARCHES if name in asked for part in _parts(asked.pop(name))]
        words = tuple(part for part in searches if not marks_of(part))
        fits = [*asked.values(), *[part for part in searches if marks_of(part)]]
        return cls(tuple(fits if sight.everything else [reduce(or_, seen), *fits]), words, times)

    def within(self, condition: Q) -> Self:
        """The same walk through what fits this as well."""
        return self if self.fits is None or not condition else replace(self, fits=(*self.fits, condition))

    def ids(self, many: int, place: Place | None = None, *, backwards: bool = False) -> list[UUID]:
        """Of the newest, or of the next ones older than a place; `backwards`: of the oldest, or the next ones newer."""
        if self.fits is None:
            return []
        order = OLDEST if backwards else NEWEST
        where = Q() if place is None else place.newer() if backwards else place.older()
        if (walked := self._walked()) is not None:
            return _merged([part.filter(self.times, where).order_by(*order)[:many] for part in walked], order, many)
        sought = Sought(reduce(and_, self.fits, Q()), reduce(and_, self.words, Q()), self.times & where)
        return [pk for _, pk in sought.first(order, many)]

    def rows(self, ids: list[UUID]) -> list[Invocation]:
        """The invocations themselves, newest first."""
        return list(listed(Invocation.objects.filter(pk__in=ids)).order_by(*NEWEST)) if ids else []

    def first(self, many: int, place: Place | None = None) -> list[Invocation]:
        """The newest; or the next ones that are older than a place."""
        return self.rows(self.ids(many, place))

    def last(self, many: int, place: Place | None = None) -> list[Invocation]:
        """The oldest; or those right before a place. Newest first, as always."""
        return self.rows(self.ids(many, place, backwards=True))

    def count(self, place: Place, most: int) -> int:
        """How many are newer than a place: `most` + 1 stands for more than `most`."""
        return len(self.ids(most + 1, place, backwards=True))

    def __iter__(self) -> Iterator[Invocation]:
        """All of them, newest first, read in pieces."""
        place: Place | None = None
        while rows := self.first(500, place):
            yield from rows
            place = Place.of(rows[-1])

    def _walked(self) -> list[QuerySet[Invocation, Any]] | None:
        """What is walked, each part by an index; None for what is rather sought."""
        rows = Invocation.objects.values_list("received_at", "id")
        fits = self.fits or ()
        if not apart() or not (self.words or any(map(marks_of, fits))):
            return [rows.filter(*fits, *self.words)]
        each = _alternatives(fits[0]) if len(fits) == 1 and not self.words else []
        return (
            [rows.filter(one) for one in each]
            if 0 < len(each) <= MOST_ALTERNATIVES and all(map(_in_order, each))
            else None
        )


def _merged(pieces: list[QuerySet[Invocation, Any]], order: tuple[str, ...], many: int) -> list[UUID]:
    """Each once."""
    rows = pieces[0] if len(pieces) == 1 else pieces[0].union(*pieces[1:]).order_by(*order)[:many]
    return [pk for _, pk in rows]


def listed(rows: QuerySet[Invocation]) -> QuerySet[Invocation]:
    """Without what only an invocation's own page shows, and what makes its row long."""
    return rows.annotate(entities_begin=Left("entities", ENTITIES_BEGIN)).defer(*LONG)


def _parts(condition: Q) -> list[Q]:
    """All of which hold."""
    several = condition.connector == Q.AND and not condition.negated
    return [_as_q(child) for child in condition.children] if several else [condition]


def _alternatives(condition: Q) -> list[Q]:
    """Any of which holds."""
    several = condition.connector == Q.OR and not condition.negated and len(condition.children) > 1
    return [_as_q(child) for child in condition.children] if several else [condition]


def _in_order(condition: Q) -> bool:
    """Whether an index holds what fits in the log's order."""
    return any(isinstance(part, tuple) and part[0] in WALKED for part in condition.children if not condition.negated)


def _as_q(part: Any) -> Q:
    return part if isinstance(part, Q) else Q(part)
