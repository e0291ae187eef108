"""Takes out of the record what its rules do not keep: into an archive first, which is checked, and with an event that tells."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from django.core.cache import cache
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from audit.exports.asking import let_go_of_old
from audit.models import Departure, Event, Invocation, InvocationFile, LogLine, RetentionRule, Seal, TaskResult
from audit.models.event import new_event, write_event
from audit.retention.archive import Line, digest_of, write_archive
from audit.retention.checking import Archive, ArchiveCheck
from audit.retention.lines import archive_lines, rows_lines
from audit.retention.others import OTHERS, due_of_others
from audit.retention.rules import due
from audit.seals.ranges import Range, holds, ranges_of
from audit.seals.sealing import seal_all
from audit.states import Happened

log = structlog.get_logger(__name__)

Part = RetentionRule.Part

LOOK_EVERY = 600
"""Seconds between two looks whether another day has begun."""

AT_ONCE, ROWS_AT_ONCE = 500, 20_000
"""Invocations of one archive; rows of what is kept beside them."""

ORDER = (Part.EVENTS, Part.RESULTS, Part.FILES, Part.LOGS, Part.OUTCOME, Part.PAYLOAD)
"""What leaves as a whole goes first: its parts need no archive of their own then."""


class NotArchived(Exception):
    """The archive that was just written is not good; nothing went."""


def prune_until(stopped: threading.Event) -> None:
    """Once a day, until told to stop."""
    while not stopped.wait(LOOK_EVERY):
        try:
            prune_in_turn()
            let_go_of_old()
        except (DatabaseError, OSError, NotArchived) as error:
            log.error("Nothing could be pruned", error=str(error).splitlines()[0])
        finally:
            close_old_connections()


def prune_in_turn() -> dict[str, int]:
    """Prune where that was not done for a day; of several sweepers each day's first one does it."""
    day = timezone.now().date().isoformat()
    if not RetentionRule.objects.exists() or not cache.add(f"pruned on {day}", True, timeout=2 * 24 * 3600):
        return {}
    return prune()


def counted(now: datetime | None = None) -> dict[str, int]:
    """Of how many invocations each part would go, and how many rows beside them."""
    now = now or timezone.now()
    beside = {part: due_of_others(part, now).count() for part in OTHERS}
    whole = due(Part.EVENTS, now).values("pk")
    parts = {part.value: due(part, now).exclude(pk__in=whole).count() for part in ORDER if part != Part.EVENTS}
    return {Part.EVENTS.value: whole.count()} | parts | beside


def prune(now: datetime | None = None) -> dict[str, int]:
    """Let go what has been kept long enough; how much of each part went, counted as before. Raises `NotArchived`."""
    now = now or timezone.now()
    seal_all()
    beside = {part: _prune_beside(part, now) for part in OTHERS}
    return {part.value: _prune_part(part, now) for part in ORDER} | beside


def _prune_beside(part: str, now: datetime) -> int:
    total = 0
    while rows := list(due_of_others(part, now)[:ROWS_AT_ONCE]):
        path, _ = _archived(rows_lines(part, rows))
        data = {"part": part, "rows": len(rows), "archive": path.name, "sha256": digest_of(path)}
        text = f"{Part(part).label}: {len(rows)} rows, into {path.name}."
        with transaction.atomic():
            write_event(Happened.PRUNED, subject="retention", text=text, data=data)
            OTHERS[part](now).filter(pk__in=[row.pk for row in rows]).delete()
        log.info("Pruned", part=part, rows=len(rows), archive=path.name)
        total += len(rows)
    return total


def _prune_part(part: str, now: datetime) -> int:
    total = 0
    passed: list[Any] = []
    while rows := list(due(part, now).exclude(pk__in=passed)[:AT_ONCE]):
        sealed = rows if part != Part.EVENTS else [row for row in rows if _all_sealed(row)]
        gone = _let_go(part, sealed) if sealed else 0
        total += gone
        if gone < len(rows):
            passed += [row.pk for row in rows]  # Something happened to one of them just now; another time.
    return total


def _all_sealed(invocation: Invocation) -> bool:
    last = Seal.objects.order_by("-number").first()
    if last is None:
        return False
    numbers = invocation.events.values_list("pk", flat=True)
    return all(number <= last.last and not holds([hole[:2] for hole in last.open], number) for number in numbers)


def _let_go(part: str, rows: Sequence[Invocation]) -> int:
    path, archive = _archived(archive_lines(part, rows))
    with transaction.atomic():
        if part == Part.EVENTS and not _nothing_new(rows, archive):
            path.unlink()
            return 0
        told = _told(part, rows, archive, path)
        told.save()
        GO[Part(part)](rows, told, archive)
    log.info("Pruned", part=part, invocations=len(rows), archive=path.name)
    return len(rows)


def _archived(lines: Iterable[Line]) -> tuple[Path, Archive]:
    """Written, read again and checked."""
    path = write_archive(lines)
    archive = ArchiveCheck().check(path)
    if archive.troubles:
        raise NotArchived(f"{path}: {archive.troubles[0]} Nothing went.")
    return path, archive


def _nothing_new(rows: Sequence[Invocation], archive: Archive) -> bool:
    """Whether the events are still those of the archive; nobody else touches the invocations until this is done."""
    list(Invocation.objects.select_for_update().filter(pk__in=[row.pk for row in rows]).values_list("pk"))
    return sorted(archive.events) == sorted(Event.objects.filter(invocation__in=rows).values_list("pk", flat=True))


def _told(part: str, rows: Sequence[Invocation], archive: Archive, path: Path) -> Event:
    data = {"part": part, "invocations": len(rows), "archive": path.name, "sha256": digest_of(path)}
    if part == Part.EVENTS:
        data["events"] = ranges_of(sorted(archive.events))
    text = f"{Part(part).label} of {len(rows)} invocations, into {path.name}."
    return new_event(Happened.PRUNED, subject="retention", text=text, data=data)


def _payload(rows: Sequence[Invocation], told: Event, _archive: Archive) -> None:
    _empty(rows, told, "payload", payload="")


def _outcome(rows: Sequence[Invocation], told: Event, _archive: Archive) -> None:
    _empty(rows, told, "outcome", outcome={}, traceback="")


def _results(rows: Sequence[Invocation], told: Event, _archive: Archive) -> None:
    TaskResult.objects.filter(invocation__in=rows).delete()
    _empty(rows, told, "results")


def _logs(rows: Sequence[Invocation], _told: Event, _archive: Archive) -> None:
    LogLine.objects.filter(invocation__in=rows).delete()


def _files(rows: Sequence[Invocation], _told: Event, _archive: Archive) -> None:
    InvocationFile.objects.filter(invocation__in=rows).delete()


def _whole(rows: Sequence[Invocation], told: Event, archive: Archive) -> None:
    """Events by their numbers, past the ORM, which knows that they are never deleted; then the invocations."""
    ranges: list[Range] = ranges_of(sorted(archive.events))
    Departure.objects.bulk_create([Departure(first=first, last=last, told_by=told.pk) for first, last in ranges])
    connection.check_constraints()
    with connection.cursor() as cursor:
        for table, column in (("audit_particulars", "event_id"), ("audit_event", "id")):
            statement = f"DELETE FROM {table} WHERE {column} BETWEEN %s AND %s"  # noqa: S608 - our own words
            cursor.executemany(statement, ranges)
    Invocation.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _empty(rows: Sequence[Invocation], told: Event, part: str, **fields: Any) -> None:
    """The part's fields, and its salt with them."""
    for row in rows:
        row.salts.pop(part, None)
        row.gone[part] = told.pk
        for name, value in fields.items():
            setattr(row, name, value)
    Invocation.objects.bulk_update(rows, [*fields, "salts", "gone"], batch_size=100)


GO: dict[Part, Callable[[Sequence[Invocation], Event, Archive], None]] = {
    Part.PAYLOAD: _payload,
    Part.OUTCOME: _outcome,
    Part.RESULTS: _results,
    Part.LOGS: _logs,
    Part.FILES: _files,
    Part.EVENTS: _whole,
}
