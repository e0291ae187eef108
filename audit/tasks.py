"""The record's one task of Celery's: preparing an export. It carries an id; everything else stands in its row."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from audit.exports.asking import TASK
from audit.exports.preparing import prepare


@shared_task(name=TASK, acks_late=True, ignore_result=True)
def prepare_export(export_id: str) -> None:
    """Prepare one export, if nobody else does or did."""
    prepare(UUID(export_id))
