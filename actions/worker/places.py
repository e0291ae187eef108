"""Which invocations of an action are in each other's way: who holds what, and who waits for it, first come first served.

All who ask for places of one action do so one after the other (`_alone`), and take all of theirs or none. So two selections
that overlap in opposite order cannot wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.db import connection
from django.db.models import Min, Q
from django.utils import timezone

from actions.line import queue
from actions.models import Place
from audit.models import Invocation
from audit.states import State
from kitsu_bridge.kitsu.tasks import Resolution

ALIVE = Q(holds=True, invocation__state=State.RUNNING) | Q(
    holds=False, invocation__state__in=[State.QUEUED, State.RUNNING]
)
"""Rows that count."""


@dataclass(frozen=True, slots=True)
class InTheWay:
    """Ids of invocations with a key in common, in the order in which they came: those that hold, those that wait."""

    holding: tuple[str, ...]
    waiting: tuple[str, ...]


def keys_of(scope: str, resolution: Resolution) -> dict[str, str]:
    """What an invocation wants for itself, each with its name for a person."""
    if scope == "task":
        return {f"task:{task.id}": task.name for task in resolution}
    if scope == "entity":
        return {f"entity:{task.entity.id}": task.entity.path for task in resolution}
    return {"action": ""}


def alone(slug: str) -> None:
    """Within a transaction: wait until nobody else decides about this action's places.

    SQLite needs no lock of ours: its transactions begin by taking the only one (`transaction_mode` in databases.py).
    """
    if connection.vendor == "postgresql":
        number = int.from_bytes(sha256(f"places of {slug}".encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def in_the_way(invocation: Invocation, keys: Collection[str]) -> InTheWay:
    """Who stands before this one; rows that do not count any more are taken away."""
    slug = invocation.action_slug
    Place.objects.filter(action_slug=slug).exclude(ALIVE).delete()
    mine = Place.objects.filter(invocation=invocation).aggregate(first=Min("id"))["first"]
    others = Place.objects.filter(action_slug=slug, key__in=list(keys)).exclude(invocation=invocation)
    rows = others if mine is None else others.filter(Q(holds=True) | Q(id__lt=mine))
    found = list(rows.order_by("id").values_list("invocation_id", "holds"))
    return InTheWay(
        tuple(dict.fromkeys(str(pk) for pk, holds in found if holds)),
        tuple(dict.fromkeys(str(pk) for pk, holds in found if not holds)),
    )


def take(invocation: Invocation, keys: Iterable[str]) -> None:
    """Hold all of them; whoever calls has seen that nobody is in the way."""
    Place.objects.filter(invocation=invocation).delete()
    _write(invocation, keys, holds=True)


def stand_in_line(invocation: Invocation, keys: Iterable[str]) -> None:
    """Wait for all of them; who waits already keeps their place."""
    if not Place.objects.filter(invocation=invocation, holds=False).exists():
        _write(invocation, keys, holds=False)


def _write(invocation: Invocation, keys: Iterable[str], *, holds: bool) -> None:
    rows = [Place(action_slug=invocation.action_slug, key=key, invocation=invocation, holds=holds) for key in keys]
    Place.objects.bulk_create(rows, batch_size=500)


def covers(holder_id: str, keys: Collection[str]) -> bool:
    """Whether one holds everything that another wants."""
    return Place.objects.filter(invocation_id=holder_id, holds=True, key__in=list(keys)).count() == len(keys)


def give_back(pk: UUID) -> str:
    """Forget what an invocation held or waited for; the action's slug, empty where it had nothing."""
    rows = Place.objects.filter(invocation_id=pk)
    slug = rows.values_list("action_slug", flat=True).first()
    if slug:
        rows.delete()
    return slug or ""


def send_next(slug: str) -> int:
    """Hand those who wait to a worker, unless somebody before them holds or waits for the same; how many."""
    rows = Place.objects.filter(ALIVE, action_slug=slug).order_by("id")
    taken: set[str] = set()
    wanted: dict[UUID, set[str]] = {}
    for pk, key, holds in rows.values_list("invocation_id", "key", "holds"):
        (taken if holds else wanted.setdefault(pk, set())).add(key)
    free = []
    for pk, keys in wanted.items():
        if not keys & taken:
            free.append(pk)
        taken |= keys
    return sum(_send(one) for one in Invocation.objects.filter(pk__in=free, state=State.QUEUED))


def _send(invocation: Invocation) -> bool:
    """Only one of several who send it at the same moment does."""
    stood = {"next_at": invocation.next_at}
    again = timezone.now() + queue.SEND_AGAIN
    moved = invocation.move(State.QUEUED, when={State.QUEUED}, where=stood, next_at=again)
    return moved and queue.send(invocation)
