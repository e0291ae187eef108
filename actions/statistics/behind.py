"""The tasks behind a number of a figure: as a page, with links into Kitsu, and as CSV; and the figures as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
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


@never_cache
@require_GET
@person_required
@cache_needed
def statistics_tasks(request: HttpRequest) -> HttpResponse:
    """The tasks that a number counts, found again from the filters, the figure, the row and the column."""
    asked = asked_of(request)
    look = production_of(asked)
    if look.found is None:
        return _later(request, look)
    figure, about, tasks = _found(request, asked, look.found)
    context = {
        "look": look,
        "zone": look.found.zone,
        "figure": figure,
        "about": about,
        "columns": _columns(look.found),
        "tasks": [_shown(look.found, task) for task in tasks[:MOST]],
        "count": len(tasks),
        "left_out": len(tasks) - MOST,
        "back": f"{reverse('statistics')}?{asked.query}#figure-{figure.slug}",
        "file": f"{reverse('statistics_tasks_csv')}?{request.GET.urlencode()}",
    }
    return render(request, "statistics/tasks.html", context)


@never_cache
@require_GET
@person_required
@cache_needed
def statistics_tasks_csv(request: HttpRequest) -> HttpResponse:
    """The same tasks, all of them."""
    asked = asked_of(request)
    look = production_of(asked, patience=LONG_PATIENCE)
    if look.found is None:
        return _later(request, look)
    figure, _, tasks = _found(request, asked, look.found)
    columns = _columns(look.found) | {"link": "Link"}
    rows = ([_shown(look.found, task)[name] for name in columns] for task in tasks)
    return _file(f"{figure.slug}-tasks", csv_lines(list(columns.values()), rows, mark=True))


@never_cache
@require_GET
@person_required
@cache_needed
def statistics_csv(request: HttpRequest) -> HttpResponse:
    """One figure's table, with all of its rows and their raw numbers."""
    asked = asked_of(request)
    look = production_of(asked, patience=LONG_PATIENCE)
    if look.found is None:
        return _later(request, look)
    figure = figure_of(asked, look.found, request.GET.get("figure", ""))
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
