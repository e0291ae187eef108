"""Retakes over time: by the week in which tasks came back, or, where nobody asked Kitsu for that, in which they were done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from actions.figures import weeks
from actions.figures.adding import grouped, ids, share
from actions.figures.clients import of_the_studio
from actions.figures.figure import Column, Figure, Row, Series, Value
from actions.figures.production import MOST_DATED, Production
from actions.figures.retakes import MEASURES, measured
from actions.figures.rows import TaskRow
from actions.figures.velocity import done_day, done_tasks

SLUG, TITLE = "retakes-weeks", "Retakes over time"
WEEK = (Column("label", "Week", kind="text"), Column("monday", "From", kind="date"))
NOT_READ = (
    f"Kitsu keeps the days of retakes apart, and those of more than {MOST_DATED:,} are not asked for: here a retake counts in "
    "the week in which its task was done, however long ago it was."
)


@of_the_studio
def retakes_weeks(production: Production) -> Figure:
    """By week."""
    return _by_done(production) if production.retaken is None else _by_retake(production)


def _by_retake(production: Production) -> Figure:
    """What came back in each week, beside what was done in it: both are answers to work that was delivered."""
    back = [(weeks.monday(production.day(one.at)), one.task_id) for one in production.retaken or ()]
    returned = {week: [task for _, task in found] for week, found in grouped(back, lambda pair: pair[0]).items()}
    done = grouped(done_tasks(production), lambda task: weeks.monday(done_day(production, task)))
    first = min([*returned, *done], default=production.today)
    mondays = weeks.shown(production, first, production.today) if returned or done else []
    undated = sum(task.retakes for task in production.tasks) - len(back)
    return Figure(
        slug=SLUG,
        title=TITLE,
        help="Retakes that were given in each week, beside the tasks that were done in it and are done still.",
        chart="line",
        columns=(
            *WEEK,
            Column("retakes", "Retakes"),
            Column("returned", "Came back", "tasks"),
            Column("done", "Done", "tasks"),
            Column("share", "Retakes of all answers", kind="share"),
        ),
        rows=tuple(_answers(one, returned.get(one, []), done.get(one, [])) for one in mondays),
        series=(Series("retakes", "Retakes"), Series("share", "Retakes of all answers")),
        note=f"{undated:,} more retakes have no day in Kitsu." if undated > 0 else "",
        empty="Nothing came back, and nothing is done yet.",
    )


def _answers(monday: date, returned: Sequence[str], done: Sequence[TaskRow]) -> Row:
    once = tuple(dict.fromkeys(returned))
    values: dict[str, Value] = {"label": weeks.name(monday), "monday": monday.isoformat(), "retakes": len(returned)}
    values |= {"returned": len(once), "done": len(done), "share": share(len(returned), len(returned) + len(done))}
    both = tuple(dict.fromkeys((*once, *ids(done))))
    cells = dict.fromkeys(("retakes", "returned"), once) | {"done": ids(done), "share": both}
    return Row(weeks.name(monday), values, both, key=monday.isoformat(), cell_task_ids=cells)


def _by_done(production: Production) -> Figure:
    done = done_tasks(production)
    found = grouped(done, lambda task: weeks.monday(done_day(production, task)))
    mondays = weeks.shown(production, min(found), production.today) if found else []
    return Figure(
        slug=SLUG,
        title=TITLE,
        help="Retakes of the tasks that were done in each week, however long ago the retakes were.",
        chart="line",
        columns=(*WEEK, *MEASURES),
        rows=tuple(_week(one, found.get(one, ())) for one in mondays),
        series=(Series("rate", "Retakes a task"), Series("share", "Came back, share")),
        note=NOT_READ,
        empty="Nothing is done yet.",
    )


def _week(monday: date, tasks: Sequence[TaskRow]) -> Row:
    row = measured(weeks.name(monday), tasks, key=monday.isoformat())
    return replace(row, values={**row.values, "monday": monday.isoformat()})
