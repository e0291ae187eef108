"""Which seal the events of one invocation stand under: what its record says of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from audit.models import Invocation, Seal
from audit.seals.ranges import holds
from audit.seals.rows import in_ranges

LOOKED_AT = 200
"""Seals in which an event that was committed late is looked for; the one that binds it is not named beyond."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """How the events of an invocation are sealed. `by`: the seal over the last of those that are; None where none is."""

    events: int
    waiting: int
    by: Seal | None


def sealed(invocation: Invocation) -> Sealed:
    """How many events it has, how many of them still wait for a seal, and the seal of the others."""
    events = invocation.events.order_by("-pk")
    newest = Seal.objects.order_by("-number").defer("leaves").first()
    if newest is None:
        return Sealed(events.count(), events.count(), None)
    waits = Q(pk__gt=newest.last) | in_ranges([hole[:2] for hole in newest.open])
    last = events.exclude(waits).values_list("pk", flat=True).first()
    by = seal_of(last, newest) if last is not None else None
    return Sealed(events.count(), events.filter(waits).count(), by)


def seal_of(event: int, newest: Seal) -> Seal | None:
    """The seal that binds the event with this number; None where it is none of those that could be looked at."""
    reached = Seal.objects.defer("leaves").filter(number__gte=_first_reaching(event, newest.number)).order_by("number")
    return next((seal for seal in reached[:LOOKED_AT] if holds(seal.events, event)), None)


def _first_reaching(event: int, newest: int) -> int:
    """The number of the first seal that reaches so far: seals rise without gaps, so their numbers are halved, not read."""
    low, high = 1, newest
    while low < high:
        middle = (low + high) // 2
        reach = Seal.objects.filter(number=middle).values_list("last", flat=True).first()
        low, high = (middle + 1, high) if reach is None or reach < event else (low, middle)
    return low
