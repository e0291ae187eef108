"""What is overdue, and what is due this week."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from actions.figures import weeks
from actions.figures.adding import by_type, ids
from actions.figures.clients import of_the_studio
from actions.figures.figure import Column, Figure, Row, Series, Value
from actions.figures.lists import OF_A_TASK, TOP, line, shortened
from actions.figures.meaning import days_late, is_done, is_late
from actions.figures.production import Production
from actions.figures.rows import TaskRow


@of_the_studio
def due(production: Production) -> Figure:
    """By task type."""
    tasks = _due_or_late(production)
    return Figure(
        slug="due",
        title="Overdue and due this week",
        help="Tasks that are not done: those whose due day is over, and those due from today to Sunday.",
        chart="stacked",
        columns=(
            Column("type", "Task type", kind="text"),
            Column("late", "Overdue", "tasks"),
            Column("due", "Due this week", "tasks"),
            Column("median", "Half are late by at least", kind="days"),
            Column("longest", "The longest", kind="days"),
        ),
        rows=tuple(_row(production, t.name, found, t.color, t.id) for t, found in by_type(production, tasks)),
        series=(Series("late", "Overdue"), Series("due", "Due this week")),
        unit="tasks",
        total=_row(production, "All", tasks) if tasks else None,
        empty="Nothing is overdue, and nothing is due this week.",
    )


def _due_or_late(production: Production) -> list[TaskRow]:
    """Not done, and due by Sunday."""
    last = weeks.sunday(production.today)
    return [task for task in production.tasks if task.due and task.due <= last and not is_done(production, task)]


def _is_due(production: Production, task: TaskRow) -> bool:
    """From today to Sunday, and not done."""
    if task.due is None or is_done(production, task):
        return False
    return production.today <= task.due <= weeks.sunday(production.today)


def _row(production: Production, label: str, tasks: Sequence[TaskRow], color: str = "", key: str = "") -> Row:
    late = [task for task in tasks if is_late(production, task)]
    soon = [task for task in tasks if _is_due(production, task)]
    days = [days_late(production, task) for task in late]
    values: dict[str, Value] = {"type": label, "late": len(late), "due": len(soon)}
    values |= {"median": median(days) if days else None, "longest": max(days, default=None)}
    longest = [task for task in late if days_late(production, task) == values["longest"]]
    cells = {"late": ids(late), "due": ids(soon), "median": ids(late), "longest": ids(longest)}
    return Row(label, values, ids(tasks), color, key, cell_task_ids=cells)


@of_the_studio
def due_tasks(production: Production) -> Figure:
    """One by one, the latest first."""
    tasks = _due_or_late(production)
    tasks.sort(key=lambda task: (-days_late(production, task), task.id))
    return Figure(
        slug="due-tasks",
        title="Overdue and due this week, task by task",
        help="The same tasks, those first that have been due for the longest.",
        chart="none",
        columns=(
            *OF_A_TASK,
            Column("due", "Due", kind="date"),
            Column("late", "Late by", kind="days"),
        ),
        rows=tuple(_line(production, task) for task in tasks[:TOP]),
        note=shortened(tasks, "tasks"),
        empty="Nothing is overdue, and nothing is due this week.",
    )


def _line(production: Production, task: TaskRow) -> Row:
    day = task.due.isoformat() if task.due else None
    return line(production, task, due=day, late=max(0, days_late(production, task)))
