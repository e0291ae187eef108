"""An export that a worker prepares: asked for, sent to a worker, cancelled, and let go after a day."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit.access import Sight
from audit.exports.told import tell
from audit.log.filters import Filters
from audit.models import Export
from kitsu_bridge.celery import app
from kitsu_bridge.kitsu.people import Person

log = structlog.get_logger(__name__)

TASK = "audit.export"
KEPT = timedelta(days=1)
"""After which a prepared file is taken away."""

SEND_AGAIN = timedelta(seconds=10)


def asked(person: Person | None, sight: Sight, form: str, filters: Filters, expected: int) -> Export:
    """Write down what is wanted, and have a worker prepare it."""
    let_go_of_old()
    export = Export.objects.create(
        person_id=person.id if person else "",
        sight=sight.as_json(),
        form=form,
        filters=filters.fixed(),
        expected=expected,
    )
    tell(person, form, filters, expected, "asked for")
    transaction.on_commit(lambda: send(export), robust=True)
    return export


def let_go_of_old() -> None:
    """Exports older than a day, with their files."""
    for old in Export.objects.filter(asked_at__lt=timezone.now() - KEPT):
        old.delete()


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


def cancel(export: Export, person: Person | None) -> None:
    """Stop it; its worker hears of it after the rows that it just reads. What is ready already stays."""
    if Export.objects.filter(pk=export.pk, state__in=Export.OPEN).update(state=Export.State.CANCELLED):
        export.refresh_from_db()
        tell(person, export.form, Filters.of_query(export.filters), export.rows, "written, then cancelled")
