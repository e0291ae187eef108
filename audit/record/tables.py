"""The tables of a record as files: the same rows as on its pages, from the first to the last. A table is a row at the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from django.db.models import QuerySet

from audit.models import FarmJob, Invocation, InvocationFile, LogLine
from audit.record.chain import chain_of
from audit.record.happenings import Happening, happenings
from kitsu_bridge.sheets import Cell, csv_lines

Row = TypeVar("Row")
Column = Callable[[Row], Cell]
Columns = Mapping[str, Column[Any]]
Visible = QuerySet[Invocation]
"""What whoever asks may see of other invocations."""


@dataclass(frozen=True, slots=True)
class Table:
    """Its columns with what each shows of a row, and its rows."""

    columns: Columns
    rows: Callable[[Invocation, Visible], Iterable[Any]]


def as_csv(columns: Columns, rows: Iterable[Any]) -> Iterator[bytes]:
    """Marked as UTF-8 for Excel, formulas defused."""
    return csv_lines(list(columns), ([cell(row) for cell in columns.values()] for row in rows), mark=True)


def as_json(columns: Columns, rows: Iterable[Any]) -> Iterator[bytes]:
    """A list of objects; times are ISO 8601 in UTC."""
    yield b"["
    for number, row in enumerate(rows):
        named = {name: _json(cell(row)) for name, cell in columns.items()}
        yield (b",\n" if number else b"\n") + json.dumps(named, ensure_ascii=False).encode("utf-8", "replace")
    yield b"\n]\n"


FORMS: dict[str, tuple[str, Callable[[Columns, Iterable[Any]], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
}
"""Content type, and what writes it."""


def _json(cell: Cell) -> object:
    return cell.isoformat() if isinstance(cell, date) else cell


def utc(moment: datetime | None) -> datetime | None:
    """On the one clock that files have."""
    return moment.astimezone(UTC) if moment else None


def _events(invocation: Invocation, _visible: Visible) -> Iterator[Happening]:
    after = -1
    while after:
        found, after = happenings(invocation, max(after, 0))
        yield from found


def _changes(happening: Happening) -> str:
    return "; ".join(f"{one.what}: {f'{one.old} → ' if one.old else ''}{one.new}" for one in happening.changes)


def _lines(invocation: Invocation, _visible: Visible) -> Iterable[LogLine]:
    return invocation.log_lines.iterator(chunk_size=500)


def _farm(invocation: Invocation, _visible: Visible) -> Iterable[FarmJob]:
    return invocation.farm_jobs.order_by("pk").iterator(chunk_size=200)


def _files(invocation: Invocation, _visible: Visible) -> Iterable[InvocationFile]:
    return invocation.files.all()


def _runs(invocation: Invocation, visible: Visible) -> Iterator[tuple[str, Invocation]]:
    """Each with what it has to do with this one."""
    chain = chain_of(invocation, visible)
    yield from (("before", one) for one in chain.earlier)
    yield "this one", invocation
    yield from (("after", one) for _, one in chain.later)
    yield from (("waited for or joined", one) for one in (chain.behind,) if one)
    yield from (("waited for this one, or joined it", one) for one in chain.in_front_of)
    yield from (("told of its end by this one", one) for one in (chain.tells_of,) if one)
    yield from (("told of the end of this one", one) for one in chain.told_by)


TABLES: dict[str, Table] = {
    "events": Table(
        {
            "number": lambda one: one.event.pk,
            "at_utc": lambda one: utc(one.event.at),
            "seconds_after": lambda one: one.since.total_seconds() if one.since is not None else None,
            "what": lambda one: one.event.what,
            "who": lambda one: one.event.actor_name,
            "changes": _changes,
            "text": lambda one: one.event.text,
            "facts": lambda one: "; ".join(f"{name}: {value}" for name, value in one.facts),
        },
        _events,
    ),
    "lines": Table(
        {"at_utc": lambda one: utc(one.at), "level": lambda one: one.level, "text": lambda one: one.text}, _lines
    ),
    "farm": Table(
        {
            "task_id": lambda one: one.task_id,
            "farm": lambda one: one.farm,
            "job": lambda one: one.name,
            "id": lambda one: one.external_id,
            "state": lambda one: one.state,
            "done": lambda one: one.done_count,
            "failed": lambda one: one.failed_count,
            "of": lambda one: one.total_count,
            "message": lambda one: one.message,
            "submitted_utc": lambda one: utc(one.submitted_at),
            "ended_utc": lambda one: utc(one.ended_at),
            "kitsu_was_told": lambda one: one.told,
        },
        _farm,
    ),
    "files": Table(
        {
            "id": lambda one: str(one.pk),
            "name": lambda one: one.name,
            "whose": lambda one: one.origin,
            "content_type": lambda one: one.content_type,
            "bytes": lambda one: one.size,
            "at_utc": lambda one: utc(one.at),
        },
        _files,
    ),
    "runs": Table(
        {
            "relation": lambda pair: pair[0],
            "id": lambda pair: str(pair[1].pk),
            "received_utc": lambda pair: utc(pair[1].received_at),
            "action": lambda pair: pair[1].action_name or pair[1].action_slug,
            "person": lambda pair: pair[1].person_name or pair[1].person_email,
            "tasks": lambda pair: pair[1].task_count,
            "state": lambda pair: pair[1].state,
            "message": lambda pair: pair[1].message or pair[1].reason,
            "path": lambda pair: pair[1].get_absolute_url(),
        },
        _runs,
    ),
}
