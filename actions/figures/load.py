"""Load: hours of each person in each week, spent and planned, against the hours that a week has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from actions.figures import weeks
from actions.figures.adding import share
from actions.figures.clients import of_the_studio
from actions.figures.figure import Column, Figure, Row, Series, Value
from actions.figures.meaning import is_done
from actions.figures.production import Production
from actions.figures.rows import TaskRow

BEFORE, AFTER = 3, 6
"""Weeks before and after this one, where the scope has no time range."""

MOST = 16
"""Weeks that fit a table."""

Cell = tuple[str, date]


@dataclass
class Loads:
    """Hours and tasks by person and week; what has no due date is `unplaced`, by person."""

    hours: dict[Cell, float] = field(default_factory=lambda: defaultdict(float))
    tasks: dict[Cell, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    unplaced: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    without: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, person: str, monday: date, hours: float, task_id: str) -> None:
        """So many hours more."""
        self.hours[person, monday] += hours
        self.tasks[person, monday][task_id] = None

    def set_aside(self, person: str, hours: float, task_id: str) -> None:
        """So many hours that belong to no week."""
        self.unplaced[person] += hours
        self.without[person][task_id] = None


@of_the_studio
def load(production: Production) -> Figure:
    """People by the load of their fullest week."""
    loads, mondays = loads_of(production), _mondays(production)
    people = {person for person, monday in loads.hours if monday in mondays} | set(loads.unplaced)
    rows = [_row(production, loads, mondays, person) for person in people]
    rows.sort(key=lambda row: (not row.key, -float(row.values["peak"] or 0), row.label, row.key))
    quota = quota_of(production)
    return Figure(
        slug="load",
        title="Load per person and week",
        help=f"Hours spent until now, and from today on what is left of the estimates. A week has {quota:g} hours.",
        chart="bars",
        columns=(
            Column("label", "Person", kind="person"),
            *(Column(one.isoformat(), weeks.name(one), kind="hours") for one in mondays),
            Column("quota", "A week has", kind="hours", leads=False),
            Column("peak", "Fullest week", kind="share"),
            Column("unplaced", "Without due date", kind="hours"),
        ),
        rows=tuple(rows),
        series=tuple(Series(one.isoformat(), weeks.name(one)) for one in mondays),
        unit="hours",
        note="" if production.sees_time else "Kitsu does not show you the time that was spent.",
        empty="Nobody has work here.",
    )


def quota_of(production: Production) -> float:
    """Hours of a week: five days of as many hours as the studio says in Kitsu."""
    return 5 * production.hours_by_day


def _mondays(production: Production) -> list[date]:
    today = production.today
    return weeks.shown(production, today - weeks.WEEK * BEFORE, today + weeks.WEEK * AFTER)[:MOST]


def loads_of(production: Production) -> Loads:
    """Time spent by its day; of each open task what is left of its estimate, in equal parts for all who are assigned, evenly
    from today (or its later start) to its due day, from Monday to Friday; what is overdue falls on this week."""
    loads, scope = Loads(), production.scope
    for spent in production.spents:
        loads.add(spent.person_id, weeks.monday(spent.day), spent.minutes / 60, spent.task_id)
    for task in production.tasks:
        for person in task.assignees or ("",):
            if scope.person_id in {"", person} and not is_done(production, task):
                _plan(loads, production, task, person)
    return loads


def _plan(loads: Loads, production: Production, task: TaskRow, person: str) -> None:
    hours = max(0.0, task.estimation - task.spent) / 60 / max(1, len(task.assignees))
    if not hours:
        return
    if task.due is None:
        loads.set_aside(person, hours, task.id)
        return
    for monday, part in spread(max(production.today, task.start or production.today), task.due):
        loads.add(person, monday, hours * part, task.id)


def spread(first: date, last: date) -> Iterator[tuple[date, float]]:
    """The weeks between two days with their parts of the working days, which add up to 1. Where there are none, as between
    two days of a weekend or when the last is over, the whole falls on the week of the first."""
    days = weeks.work_days(first, last)
    if not days:
        yield weeks.monday(first), 1.0
        return
    for monday in weeks.between(first, last):
        part = weeks.work_days(max(first, monday), min(last, weeks.sunday(monday)))
        if part:
            yield monday, part / days


def _row(production: Production, loads: Loads, mondays: list[date], person: str) -> Row:
    hours = {one.isoformat(): loads.hours.get((person, one), 0.0) for one in mondays}
    tasks = {one.isoformat(): tuple(loads.tasks.get((person, one), ())) for one in mondays}
    quota = quota_of(production) if person else None
    without = tuple(loads.without.get(person, ()))
    label = production.person(person) or "Nobody"
    values: dict[str, Value] = {"label": label, **hours, "quota": quota}
    values["peak"] = share(max(hours.values(), default=0.0), quota) if quota else None
    values["unplaced"] = loads.unplaced.get(person, 0.0)
    everything = dict.fromkeys((*(one for some in tasks.values() for one in some), *without))
    fullest = max(hours, key=hours.__getitem__, default="")
    cells = {**tasks, "unplaced": without, "peak": tasks.get(fullest, ())}
    return Row(label, values, tuple(everything), key=person, cell_task_ids=cells)
