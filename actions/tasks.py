"""The one task of Celery's. It carries an id; everything else stands in the record."""

from __future__ import annotations

from celery import shared_task

from actions.line.queue import TASK
from actions.worker.run import carry_out


@shared_task(name=TASK, acks_late=True, ignore_result=True)
def run_invocation(invocation_id: str) -> None:
    """Carry out one invocation, if nobody else does or did."""
    carry_out(invocation_id)
