"""Burn-up: what is done, week by week, against what was due, and when the rest may be done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil

from actions.figures import weeks
from actions.figures.adding import grouped, ids, joined
from actions.figures.clients import of_the_studio
from actions.figures.figure import Column, Figure, Row, Series, Value
from actions.figures.meaning import is_done
from actions.figures.production import Production
from actions.figures.rows import TaskRow
from actions.figures.velocity import done_day, done_tasks, undated

PACE_OF = 6
"""Full weeks whose mean is the pace."""

LEAST = 2
"""Full weeks without which there is no pace."""

Weekly = dict[date, list[TaskRow]]


@dataclass(frozen=True)
class Pace:
    """Tasks a week, over so many full weeks before this one."""

    tasks: float
    weeks: int


@dataclass(frozen=True)
class Course:
    """How a production has come along, and how it may go on. `done` and `due` are by the Monday of their week."""

    today: date
    tasks: int
    done: Weekly
    due: Weekly
    finished: int
    """Tasks done now, those included of which Kitsu does not say when."""
    undated: list[TaskRow] = field(default_factory=list)
    """Those of them."""

    @property
    def pace(self) -> Pace | None:
        """The mean of the last full weeks, six at most; none before two have passed since the first task was done."""
        this = weeks.monday(self.today)
        full = [this - weeks.WEEK * number for number in range(1, PACE_OF + 1)]
        full = [one for one in full if one >= min(self.done, default=this)]
        return Pace(_count(self.done, full) / len(full), len(full)) if len(full) >= LEAST else None

    @property
    def finish(self) -> date | None:
        """The day on which the rest is done at this pace; None when nobody can say, or it is more than two years away."""
        left, pace = self.tasks - self.finished, self.pace
        if not left or pace is None or not pace.tasks:
            return None
        days = ceil(left / pace.tasks * 7)
        return self.today + timedelta(days=days) if days <= weeks.MOST * 7 else None

    def done_by(self, monday: date) -> int:
        """Done by the end of this week; those without a day have been done from the beginning."""
        return self.finished - _count(self.done, [one for one in self.done if one > monday])

    def due_by(self, monday: date) -> int:
        """Due by the end of this week."""
        return _count(self.due, [one for one in self.due if one <= monday])

    def projected(self, monday: date) -> float | None:
        """Done by the end of this week at the present pace."""
        pace, ahead = self.pace, (weeks.sunday(monday) - self.today).days
        return min(self.tasks, self.finished + pace.tasks * ahead / 7) if pace and ahead >= 0 else None


def _count(weekly: Weekly, of: list[date]) -> int:
    return sum(len(weekly.get(one, ())) for one in of)


def course(production: Production) -> Course:
    """From the days on which tasks were done, and are due."""
    return Course(
        today=production.today,
        tasks=len(production.tasks),
        done=grouped(done_tasks(production), lambda task: weeks.monday(done_day(production, task))),
        due=grouped((t for t in production.tasks if t.due), lambda task: weeks.monday(task.due or production.today)),
        finished=sum(is_done(production, task) for task in production.tasks),
        undated=[task for task in production.tasks if task.done is None and is_done(production, task)],
    )


@of_the_studio
def burnup(production: Production) -> Figure:
    """Cumulated: all tasks, due, done and, from this week on, done at the present pace."""
    found = course(production)
    days = [found.today, *found.done, *found.due, *filter(None, [found.finish])]
    mondays = weeks.shown(production, min(days), max(days)) if production.tasks else []
    return Figure(
        slug="burn-up",
        title="Burn-up",
        help="Tasks done by the end of each week, beside those that were due by then.",
        chart="line",
        columns=(
            Column("label", "Week", kind="text"),
            Column("until", "Until", kind="date"),
            Column("all", "All", "tasks"),
            Column("due", "Due", "tasks"),
            Column("done", "Done", "tasks"),
            Column("projected", "At this pace", "tasks", leads=False),
        ),
        rows=tuple(_row(found, one, _added(production, found, one, first=one == mondays[0])) for one in mondays),
        series=(
            Series("all", "All"),
            Series("due", "Due"),
            Series("done", "Done"),
            Series("projected", "At this pace"),
        ),
        unit="tasks",
        note=joined(words(found), undated(production)),
        empty="There are no tasks here.",
        adds_up=True,
    )


def _added(production: Production, found: Course, monday: date, *, first: bool) -> dict[str, tuple[str, ...]]:
    """The tasks that a week adds to each column; the first that is shown has those of all before, too."""

    def of(weekly: Weekly) -> list[TaskRow]:
        upto = [one for one in sorted(weekly) if one <= monday] if first else [monday]
        return [task for one in upto for task in weekly.get(one, ())]

    done = [*(found.undated if first else ()), *of(found.done)]
    return {"all": ids(production.tasks if first else ()), "done": ids(done), "due": ids(of(found.due))}


def _row(found: Course, monday: date, cells: dict[str, tuple[str, ...]]) -> Row:
    values: dict[str, Value] = {
        "label": weeks.name(monday),
        "until": weeks.sunday(monday).isoformat(),
        "all": found.tasks,
        "due": found.due_by(monday),
        "done": found.done_by(monday) if monday <= found.today else None,
        "projected": found.projected(monday),
    }
    own = ids(found.done.get(monday, ()))
    return Row(weeks.name(monday), values, own, key=monday.isoformat(), cell_task_ids=cells)


def words(found: Course) -> str:
    """What the projection says, or why there is none."""
    left, pace, finish = found.tasks - found.finished, found.pace, found.finish
    if not left:
        return "Everything is done." if found.tasks else ""
    if pace is None:
        return f"There is no projection before {LEAST} full weeks have passed since the first task was done."
    said = f"{pace.tasks:.1f} tasks a week were done in the last {pace.weeks} full weeks."
    if finish is None:
        return f"{said} At this pace the {left:,} that are left are not done within two years."
    return f"{said} At this pace the {left:,} that are left are done by {finish.isoformat()}. {_against(found, finish)}"


def _against(found: Course, finish: date) -> str:
    last = max((task.due for tasks in found.due.values() for task in tasks if task.due), default=None)
    return (
        f"The last due day is {last.isoformat()}, {_apart((finish - last).days)}." if last else "Nothing has a due day."
    )


def _apart(days: int) -> str:
    if not days:
        return "the same day"
    return f"{abs(days):,} days {'earlier' if days > 0 else 'later'}"
