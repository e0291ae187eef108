"""Lists of single tasks: the worst of something, each with its people and its status."""

from __future__ import annotations

from collections.abc import Sequence

from actions.figures.figure import Column, Row, Value
from actions.figures.production import Production
from actions.figures.rows import TaskRow

TOP = 50
"""Tasks in a list of the worst."""

OF_A_TASK = (
    Column("task", "Task", kind="text"),
    Column("people", "Assigned to", kind="person"),
    Column("status", "Status", kind="text"),
)
"""The first columns of such a list."""


def line(production: Production, task: TaskRow, **values: Value) -> Row:
    """One task, with the values of the other columns."""
    label, status = production.task_name(task), production.statuses[task.status_id]
    people = ", ".join(production.person(one) for one in task.assignees)
    first: dict[str, Value] = {"task": label, "people": people, "status": status.name}
    return Row(label, {**first, **values}, (task.id,), status.color, task.id)


def shortened(rows: Sequence[object], what: str) -> str:
    """A note where a list leaves some out."""
    return f"The first {TOP} of {len(rows):,} {what}." if len(rows) > TOP else ""
