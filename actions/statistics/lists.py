"""The tasks behind a number as a page, with the way into Kitsu, and as a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from actions.figures import Figure
from actions.figures.behind import tasks_behind
from actions.figures.listed import Listed
from kitsu_bridge.kitsu.links import task_page, task_type_page
from kitsu_bridge.sheets import Cell, csv_lines

MOST = 500
"""Tasks of a page; the file has them all."""

MOST_PLACES = 8
"""Links to lists of Kitsu's."""


@dataclass(frozen=True, slots=True)
class Number:
    """What a link says of a number of a figure: its row, or the total, and its column; without one, the whole row."""

    row: str
    column: str
    total: bool

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Number:
        """From a request's GET."""
        return cls(str(query.get("row") or ""), str(query.get("column") or ""), bool(query.get("total")))

    def behind(self, figure: Figure) -> tuple[str, tuple[str, ...]]:
        """What it is about, and the ids of its tasks; nothing for a number that the figure does not have."""
        return tasks_behind(figure, row=self.row, column=self.column, total=self.total)


@dataclass(frozen=True)
class Tasks:
    """Those behind one number of a figure, with the columns of their list and the time at which they were read."""

    figure: Figure
    about: str
    tasks: Sequence[Listed]
    columns: Mapping[str, str]
    read_at: datetime


def tasks_page(request: HttpRequest, found: Tasks, *, back: str, file: str, kept: bool) -> HttpResponse:
    """The page. `back` leads to the figure, `file` to the same as CSV; `kept`: as it was then, and not as it is now."""
    context = {
        "found": found,
        "figure": found.figure,
        "about": found.about,
        "columns": found.columns,
        "tasks": [{"task": task, "link": _link(task)} for task in found.tasks[:MOST]],
        "linked": any(map(_link, found.tasks[:MOST])),  # The sample studio has no pages.
        "age": datetime.now(UTC) - found.read_at,
        "count": len(found.tasks),
        "left_out": len(found.tasks) - MOST,
        "places": list(_places(found.tasks)),
        "back": back,
        "file": file,
        "kept": kept,
    }
    return render(request, "statistics/tasks.html", context)


def tasks_file(found: Tasks) -> HttpResponse:
    """The same tasks, all of them."""
    rows = ([*(getattr(task, name) for name in found.columns), _link(task)] for task in found.tasks)
    return csv_file(f"{found.figure.slug}-tasks", [*found.columns.values(), "Link"], rows)


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """A file of figures or of their tasks."""
    disposition = {"Content-Disposition": f'attachment; filename="statistics-{name}.csv"'}
    content = b"".join(csv_lines(header, rows, mark=True))
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=disposition)


def _link(task: Listed) -> str:
    return task_page(settings.KITSU_PUBLIC_URL, task.project_id, task.kind, task.id)


def _places(tasks: Sequence[Listed]) -> Iterator[dict[str, str]]:
    """Kitsu's own lists of these tasks' types, those with most of them first: it has no address for chosen tasks."""
    found = Counter((t.project_id, t.kind, t.task_type_id, t.below, t.task_type, t.episode) for t in tasks)
    for (project_id, kind, task_type_id, below, task_type, episode), count in found.most_common(MOST_PLACES):
        link = task_type_page(settings.KITSU_PUBLIC_URL, project_id, kind, task_type_id, below)
        name = f"{episode} / {task_type}" if below and episode else task_type
        if link:
            yield {"link": link, "name": name, "count": f"{count:,}"}
