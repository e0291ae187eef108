"""Estimated against spent: days of work, by task type and for the tasks that went furthest over."""

from __future__ import annotations

from collections.abc import Sequence

from actions.figures.adding import by_type, ids, share, work_days
from actions.figures.clients import of_the_studio
from actions.figures.figure import Column, Figure, Row, Series, Value
from actions.figures.lists import OF_A_TASK, TOP, line, shortened
from actions.figures.meaning import is_done
from actions.figures.production import Production
from actions.figures.rows import TaskRow


@of_the_studio
def estimates(production: Production) -> Figure:
    """By task type."""
    tasks = [task for task in production.tasks if task.estimation or task.spent]
    return Figure(
        slug="estimates",
        title="Estimated and spent",
        help=f"Days of {production.hours_by_day:g} hours. What is compared are the tasks that have an estimate.",
        chart="bars",
        columns=(
            Column("type", "Task type", kind="text"),
            Column("tasks", "With an estimate", "tasks"),
            Column("estimated", "Estimated", kind="days"),
            Column("spent", "Spent on these", kind="days"),
            Column("share", "Spent of estimated", kind="share"),
            Column("done", "Done", "tasks"),
            Column("done_share", "Spent of estimated, done ones", kind="share"),
            Column("over", "Over their estimate", "tasks"),
            Column("without", "Spent without an estimate", kind="days"),
        ),
        rows=tuple(_row(production, t.name, found, t.color, t.id) for t, found in by_type(production, tasks)),
        series=(Series("estimated", "Estimated"), Series("spent", "Spent on these")),
        unit="days",
        total=_row(production, "All", tasks) if tasks else None,
        empty="There are no estimates, and no time was spent.",
    )


def _row(production: Production, label: str, tasks: Sequence[TaskRow], color: str = "", key: str = "") -> Row:
    having = [task for task in tasks if task.estimation]
    without = [task for task in tasks if not task.estimation]
    done = [task for task in having if is_done(production, task)]
    over = [task for task in having if task.spent > task.estimation]
    values: dict[str, Value] = {
        "type": label,
        "tasks": len(having),
        "estimated": work_days(production, _estimated(having)),
        "spent": work_days(production, _spent(having)),
        "share": share(_spent(having), _estimated(having)),
        "done": len(done),
        "done_share": share(_spent(done), _estimated(done)),
        "over": len(over),
        "without": work_days(production, _spent(without)),
    }
    cells = dict.fromkeys(("tasks", "estimated", "share"), ids(having)) | dict.fromkeys(
        ("done", "done_share"), ids(done)
    )
    cells |= {"spent": ids(task for task in having if task.spent), "over": ids(over), "without": ids(without)}
    return Row(label, values, ids(tasks), color, key, cell_task_ids=cells)


def _estimated(tasks: Sequence[TaskRow]) -> float:
    return sum(task.estimation for task in tasks)


def _spent(tasks: Sequence[TaskRow]) -> float:
    return sum(task.spent for task in tasks)


@of_the_studio
def estimates_tasks(production: Production) -> Figure:
    """The tasks that went furthest over their estimate."""
    over = [task for task in production.tasks if task.estimation and task.spent > task.estimation]
    over.sort(key=lambda task: (task.estimation - task.spent, task.id))
    return Figure(
        slug="estimates-tasks",
        title="Furthest over the estimate",
        help="The tasks on which the most was spent beyond their estimate.",
        chart="none",
        columns=(
            *OF_A_TASK,
            Column("estimated", "Estimated", kind="days"),
            Column("spent", "Spent", kind="days"),
            Column("over", "Over", kind="days"),
            Column("share", "Spent of estimated", kind="share"),
        ),
        rows=tuple(_line(production, task) for task in over[:TOP]),
        note=shortened(over, "tasks over their estimate"),
        empty="No task is over its estimate.",
    )


def _line(production: Production, task: TaskRow) -> Row:
    return line(
        production,
        task,
        estimated=work_days(production, task.estimation),
        spent=work_days(production, task.spent),
        over=work_days(production, task.spent - task.estimation),
        share=share(task.spent, task.estimation),
    )
