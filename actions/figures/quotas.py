"""Quotas as Kitsu's page of that name counts them: frames of the shots that each person delivered in each week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.figures import weeks
from actions.figures.adding import frames, grouped, ids, seconds, with_frames
from actions.figures.clients import of_the_studio
from actions.figures.figure import Column, Figure, Row, Series, Value
from actions.figures.production import Production
from actions.figures.rows import TaskRow

BEFORE = 7
"""Weeks before this one, where the scope has no time range."""

MOST = 16
"""Weeks that fit a table."""


@of_the_studio
def quotas(production: Production) -> Figure:
    """Frames by person and week; a task of two counts for both, as in Kitsu."""
    mondays = _mondays(production)
    delivered = _delivered(production, mondays)
    pairs = [(one, task, monday) for task, monday in delivered for one in task.assignees if _is_asked(production, one)]
    found = grouped(pairs, lambda pair: pair[0])
    rows = [_row(production, mondays, one, [(task, week) for _, task, week in rows]) for one, rows in found.items()]
    rows.sort(key=lambda row: (-float(row.values["frames"] or 0), row.label, row.key))
    return Figure(
        slug="quotas",
        title="Frames delivered per person and week",
        help="Frames of the shots whose tasks were sent to review in each week, for everybody assigned to them now.",
        chart="bars",
        columns=(
            Column("label", "Person", kind="person"),
            *(Column(one.isoformat(), weeks.name(one), "frames") for one in mondays),
            Column("frames", "Frames"),
            Column("seconds", "Seconds", "s"),
            Column("shots", "Shots"),
            Column("drawings", "Drawings"),
        ),
        rows=tuple(rows),
        series=tuple(Series(one.isoformat(), weeks.name(one)) for one in mondays),
        unit="frames",
        note="What came back or went on without being done has lost the day on which it was sent to review.",
        empty="No shot was sent to review in these weeks.",
    )


def _mondays(production: Production) -> list[date]:
    today = production.today
    return weeks.shown(production, today - weeks.WEEK * BEFORE, today)[-MOST:]


def _delivered(production: Production, mondays: list[date]) -> list[tuple[TaskRow, date]]:
    """The tasks of shots that were sent to review in these weeks, each with its week."""
    begin, over = weeks.moments(production, mondays)
    sent = ((task, task.sent) for task in production.tasks if task.sent and begin <= task.sent < over)
    shots = ((task, at) for task, at in sent if production.entity(task).kind == "shot")
    return [(task, weeks.monday(production.day(at))) for task, at in shots]


def _is_asked(production: Production, person_id: str) -> bool:
    return production.scope.person_id in {"", person_id}


def _row(
    production: Production, mondays: Sequence[date], person: str, delivered: Sequence[tuple[TaskRow, date]]
) -> Row:
    tasks = [task for task, _ in delivered]
    by_week = {monday: [task for task, one in delivered if one == monday] for monday in mondays}
    label = production.person(person)
    values: dict[str, Value] = {"label": label}
    values |= {one.isoformat(): frames(production, some) for one, some in by_week.items()}
    values |= {"frames": frames(production, tasks), "seconds": seconds(production, tasks), "shots": len(tasks)}
    values["drawings"] = sum(task.drawings for task in tasks)
    cells = {one.isoformat(): ids(with_frames(production, some)) for one, some in by_week.items()}
    cells |= dict.fromkeys(("frames", "seconds"), ids(with_frames(production, tasks)))
    cells["drawings"] = ids(task for task in tasks if task.drawings)
    return Row(label, values, ids(tasks), key=person, cell_task_ids=cells)
