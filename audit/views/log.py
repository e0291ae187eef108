"""The log: invocations that somebody may see, newest first, filtered, in pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from audit.access import sight_of
from audit.log.columns import COLUMNS, known, table
from audit.log.filters import NAMES, Filters
from audit.log.kept import habit_of, owner_of, view_id, views_of
from audit.log.pages import Page, page_of
from audit.log.place import Place
from audit.log.walk import Walk
from audit.models import LogHabit, LogView
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.users import is_studio_manager
from kitsu_bridge.kitsu.signin.views import reader_required

NEWER_COUNTED = 99


@never_cache
@require_GET
@reader_required
def log(request: HttpRequest) -> HttpResponse:
    """One's own invocations; leads see those of their productions, studio managers all."""
    habit = habit_of(request)
    if (
        not request.GET
        and habit.default_view is not None
        and views_of(request).filter(pk=habit.default_view.pk).exists()
    ):
        return redirect(habit.default_view)
    filters = Filters.read(request.GET, identity_of(request).person)
    walk = Walk.through(sight_of(request), filters)
    page = page_of(walk, request.GET)
    view = _view(request)
    return render(request, "log/page.html", _shown(request, filters, page) | _kept(request, habit, view, filters, page))


@never_cache
@require_GET
@reader_required
def log_newer(request: HttpRequest) -> HttpResponse:
    """How many came since a place in the log, for the page that shows it."""
    place = Place.read(request.GET.get("since_place", ""))
    filters = Filters.read(request.GET, identity_of(request).person)
    walk = Walk.through(sight_of(request), filters)
    count = walk.count(place, NEWER_COUNTED) if place else 0
    context = {
        "newer": count,
        "many": count > NEWER_COUNTED,
        "most": NEWER_COUNTED,
        "top": place,
        "query": filters.as_query(),
    }
    return render(request, "log/newer.html", context)


def _shown(request: HttpRequest, filters: Filters, page: Page) -> dict[str, Any]:
    return {
        "page": page,
        "filters": filters,
        "form": filters.form,
        "query": filters.as_query(),
        "begins": "" if page.rows else filters.with_beginnings(),
        "chips": [
            (words, filters.as_query(**{name: None}))
            for (name, _), words in zip(filters.given(), filters.in_words(), strict=True)
        ],
        "problems": [(filters.form.fields[name].label, problem) for name, problem in filters.problems.items()],
        "top": Place.of(page.rows[0]) if page.rows else None,
    }


def _kept(request: HttpRequest, habit: LogHabit, view: LogView | None, filters: Filters, page: Page) -> dict[str, Any]:
    columns = known(view.columns if view else habit.columns)
    return {
        "rows": table(page.rows, columns),
        "columns": [COLUMNS[key] for key in columns],
        "choices": [(column, key in columns) for key, column in COLUMNS.items()],
        "views": views_of(request)[:200],
        "view": view,
        "changed": view is not None and view.query != filters.as_query(),
        "mine": view is not None and view.owner_id == owner_of(request),
        "default": view is not None and habit.default_view == view,
        "deleted": _deleted(request),
        "may_share": is_studio_manager(request),
        "filtered": any(name in request.GET for name in NAMES) and bool(filters),
    }


def _view(request: HttpRequest) -> LogView | None:
    pk = view_id(request.GET.get("view", ""))
    return views_of(request).filter(pk=pk).first() if pk else None


def _deleted(request: HttpRequest) -> LogView | None:
    """One's own view that was just deleted: it can be brought back."""
    pk = view_id(request.GET.get("deleted", ""))
    return LogView.objects.filter(pk=pk, owner_id=owner_of(request), deleted_at__isnull=False).first() if pk else None
