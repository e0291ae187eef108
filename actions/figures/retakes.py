"""Retakes: how often work came back, by task type, by sequence and by artist."""

from __future__ import annotations

from collections.abc import Sequence

from actions.figures.adding import by_type, grouped, ids, share
from actions.figures.clients import of_the_studio
from actions.figures.figure import Column, Figure, Row, Series, Value
from actions.figures.meaning import is_delivered
from actions.figures.production import Production
from actions.figures.rows import TaskRow

MEASURES = (
    Column("tasks", "Delivered", "tasks"),
    Column("retakes", "Retakes"),
    Column("rate", "Retakes a task"),
    Column("returned", "Came back", "tasks"),
    Column("share", "Came back, share", kind="share"),
    Column("most", "Most on one task"),
)
EMPTY = "Nothing has been delivered yet."


@of_the_studio
def retakes(production: Production) -> Figure:
    """By task type."""
    tasks = _delivered(production)
    return _compared(
        tasks,
        slug="retakes",
        title="Retakes by task type",
        about="How often Kitsu counted a retake on the tasks that were delivered: done, in review, or back at least once.",
        label=Column("label", "Task type", kind="text"),
        rows=tuple(measured(t.name, found, t.color, t.id) for t, found in by_type(production, tasks)),
    )


@of_the_studio
def retakes_sequences(production: Production) -> Figure:
    """By sequence."""
    tasks = _delivered(production)
    found = grouped(tasks, lambda task: _sequence(production, task))
    order = sorted(found, key=lambda one: (not one, production.path(one), one))
    return _compared(
        tasks,
        slug="retakes-sequences",
        title="Retakes by sequence",
        about="The same for the tasks on the shots of each sequence and on the sequence itself.",
        label=Column("label", "Sequence", kind="text"),
        rows=tuple(measured(production.path(one) or "No sequence", found[one], key=one) for one in order),
    )


@of_the_studio
def retakes_artists(production: Production) -> Figure:
    """By artist: a task of two counts for both."""
    tasks = _delivered(production)
    pairs = ((person, task) for task in tasks for person in task.assignees or ("",))
    found = {person: [task for _, task in rows] for person, rows in grouped(pairs, lambda pair: pair[0]).items()}
    order = sorted(found, key=lambda one: (one == "", -_rate(found[one]), production.person(one)))
    shared = sum(len(task.assignees) > 1 for task in tasks)
    return _compared(
        tasks,
        slug="retakes-artists",
        title="Retakes by artist",
        about="The same for the tasks that are assigned to each person now.",
        label=Column("label", "Artist", kind="person"),
        rows=tuple(measured(production.person(one) or "Nobody", found[one], key=one) for one in order),
        note=f"{shared:,} tasks of several people count for each of them, and once in the total." if shared else "",
    )


def _compared(
    tasks: Sequence[TaskRow], *, slug: str, title: str, about: str, label: Column, rows: tuple[Row, ...], note: str = ""
) -> Figure:
    """What is delivered, side by side: the same measures of each row, and of all."""
    return Figure(
        slug=slug,
        title=title,
        help=about,
        chart="bars",
        columns=(label, *MEASURES),
        rows=rows,
        series=(Series("rate", "Retakes a task"),),
        note=note,
        total=_total(tasks),
        empty=EMPTY,
    )


def _delivered(production: Production) -> list[TaskRow]:
    return [task for task in production.tasks if is_delivered(production, task)]


def _sequence(production: Production, task: TaskRow) -> str:
    entity = production.entity(task)
    return entity.id if entity.kind == "sequence" else entity.sequence_id


def _rate(tasks: Sequence[TaskRow]) -> float:
    return share(sum(task.retakes for task in tasks), len(tasks)) or 0.0


def measured(label: str, tasks: Sequence[TaskRow], color: str = "", key: str = "") -> Row:
    """The measures of some delivered tasks."""
    returned = [task for task in tasks if task.retakes]
    values: dict[str, Value] = {
        "label": label,
        "tasks": len(tasks),
        "retakes": sum(task.retakes for task in tasks),
        "rate": share(sum(task.retakes for task in tasks), len(tasks)),
        "returned": len(returned),
        "share": share(len(returned), len(tasks)),
        "most": max((task.retakes for task in tasks), default=0),
    }
    cells = dict.fromkeys(("retakes", "returned", "share"), ids(returned))
    cells["most"] = ids(task for task in returned if task.retakes == values["most"])
    return Row(label, values, ids(tasks), color, key, cell_task_ids=cells)


def _total(tasks: Sequence[TaskRow]) -> Row | None:
    return measured("All", tasks) if tasks else None
