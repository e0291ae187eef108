"""Prepares an export in a worker: whatever is asked twice or delivered twice is written once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from audit.access import Sight, visible_with
from audit.exports.forms import NAMES, xlsx_file
from audit.exports.rows import pieces
from audit.log.filters import Filters
from audit.models import Export, Invocation, write_event
from audit.states import Happened
from kitsu_bridge.celery import app
from kitsu_bridge.kitsu.people import Person

log = structlog.get_logger(__name__)

TASK = "audit.export"
KEPT = timedelta(days=1)
"""After which a prepared file is taken away."""

SEND_AGAIN = timedelta(seconds=10)


def asked(person: Person | None, sight: Sight, filters: Filters, expected: int) -> Export:
    """Write down what is wanted, and have a worker prepare it; what is older than a day goes."""
    for old in Export.objects.filter(asked_at__lt=timezone.now() - KEPT):
        old.delete()
    export = Export.objects.create(
        person_id=person.id if person else "", sight=sight.as_json(), filters=filters.fixed(), expected=expected
    )
    tell(person, "xlsx", filters, expected, "asked for")
    transaction.on_commit(lambda: send(export), robust=True)
    return export


def send(export: Export) -> None:
    """Give the id to a worker. What does not arrive is sent again by the page of whoever waits for it."""
    Export.objects.filter(pk=export.pk, state=Export.State.WAITING).update(heard_at=timezone.now())
    try:
        app.send_task(TASK, (str(export.pk),), queue=settings.QUEUES[0])
    except Exception as error:  # noqa: BLE001 - every broker has errors of its own
        log.warning("The broker cannot be reached", error=type(error).__name__, export=str(export.pk))


def send_again(export: Export) -> bool:
    """Whether it lay there too long, or its worker is gone, and was sent once more."""
    silent = timezone.now() - export.heard_at
    lost = export.state == Export.State.RUNNING and silent > timedelta(seconds=settings.HEARTBEAT_TIMEOUT)
    if not lost and not (export.state == Export.State.WAITING and silent > SEND_AGAIN):
        return False
    send(export)
    return True


def prepare(pk: UUID) -> None:
    """Write the file, if nobody else does or did."""
    if not _taken(pk):
        return
    export = Export.objects.get(pk=pk)
    part = export.path.with_suffix(".part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        rows = xlsx_file(part, _told(export, _rows_of(export)))
        _ready(export, part, rows)
    except Exception as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        Export.objects.filter(pk=pk).update(state=Export.State.FAILED)
        log.exception("An export failed", export=str(pk), error=type(error).__name__)


def _taken(pk: UUID) -> bool:
    now = timezone.now()
    lost = Q(state=Export.State.RUNNING, heard_at__lt=now - timedelta(seconds=settings.HEARTBEAT_TIMEOUT))
    free = Export.objects.filter(Q(state=Export.State.WAITING) | lost, pk=pk)
    return bool(free.update(state=Export.State.RUNNING, heard_at=now, rows=0))


def _rows_of(export: Export) -> Iterator[list[Invocation]]:
    sight = Sight.from_json(export.sight)
    me = Person(sight.person_id, "", "", "user") if sight.person_id else None
    return pieces(Filters.read(QueryDict(export.filters), me=me).apply(visible_with(sight)))


def _told(export: Export, found: Iterator[list[Invocation]]) -> Iterator[list[Invocation]]:
    """The pieces, with the number of rows written down after each."""
    rows = 0
    for piece in found:
        yield piece
        rows += len(piece)
        Export.objects.filter(pk=export.pk).update(rows=rows, heard_at=timezone.now())


def _ready(export: Export, part: Path, rows: int) -> None:
    size = part.stat().st_size
    part.rename(export.path)
    Export.objects.filter(pk=export.pk).update(state=Export.State.READY, rows=rows, size=size, heard_at=timezone.now())


def tell(person: Person | None, form: str, filters: Filters, rows: int, what: str) -> None:
    """Write down who takes what out of the log, and how much of it."""
    words = "; ".join(filters.in_words()) or "everything"
    data = {"form": form, "filters": filters.fixed(), "rows": rows}
    text = f"{rows:,} rows of the log as {NAMES[form]} {what}: {words}."
    write_event(Happened.EXPORTED, subject="log", actor=person, text=text, data=data)
