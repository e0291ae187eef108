"""What an invocation has to do with others: what it repeats, what repeated it, what it waited for, what tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from audit.models import Invocation

LONGEST = 50
"""Of one line of re-runs; who runs the same thing again more often finds the rest from the oldest or the newest shown."""

MOST = 100


@dataclass(frozen=True, slots=True)
class Chain:
    """Others, as far as the one who looks may see them. `earlier` begins with the first of all."""

    earlier: list[Invocation]
    later: list[tuple[int, Invocation]]
    """With how many steps it is away: a re-run of a re-run is two."""
    behind: Invocation | None
    in_front_of: list[Invocation]
    tells_of: Invocation | None
    told_by: list[Invocation]

    def __bool__(self) -> bool:
        return any((self.earlier, self.later, self.behind, self.in_front_of, self.tells_of, self.told_by))


def chain_of(invocation: Invocation, visible: QuerySet[Invocation]) -> Chain:
    """The others of an invocation among those that are visible."""
    return Chain(
        earlier=_earlier(invocation, visible),
        later=_later(invocation, visible),
        behind=_one(visible, invocation.behind_id),
        in_front_of=list(visible.filter(behind=invocation).order_by("received_at")[:MOST]),
        tells_of=_one(visible, invocation.tells_of_id),
        told_by=list(visible.filter(tells_of=invocation).order_by("received_at")[:MOST]),
    )


def _earlier(invocation: Invocation, visible: QuerySet[Invocation]) -> list[Invocation]:
    """Step by step back; one that may not be seen is left out, and those before it still stand."""
    found: list[Invocation] = []
    step, steps = invocation.rerun_of, 0
    while step is not None and steps < LONGEST:
        found.append(step)
        step, steps = step.rerun_of, steps + 1
    seen = set(visible.filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    return [one for one in reversed(found) if one.pk in seen]


def _later(invocation: Invocation, visible: QuerySet[Invocation]) -> list[tuple[int, Invocation]]:
    """All that came of it, generation by generation."""
    found: list[tuple[int, Invocation]] = []
    parents, depth = [invocation.pk], 1
    while parents and depth <= LONGEST and len(found) < MOST:
        children = list(Invocation.objects.filter(rerun_of__in=parents).order_by("received_at")[: MOST - len(found)])
        found += [(depth, child) for child in children]
        parents, depth = [child.pk for child in children], depth + 1
    seen = set(visible.filter(pk__in=[one.pk for _, one in found]).values_list("pk", flat=True))
    return [(depth, one) for depth, one in found if one.pk in seen]


def _one(visible: QuerySet[Invocation], pk: UUID | None) -> Invocation | None:
    return visible.filter(pk=pk).first() if pk else None
