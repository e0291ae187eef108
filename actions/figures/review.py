"""Work in review, and how long it has been waiting for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from actions.figures.adding import by_type, grouped, ids
from actions.figures.clients import of_the_studio
from actions.figures.figure import Column, Figure, Row, Series, Value
from actions.figures.lists import OF_A_TASK, TOP, line, shortened
from actions.figures.meaning import days_waiting, is_in_review
from actions.figures.production import Production
from actions.figures.rows import TaskRow

AGES = (
    ("day", "Up to 1 day", 1.0),
    ("three", "Up to 3 days", 3.0),
    ("week", "Up to 7 days", 7.0),
    ("longer", "Longer", float("inf")),
)
UNKNOWN = ("unknown", "Not known", None)


@of_the_studio
def review(production: Production) -> Figure:
    """Tasks in review by task type and by how long they wait."""
    tasks = [task for task in production.tasks if is_in_review(production, task)]
    counted = (*AGES, UNKNOWN) if any(_age(production, task) == "unknown" for task in tasks) else AGES
    return Figure(
        slug="review",
        title="Waiting for review",
        help="Tasks that wait for an answer now, by the days since they were sent to review.",
        chart="stacked",
        columns=(
            Column("type", "Task type", kind="text"),
            *(Column(key, label, "tasks") for key, label, _ in counted),
            Column("tasks", "All", "tasks"),
            Column("median", "Half wait at least", kind="days"),
            Column("longest", "The longest", kind="days"),
        ),
        rows=tuple(_row(production, t.name, found, t.color, t.id) for t, found in by_type(production, tasks)),
        series=tuple(Series(key, label) for key, label, _ in counted),
        unit="tasks",
        total=_row(production, "All", tasks) if tasks else None,
        empty="Nothing waits for review.",
    )


def _age(production: Production, task: TaskRow) -> str:
    waits = days_waiting(production, task)
    if waits is None:
        return "unknown"
    return next(key for key, _, most in AGES if waits <= most)


def _row(production: Production, label: str, tasks: Sequence[TaskRow], color: str = "", key: str = "") -> Row:
    ages = grouped(tasks, lambda task: _age(production, task))
    waits = [found for task in tasks if (found := days_waiting(production, task)) is not None]
    values: dict[str, Value] = {one: len(ages.get(one, ())) for one, *_ in (*AGES, UNKNOWN)}
    values |= {"type": label, "tasks": len(tasks)}
    values |= {"median": median(waits) if waits else None, "longest": max(waits, default=None)}
    cells = {one: ids(ages.get(one, ())) for one in (*(key for key, *_ in AGES), *ages)}
    cells["median"] = ids(task for task in tasks if days_waiting(production, task) is not None)
    cells["longest"] = ids(task for task in tasks if days_waiting(production, task) == values["longest"] is not None)
    return Row(label, values, ids(tasks), color, key, cell_task_ids=cells)


@of_the_studio
def review_tasks(production: Production) -> Figure:
    """The tasks that wait longest for review."""
    waiting = [
        (waits, task)
        for task in production.tasks
        if is_in_review(production, task) and (waits := days_waiting(production, task)) is not None
    ]
    waiting.sort(key=lambda pair: (-pair[0], pair[1].id))
    return Figure(
        slug="review-tasks",
        title="Waiting longest for review",
        help="The tasks in review that were sent there first.",
        chart="none",
        columns=(
            *OF_A_TASK,
            Column("since", "Since", kind="date"),
            Column("days", "Waits", kind="days"),
        ),
        rows=tuple(_line(production, task, waits) for waits, task in waiting[:TOP]),
        note=shortened(waiting, "tasks in review"),
        empty="Nothing waits for review.",
    )


def _line(production: Production, task: TaskRow, waits: float) -> Row:
    since = task.sent or task.commented
    return line(production, task, since=production.day(since).isoformat() if since else None, days=waits)
