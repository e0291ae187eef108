"""A row of the log as it leaves the bridge: the same columns in every form, read piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from audit.models import Invocation
from kitsu_bridge.sheets import Cell

AT_ONCE = 1000
"""Rows read from the database at a time. Between two reads no connection waits for a slow browser."""

MOST_COUNTED = 1_000_000


def pieces(rows: QuerySet[Invocation]) -> Iterator[list[Invocation]]:
    """All of the rows, newest first, each once, whatever comes into the log meanwhile; memory holds one piece."""
    fields = ("pk", *(field.name for field in Invocation._meta.fields if field.name in READ))
    ordered = rows.order_by("-received_at", "-id").only(*fields)
    piece = list(ordered[:AT_ONCE])
    while piece:
        yield piece
        last = piece[-1]
        older = Q(received_at__lt=last.received_at) | Q(received_at=last.received_at, pk__lt=last.pk)
        piece = (
            list(ordered.filter(older, received_at__lte=last.received_at)[:AT_ONCE]) if len(piece) == AT_ONCE else []
        )


def counted(rows: QuerySet[Invocation]) -> int:
    """How many there are; one more than a million stands for more than a million."""
    return rows.order_by()[: MOST_COUNTED + 1].count()


def entities(invocation: Invocation) -> list[str]:
    """Names of the shots and assets, once they were read."""
    return [name for name in invocation.entities.split("\n") if name]


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC).replace(microsecond=0) if moment else None


def _seconds(invocation: Invocation) -> float | None:
    ran = invocation.duration if invocation.finished_at else None
    return round(ran.total_seconds(), 3) if ran is not None else None


COLUMNS: dict[str, Callable[[Invocation], Cell]] = {
    "id": lambda one: str(one.pk),
    "received_utc": lambda one: _utc(one.received_at),
    "action": lambda one: one.action_name,
    "slug": lambda one: one.action_slug,
    "kind": lambda one: one.kind,
    "version": lambda one: one.version,
    "person": lambda one: one.person_name or one.person_email,
    "role": lambda one: one.person_role,
    "trust": lambda one: one.trust,
    "door": lambda one: one.door,
    "productions": lambda one: "; ".join(one.project_names),
    "tasks": lambda one: one.task_count,
    "state": lambda one: one.state,
    "waiting_for": lambda one: one.waiting_for,
    "code": lambda one: one.reason_code,
    "message": lambda one: one.message,
    "reason": lambda one: one.reason,
    "begun_utc": lambda one: _utc(one.started_at),
    "ended_utc": lambda one: _utc(one.finished_at),
    "seconds": _seconds,
    "rerun_of": lambda one: str(one.rerun_of_id) if one.rerun_of_id else "",
    "path": lambda one: one.get_absolute_url(),
    "entities": lambda one: "; ".join(entities(one)),
}
"""Titles and values. Words of the record, and not of its pages: whoever counts with them wants them to stay."""

# fmt: off
READ = frozenset((
    "received_at", "action_name", "action_slug", "kind", "version", "person_name", "person_email", "person_role", "trust",
    "door", "project_names", "task_count", "state", "waiting_for", "reason_code", "message", "reason", "started_at",
    "finished_at", "rerun_of", "entities",
))
# fmt: on
"""Fields that the columns need; the long ones are left in the database."""


def cells(invocation: Invocation) -> list[Cell]:
    """Its row."""
    return [value(invocation) for value in COLUMNS.values()]
