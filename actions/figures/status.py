"""How the work stands: tasks of each task type by status, with their share, and frames and seconds of shots."""

from __future__ import annotations

from collections.abc import Sequence

from actions.figures.adding import by_type, frames, grouped, ids, seconds, share, with_frames
from actions.figures.figure import Column, Figure, Row, Series
from actions.figures.production import Production
from actions.figures.rows import StatusRow, TaskRow


def status(production: Production) -> Figure:
    """Tasks by task type and status."""
    statuses = _used(production)
    return Figure(
        slug="status",
        title="Status by task type",
        help="How many tasks of each task type stand in each status now. Frames and seconds are those of shots.",
        chart="stacked",
        columns=_columns(statuses),
        rows=tuple(
            _row(production, t.name, found, statuses, color=t.color, key=t.id)
            for t, found in by_type(production, production.tasks)
        ),
        series=tuple(Series(one.id, one.name, one.color) for one in statuses),
        unit="tasks",
        total=_row(production, "All", production.tasks, statuses) if production.tasks else None,
        empty="There are no tasks here.",
    )


def _used(production: Production) -> list[StatusRow]:
    used = {task.status_id for task in production.tasks}
    return sorted((production.statuses[one] for one in used), key=lambda s: (s.is_done, s.priority, s.name))


def _columns(statuses: Sequence[StatusRow]) -> tuple[Column, ...]:
    counts = [
        column
        for one in statuses
        for column in (
            Column(one.id, one.name, "tasks"),
            Column(f"{one.id}:share", f"{one.name}, share", kind="share"),
        )
    ]
    ends = (Column("tasks", "All", "tasks"), Column("frames", "Frames"), Column("seconds", "Seconds", "s"))
    return (Column("type", "Task type", kind="text"), *counts, *ends)


def _row(
    production: Production,
    label: str,
    tasks: Sequence[TaskRow],
    statuses: Sequence[StatusRow],
    *,
    color: str = "",
    key: str = "",
) -> Row:
    by_status = grouped(tasks, lambda task: task.status_id)
    counts = {one.id: len(by_status.get(one.id, ())) for one in statuses}
    shares = {f"{one}:share": share(count, len(tasks)) for one, count in counts.items()}
    ends = {"tasks": len(tasks), "frames": frames(production, tasks), "seconds": seconds(production, tasks)}
    cells = {one.id: ids(by_status.get(one.id, ())) for one in statuses}
    cells |= dict.fromkeys(("frames", "seconds"), ids(with_frames(production, tasks)))
    return Row(label, {"type": label, **counts, **shares, **ends}, ids(tasks), color, key, cell_task_ids=cells)
