"""Prepares an export in a worker: whatever is asked twice or delivered twice is written once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from audit.access import Sight, visible_with
from audit.exports.forms import FORMS
from audit.exports.rows import pieces
from audit.log.filters import Filters
from audit.models import Export, Invocation
from kitsu_bridge.kitsu.people import Person

log = structlog.get_logger(__name__)


class Cancelled(Exception):
    """Nobody waits for it any more."""


def prepare(pk: UUID) -> None:
    """Write the file, if nobody else does or did."""
    if not _taken(pk):
        return
    export = Export.objects.get(pk=pk)
    part = export.path.with_suffix(".part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        FORMS[export.form].write(part, _told(export, _rows_of(export)))
        _ready(export, part)
    except Cancelled:
        pass
    except Exception as error:
        Export.objects.filter(pk=pk).update(state=Export.State.FAILED)
        log.exception("An export failed", export=str(pk), error=type(error).__name__)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _taken(pk: UUID) -> bool:
    now = timezone.now()
    lost = Q(state=Export.State.RUNNING, heard_at__lt=now - timedelta(seconds=settings.HEARTBEAT_TIMEOUT))
    free = Export.objects.filter(Q(state=Export.State.WAITING) | lost, pk=pk)
    return bool(free.update(state=Export.State.RUNNING, heard_at=now, rows=0))


def _rows_of(export: Export) -> Iterator[list[Invocation]]:
    sight = Sight.from_json(export.sight)
    me = Person(sight.person_id, "", "", "user") if sight.person_id else None
    return pieces(Filters.of_query(export.filters, me=me).apply(visible_with(sight)))


def _told(export: Export, found: Iterator[list[Invocation]]) -> Iterator[list[Invocation]]:
    """The pieces, with the number of rows written down after each."""
    rows = 0
    for piece in found:
        yield piece
        rows += len(piece)
        _write_down(export, rows=rows)


def _ready(export: Export, part: Path) -> None:
    size = part.stat().st_size
    part.rename(export.path)
    try:
        _write_down(export, state=Export.State.READY, size=size)
    except Cancelled:
        export.path.unlink(missing_ok=True)
        raise


def _write_down(export: Export, **how: object) -> None:
    """How far it is. Raises `Cancelled` where it is not wanted any more."""
    running = Export.objects.filter(pk=export.pk, state=Export.State.RUNNING)
    if not running.update(heard_at=timezone.now(), **how):
        raise Cancelled
