"""The tasks behind a number of a figure as it is now, and the figures as CSV."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from actions.figures import Production
from actions.figures.drawn import lines
from actions.figures.listed import columns, listed
from actions.statistics.asked import Asked, asked_of, figure_of
from actions.statistics.away import cache_needed
from actions.statistics.counted import production_of
from actions.statistics.lists import Number, Tasks, csv_file, tasks_file, tasks_page
from actions.statistics.reading import Look
from kitsu_bridge.kitsu.signin.views import person_required

LONG_PATIENCE = 20.0
"""Seconds that a file waits for its production; a page says how far it is instead."""

View = Callable[..., HttpResponseBase]
Shows = Callable[[HttpRequest, Asked, Production], HttpResponse]


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
            return _later(request, look) if look.found is None else shows(request, asked, look.found)

        return view

    return made


@of_a_production()
def statistics_tasks(request: HttpRequest, asked: Asked, production: Production) -> HttpResponse:
    """The tasks that a number counts, found again from the filters, the figure, the row and the column."""
    found = _found(request, asked, production)
    back = f"{reverse('statistics')}?{asked.query}#figure-{found.figure.slug}"
    file = f"{reverse('statistics_tasks_csv')}?{request.GET.urlencode()}"
    return tasks_page(request, found, back=back, file=file, kept=False)


@of_a_production(LONG_PATIENCE)
def statistics_tasks_csv(request: HttpRequest, asked: Asked, production: Production) -> HttpResponse:
    """The same tasks, all of them."""
    return tasks_file(_found(request, asked, production))


@of_a_production(LONG_PATIENCE)
def statistics_csv(request: HttpRequest, asked: Asked, production: Production) -> HttpResponse:
    """One figure's table, with all of its rows and their raw numbers."""
    figure = figure_of(asked, production, request.GET.get("figure", ""))
    return csv_file(figure.slug, *lines(figure))


def _found(request: HttpRequest, asked: Asked, production: Production) -> Tasks:
    figure = figure_of(asked, production, request.GET.get("figure", ""))
    about, ids = Number.read(request.GET).behind(figure)
    tasks = [listed(production, production.by_id[one]) for one in ids]
    return Tasks(figure, about, tasks, columns(production), production.read_at.astimezone(production.zone))


def _later(request: HttpRequest, look: Look[Production]) -> HttpResponse:
    """Its production is still being read: the page asks again by itself."""
    again = request.get_full_path()
    context = {"look": look, "step": look.step, "again": again}
    response = render(request, "statistics/later.html", context, status=503 if look.trouble else 202)
    if not look.trouble:
        response.headers["Refresh"] = "2"  # Seconds; without a script too.
    return response
