"""Events as they are sealed: their rows in order, and the hash of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from audit.models import Event
from audit.seals.canonical import canonical
from audit.seals.merkle import leaf
from audit.seals.ranges import Range


class Row(NamedTuple):
    """What of an event is sealed."""

    id: int
    invocation_id: UUID | None
    subject: str
    what: str
    at: datetime
    who_bound: str
    words_bound: str


def content_of(row: Row) -> bytes:
    """An event as canonical JSON."""
    number, invocation, subject, what, at, who, words = row[:7]
    return canonical(
        {
            "id": number,
            "invocation": str(invocation) if invocation else None,
            "subject": subject,
            "what": what,
            "at": at.isoformat(timespec="microseconds"),
            "who": who,
            "words": words,
        }
    )


def leaf_of(row: Row) -> bytes:
    """The hash of an event, as it stands in its seal."""
    return leaf(content_of(row))


def in_ranges(ranges: Iterable[Range]) -> Q:
    """Events with these numbers."""
    found = Q(pk__in=())
    for first, last in ranges:
        found |= Q(pk=first) if first == last else Q(pk__range=(first, last))
    return found


def rows_where(where: Q, *more: str) -> QuerySet[Event, tuple[Any, ...]]:
    """Rows in the order of their numbers: the fields of `Row`, then more of them."""
    rows: QuerySet[Event, tuple[Any, ...]] = Event.objects.filter(where).order_by("pk").values_list(*Row._fields, *more)
    return rows
