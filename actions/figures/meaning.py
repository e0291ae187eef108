"""What the words of the figures mean (docs/statistics.md): done, in review, delivered, open, late, waiting."""

from __future__ import annotations

from actions.figures.production import Production
from actions.figures.rows import TaskRow

DAY = 86_400.0
"""Seconds."""


def is_done(production: Production, task: TaskRow) -> bool:
    """Its status counts as done in Kitsu (`is_done`)."""
    return production.statuses[task.status_id].is_done


def is_in_review(production: Production, task: TaskRow) -> bool:
    """Its status asks for feedback (`is_feedback_request`), and is none of those that count as done."""
    status = production.statuses[task.status_id]
    return status.is_review and not status.is_done


def is_delivered(production: Production, task: TaskRow) -> bool:
    """Somebody has judged it, or is to: it is done, in review, or came back at least once."""
    status = production.statuses[task.status_id]
    return bool(status.is_done or status.is_review or status.is_retake or task.retakes)


def is_late(production: Production, task: TaskRow) -> bool:
    """Not done, and its due day is over where the person is."""
    return task.due is not None and task.due < production.today and not is_done(production, task)


def days_late(production: Production, task: TaskRow) -> int:
    """Calendar days since its due day."""
    return (production.today - task.due).days if task.due else 0


def days_waiting(production: Production, task: TaskRow) -> float | None:
    """Calendar days since it was sent to review; since its last comment where Kitsu does not say; None where neither."""
    since = task.sent or task.commented
    return max(0.0, (production.read_at - since).total_seconds() / DAY) if since else None


def stage(production: Production, task: TaskRow) -> str:
    """`done`, `review`, `retake`, `work` or `waiting`: the first that its status is."""
    status = production.statuses[task.status_id]
    if status.is_done:
        return "done"
    if status.is_review:
        return "review"
    if status.is_retake:
        return "retake"
    return "work" if status.is_wip else "waiting"
