"""Velocity: what is done in each week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from actions.figures import weeks
from actions.figures.adding import by_type, frames, grouped, ids, joined, seconds, with_frames, work_days
from actions.figures.clients import of_the_studio
from actions.figures.figure import Column, Figure, Row, Series, Value
from actions.figures.meaning import is_done
from actions.figures.production import Production
from actions.figures.rows import TaskRow, TypeRow

MEAN_OF = 4
"""Weeks of the moving mean."""


@of_the_studio
def velocity(production: Production) -> Figure:
    """Tasks done per week and task type, with frames, seconds and estimated days."""
    done = done_tasks(production)
    types = [one for one, _ in by_type(production, done)]
    found = grouped(done, lambda task: weeks.monday(done_day(production, task)))
    mondays = weeks.shown(production, min(found), production.today) if found else []
    return Figure(
        slug="velocity",
        title="Done per week",
        help="The tasks that came into a done status in each week and are in it still.",
        chart="stacked",
        columns=(
            Column("label", "Week", kind="text"),
            Column("monday", "From", kind="date"),
            *(Column(one.id, one.name, "tasks") for one in types),
            Column("tasks", "All", "tasks"),
            Column("mean", f"Mean of {MEAN_OF} weeks", "tasks"),
            Column("frames", "Frames"),
            Column("seconds", "Seconds", "s"),
            Column("estimated", "Estimated", kind="days"),
        ),
        rows=tuple(_week(production, one, found, types) for one in mondays),
        series=tuple(Series(one.id, one.name, one.color) for one in types),
        unit="tasks",
        note=joined(undated(production), _running(production, mondays)),
        total=_row(production, "All", [t for one in mondays for t in found.get(one, ())], types) if mondays else None,
        empty="Nothing is done yet.",
    )


def done_tasks(production: Production) -> list[TaskRow]:
    """Those that are done, and of which Kitsu says when."""
    return [task for task in production.tasks if task.done and is_done(production, task)]


def done_day(production: Production, task: TaskRow) -> date:
    """The day on which it was done, where the person is."""
    assert task.done is not None
    return production.day(task.done)


def undated(production: Production) -> str:
    """A note of the done tasks that stand in no week."""
    count = sum(task.done is None and is_done(production, task) for task in production.tasks)
    return f"{count:,} done tasks have no day in Kitsu on which they were done." if count else ""


def _running(production: Production, mondays: Sequence[date]) -> str:
    running = mondays and mondays[-1] == weeks.monday(production.today)
    return "The last week is not over." if running else ""


def _week(production: Production, monday: date, found: dict[date, list[TaskRow]], types: Sequence[TypeRow]) -> Row:
    row = _row(production, weeks.name(monday), found.get(monday, []), types, monday.isoformat())
    before = [task for number in range(MEAN_OF) for task in found.get(monday - weeks.WEEK * number, ())]
    enough = monday - weeks.WEEK * (MEAN_OF - 1) >= min(found)
    values = {**row.values, "monday": monday.isoformat(), "mean": len(before) / MEAN_OF if enough else None}
    return replace(row, values=values, cell_task_ids={**row.cell_task_ids, "mean": ids(before)})


def _row(production: Production, label: str, tasks: Sequence[TaskRow], types: Sequence[TypeRow], key: str = "") -> Row:
    of_type = grouped(tasks, lambda task: task.task_type_id)
    values: dict[str, Value] = {
        "label": label,
        "monday": None,
        "mean": None,
        **{one.id: len(of_type.get(one.id, ())) for one in types},
        "tasks": len(tasks),
        "frames": frames(production, tasks),
        "seconds": seconds(production, tasks),
        "estimated": work_days(production, sum(task.estimation for task in tasks)),
    }
    cells = {one.id: ids(of_type.get(one.id, ())) for one in types}
    cells |= dict.fromkeys(("frames", "seconds"), ids(with_frames(production, tasks)))
    cells["estimated"] = ids(task for task in tasks if task.estimation)
    return Row(label, values, ids(tasks), key=key, cell_task_ids=cells)
