"""Tasks that nobody can plan with: without assignee, estimate or due date."""

from __future__ import annotations

from collections.abc import Sequence

from actions.figures.adding import by_type, ids, share
from actions.figures.clients import of_the_studio
from actions.figures.figure import Column, Figure, Row, Series, Value
from actions.figures.meaning import is_done
from actions.figures.production import Production
from actions.figures.rows import TaskRow


@of_the_studio
def missing(production: Production) -> Figure:
    """By task type, of the tasks that are not done."""
    tasks = [task for task in production.tasks if not is_done(production, task)]
    return Figure(
        slug="missing",
        title="Without assignee, estimate or due date",
        help="Tasks that are not done and lack something that planning needs. One that lacks two counts in both columns.",
        chart="bars",
        columns=(
            Column("type", "Task type", kind="text"),
            Column("tasks", "Not done", "tasks"),
            Column("assignee", "Without assignee", "tasks"),
            Column("estimate", "Without estimate", "tasks"),
            Column("due", "Without due date", "tasks"),
            Column("any", "Lacking something", "tasks"),
            Column("share", "Lacking something, share", kind="share"),
        ),
        rows=tuple(_row(t.name, found, t.color, t.id) for t, found in by_type(production, tasks)),
        series=(
            Series("assignee", "Without assignee"),
            Series("estimate", "Without estimate"),
            Series("due", "Without due date"),
        ),
        unit="tasks",
        total=_row("All", tasks) if tasks else None,
        empty="Everything is done.",
    )


def _row(label: str, tasks: Sequence[TaskRow], color: str = "", key: str = "") -> Row:
    lacking = {
        "assignee": [task for task in tasks if not task.assignees],
        "estimate": [task for task in tasks if not task.estimation],
        "due": [task for task in tasks if task.due is None],
        "any": [task for task in tasks if not task.assignees or not task.estimation or task.due is None],
    }
    values: dict[str, Value] = {"type": label, "tasks": len(tasks)}
    values |= {one: len(found) for one, found in lacking.items()}
    values["share"] = share(len(lacking["any"]), len(tasks))
    cells = {one: ids(found) for one, found in lacking.items()}
    return Row(label, values, ids(tasks), color, key, cell_task_ids={**cells, "share": cells["any"]})
