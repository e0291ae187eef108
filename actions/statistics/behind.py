"""The tasks behind a number of a figure: as a page, with links into Kitsu, and as CSV; and the figures as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from actions.figures import Figure, Production
from actions.figures.drawn import color_of, lines
from actions.figures.rows import TaskRow
from actions.statistics.asked import Asked, asked_of, figure_of, tasks_behind
from actions.statistics.away import cache_needed
from actions.statistics.counted import production_of
from actions.statistics.reading import Look
from kitsu_bridge.kitsu.links import task_page
from kitsu_bridge.kitsu.signin.views import person_required
from kitsu_bridge.sheets import csv_lines

MOST = 500
"""Tasks of a page; the file has them all."""

LONG_PATIENCE = 20.0
"""Seconds that a file waits for its production; a page says how far it is instead."""

OF_ALL = {"name": "Task", "status": "Status"}
OF_THE_STUDIO = {"people": "Assigned to", "due": "Due", "estimate": "Estimate (hours)"}
OF_TIME = {"spent": "Spent (hours)"}
"""Columns, by what Kitsu shows to whom: where it hides assignees, "nobody" would be wrong."""


View = Callable[..., HttpResponseBase]
Shows = Callable[[HttpRequest, Asked, Look[Production], Production], HttpResponse]


def of_a_production(patience: float = 1.0) -> Callable[[Shows], View]:
    """A page or file of a production that is read; while it is not, how far the reading is. `patience`: seconds to wait."""

    def made(shows: Shows) -> View:
        @never_cache
        @require_GET
        @person_required
        @cache_needed
        @wraps(shows)
        def view(request: HttpRequest) -> HttpResponse:
            asked = asked_of(request)
            look = production_of(asked, patience=patience)
            return _later(request, look) if look.found is None else shows(request, asked, look, look.found)

        return view

    return made


@of_a_production()
def statistics_tasks(
    request: HttpRequest, asked: Asked, look: Look[Production], production: Production
) -> HttpResponse:
    """The tasks that a number counts, found again from the filters, the figure, the row and the column."""
    figure, about, tasks = _found(request, asked, production)
    context = {
        "look": look,
        "zone": production.zone,
        "figure": figure,
        "about": about,
        "columns": _columns(production),
        "tasks": [_shown(production, task) for task in tasks[:MOST]],
        "count": len(tasks),
        "left_out": len(tasks) - MOST,
        "back": f"{reverse('statistics')}?{asked.query}#figure-{figure.slug}",
        "file": f"{reverse('statistics_tasks_csv')}?{request.GET.urlencode()}",
    }
    return render(request, "statistics/tasks.html", context)


@of_a_production(LONG_PATIENCE)
def statistics_tasks_csv(
    request: HttpRequest, asked: Asked, _: Look[Production], production: Production
) -> HttpResponse:
    """The same tasks, all of them."""
    figure, _about, tasks = _found(request, asked, production)
    columns = _columns(production) | {"link": "Link"}
    rows = ([_shown(production, task)[name] for name in columns] for task in tasks)
    return _file(f"{figure.slug}-tasks", csv_lines(list(columns.values()), rows, mark=True))


@of_a_production(LONG_PATIENCE)
def statistics_csv(request: HttpRequest, asked: Asked, _: Look[Production], production: Production) -> HttpResponse:
    """One figure's table, with all of its rows and their raw numbers."""
    figure = figure_of(asked, production, request.GET.get("figure", ""))
    header, rows = lines(figure)
    return _file(figure.slug, csv_lines(header, rows, mark=True))


def _found(request: HttpRequest, asked: Asked, production: Production) -> tuple[Figure, str, list[TaskRow]]:
    figure = figure_of(asked, production, request.GET.get("figure", ""))
    about, ids = tasks_behind(
        figure,
        row=request.GET.get("row", ""),
        column=request.GET.get("column", ""),
        total=bool(request.GET.get("total")),
    )
    return figure, about, [production.by_id[one] for one in ids if one in production.by_id]


def _columns(production: Production) -> dict[str, str]:
    studio = OF_THE_STUDIO if production.sees_studio else {}
    return OF_ALL | studio | (OF_TIME if production.sees_time else {})


def _shown(production: Production, task: TaskRow) -> dict[str, Any]:
    status = production.statuses[task.status_id]
    return {
        "name": production.task_name(task),
        "status": status.name,
        "color": color_of(status.color),
        "people": ", ".join(production.people.get(one, "somebody who is gone") for one in task.assignees),
        "due": task.due,
        "estimate": round(task.estimation / 60, 2),
        "spent": round(task.spent / 60, 2),
        "link": _link(production, task),
    }


def _link(production: Production, task: TaskRow) -> str:
    return task_page(settings.KITSU_PUBLIC_URL, task.project_id, production.entity(task).kind, task.id)


def _file(name: str, lines: Iterator[bytes]) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="statistics-{name}.csv"'}
    return HttpResponse(b"".join(lines), content_type="text/csv; charset=utf-8", headers=disposition)


def _later(request: HttpRequest, look: Look[Production]) -> HttpResponse:
    """Its production is still being read: the page asks again by itself."""
    again = request.get_full_path()
    context = {"look": look, "step": look.step, "again": again}
    response = render(request, "statistics/later.html", context, status=503 if look.trouble else 202)
    if not look.trouble:
        response.headers["Refresh"] = "2"  # Seconds; without a script too.
    return response
