"""Walks the log in its order, newest first, from any place in it and in both directions, whatever is asked for and by whomever.

A page costs the same however long the log is: nothing is counted to the end, no page is reached by skipping others. What may be
seen and what fits is put as alternatives (`scope = a` or `scope = b` or `person_id = c`): each is walked by an index that ends
with the log's order, and only the first of each are merged. As one condition with OR the database would read and sort them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import product
from operator import and_, or_
from typing import Any, Self
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from audit.access import Sight
from audit.log.filters import Filters
from audit.log.place import Place
from audit.log.seeking import seek
from audit.log.several import contradicts
from audit.log.sight import alternatives, apart
from audit.models import Invocation

COUNTED, COUNTED_SEARCH = 101, 51
"""How far a page counts: one more than it says. A search reads rows to find the next, so it stops behind its page."""

SEARCHES = ("q", "entity", "error", "longer", "shorter")
ENTITIES_BEGIN = 400
LONG = (
    "payload", "definition", "options", "parameters", "understood", "outcome", "traceback", "task_ids", "entities",
    "salts", "gone",
)  # fmt: skip
MOST_ALTERNATIVES = 32
"""More of them are asked as one condition."""

NEWEST, OLDEST = ("-received_at", "-id"), ("received_at", "id")


@dataclass(frozen=True, slots=True)
class Walk:
    """The invocations that somebody may see (`sight`) and asks for (`filters`)."""

    alternatives: tuple[Q, ...]
    sought: tuple[Q, ...] = ()
    """What no index holds in the log's order."""

    @property
    def counted(self) -> int:
        """How far its pages count: one more than they say."""
        return COUNTED_SEARCH if self.sought else COUNTED

    @classmethod
    def through(cls, sight: Sight, filters: Filters) -> Self:
        """Where there are too many alternatives, or the database cannot merge them, they are one condition."""
        if filters.problems or not (seen := alternatives(sight)):
            return cls(())
        asked = filters.conditions()
        sought = tuple(asked.pop(name) for name in SEARCHES if name in asked)
        every = [seen, *map(_alternatives, asked.values())]
        many = reduce(lambda count, one: count * len(one), every, 1)
        if not apart() or many > MOST_ALTERNATIVES:
            return cls((reduce(and_, [reduce(or_, one) for one in every]),), sought)
        every_way = (reduce(and_, parts) for parts in product(*every))
        return cls(tuple(one for one in every_way if not contradicts(one)), sought)

    def within(self, condition: Q) -> Self:
        """The same walk through what fits this as well."""
        return replace(self, alternatives=tuple(one & condition for one in self.alternatives))

    def ids(self, many: int, place: Place | None = None, *, backwards: bool = False) -> list[UUID]:
        """Of the newest, or of the next ones older than a place; `backwards`: of the oldest, or the next ones newer."""
        order = OLDEST if backwards else NEWEST
        where = Q() if place is None else place.newer() if backwards else place.older()
        if self.sought and apart():
            found = {
                row for one in self.alternatives for row in seek(one & where, reduce(and_, self.sought), order, many)
            }
            return [pk for _, pk in sorted(found, reverse=not backwards)[:many]]
        return self._merged([part.order_by(*order)[:many] for part in self._parts(where)], order, many)

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

    def _parts(self, where: Q) -> list[QuerySet[Invocation, Any]]:
        return [
            Invocation.objects.filter(one, where, *self.sought).values_list("received_at", "id")
            for one in self.alternatives
        ]

    def _merged(self, pieces: list[QuerySet[Invocation, Any]], order: tuple[str, ...], many: int) -> list[UUID]:
        """Each once."""
        if not pieces:
            return []
        rows = pieces[0] if len(pieces) == 1 else pieces[0].union(*pieces[1:]).order_by(*order)[:many]
        return [pk for _, pk in rows]


def listed(rows: QuerySet[Invocation]) -> QuerySet[Invocation]:
    """Without what only an invocation's own page shows, and what makes its row long."""
    return rows.annotate(entities_begin=Left("entities", ENTITIES_BEGIN)).defer(*LONG)


def _alternatives(condition: Q) -> list[Q]:
    apart = condition.connector == Q.OR and not condition.negated and len(condition.children) > 1
    return [child if isinstance(child, Q) else Q(child) for child in condition.children] if apart else [condition]
