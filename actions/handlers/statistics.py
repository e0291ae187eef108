"""Show how the selected tasks stand: statuses, reviews, retakes, estimates, load, and what is late, as charts and tables.

The figures are kept as they were at that moment. Artists and vendors get those of their own tasks, clients how far the work
is. Nothing is changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from actions.contract import ActionError, Call, Field, Outcome
from actions.figures import Figure, Production, Scope, read_production
from actions.figures.behind import FILE, kept
from actions.figures.drawn import drawn, lines
from actions.figures.sight import Sight, sight_of
from actions.registry import handler
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.sheets import csv_lines

ROWS = 100
"""Rows of a figure that the page shows; its file has them all."""

LARGEST = 400_000
"""Bytes of all figures in the record; beyond, each is kept with fewer rows."""

Chosen = Literal[
    "status",
    "burn-up",
    "review",
    "review-tasks",
    "due",
    "due-tasks",
    "retakes",
    "retakes-weeks",
    "retakes-sequences",
    "retakes-artists",
    "estimates",
    "estimates-tasks",
    "load",
    "quotas",
    "velocity",
    "episodes",
    "missing",
]


WORDS = tuple((slug, slug.replace("-", " ").capitalize()) for slug in get_args(Chosen))


@dataclass(frozen=True)
class Options:
    """What the studio wants to see."""

    figures: Annotated[tuple[Chosen, ...], Field(choices=WORDS, help="None chosen: all of them.")] = ()


@handler(title="Statistics")
def run(call: Call, options: Options) -> Outcome:
    """Read the productions of the selection, count its tasks, and keep what comes of it."""
    projects = {task.project.id: task.project.name for task in call.tasks}
    if not projects:
        raise ActionError("None of the selected tasks can be counted.")
    sight = _sight(call.person, list(projects), options)
    production = read_production(call.kitsu, projects, progress=call.progress)
    call.stop_if_cancelled()
    chosen = frozenset(task.id for task in call.tasks)
    counted = production.within(sight.narrowed(Scope("", task_ids=chosen)))
    figures = sight.draw(counted)
    return Outcome(_sentence(call, counted, sight), data=_page(call, counted, figures, projects, sight))


def _sight(person: Person | None, projects: Sequence[str], options: Options) -> Sight:
    """Of several productions, what all of them allow."""
    seen = sight_of(person, *projects) if person else Sight.of_everything()
    wanted = options.figures or seen.figures
    return Sight(tuple(slug for slug in seen.figures if slug in wanted), seen.only)


def _sentence(call: Call, production: Production, sight: Sight) -> str:
    count, selected = len(production.tasks), len(call.tasks)
    text = f"{count:,} task{'' if count == 1 else 's'} counted."
    if count == selected:
        return text
    why = "they are not yours" if sight.only else "Kitsu does not show them in its lists"
    return f"{text} {selected - count:,} left out: {why}."


def _page(
    call: Call, production: Production, figures: Sequence[Figure], projects: dict[str, str], sight: Sight
) -> dict[str, Any]:
    at = production.read_at.astimezone(production.zone)
    return {
        "read": at.strftime("%Y-%m-%d %H:%M:%S %Z"),
        "read_at": at.isoformat(),
        "projects": [{"id": key, "name": name} for key, name in projects.items()],
        "own": bool(sight.only),
        "figures": _within(figures, {figure.slug: _table(call, figure) for figure in figures if figure.rows}),
        "behind": bool(_keep(call, FILE, kept(production, figures).encode(), "application/json")),
    }


def _within(figures: Sequence[Figure], files: dict[str, str]) -> list[dict[str, Any]]:
    """As many rows of each as fit into the record."""
    rows = ROWS
    while True:
        found = [drawn(figure, most_rows=rows) | {"file": files.get(figure.slug, "")} for figure in figures]
        if rows <= 1 or len(json.dumps(found)) <= LARGEST:
            return found
        rows //= 2


def _table(call: Call, figure: Figure) -> str:
    """The whole table, kept with the invocation."""
    header, rows = lines(figure)
    return _keep(call, f"{figure.slug}.csv", csv_lines(header, rows, mark=True), "text/csv")


def _keep(call: Call, name: str, content: bytes | Iterable[bytes], content_type: str) -> str:
    """Where the page gets it; empty where it could not be kept, and a line that says so."""
    try:
        return call.keep(name, content, content_type).url
    except ActionError as error:
        call.log(str(error), "warning")
        return ""
