"""The page of a production's figures, and how far its reading is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from actions.statistics.asked import Asked, asked_of, session_of
from actions.statistics.away import cache_needed
from actions.statistics.counted import Counted, page_of
from actions.statistics.productions import Choice, choices, first_choice
from actions.statistics.reading import Look, step_of
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.views import person_required

REMEMBERED = "statistics"
"""In the browser's session: the filters of the last page."""


@never_cache
@require_GET
@person_required
@cache_needed
def statistics(request: HttpRequest) -> HttpResponse:
    """All figures of a production; the first page leads to the production and the filters chosen last."""
    identity = identity_of(request)
    assert identity.person is not None
    try:
        productions = choices(session_of(identity), identity.person)
    except KitsuError as error:
        return render(request, "statistics/away.html", {"trouble": error}, status=503)
    if "project_id" not in request.GET:
        return _opened(request, [one.id for one in productions], first_choice(productions, _remembered(request)))
    asked = asked_of(request)
    look, query = page_of(asked), asked.query
    if look.found is not None:
        asked = replace(asked, scope=look.found.scope)
    request.session[REMEMBERED] = asked.filters  # A selection may be gone tomorrow.
    shown = _shown(asked, look, productions) | {"productions": productions, "reading": query}
    return render(request, "statistics/page.html", shown)


@never_cache
@require_GET
@person_required
@cache_needed
def statistics_reading(request: HttpRequest) -> HttpResponse:
    """How far the reading is; once there is none any more, the page is loaded anew."""
    step = step_of(asked_of(request).page_name)
    if step is not None:
        return render(request, "statistics/reading.html", {"step": step, "query": request.GET.urlencode()})
    return HttpResponse(headers={"HX-Refresh": "true"})


@never_cache
@require_POST
@person_required
@cache_needed
def refresh_statistics(request: HttpRequest) -> HttpResponse:
    """Read the production anew, and back to the page."""
    asked = asked_of(request)
    page_of(asked, anew=True)
    return redirect(f"{reverse('statistics')}?{asked.query}")


def _remembered(request: HttpRequest) -> str:
    kept = request.session.get(REMEMBERED)
    return str(kept.get("project_id", "")) if isinstance(kept, dict) else ""


def _opened(request: HttpRequest, ids: list[str], first: str) -> HttpResponse:
    if not ids:
        return render(request, "statistics/none.html")
    kept = request.session.get(REMEMBERED) if first == _remembered(request) else None
    query = urlencode({str(name): str(value) for name, value in kept.items()} if kept else {"project_id": first})
    return redirect(f"{reverse('statistics')}?{query}")


def _shown(asked: Asked, look: Look[Counted], productions: list[Choice]) -> dict[str, Any]:
    mine = {"project_id", *(["person_id"] if asked.sight.only else [])}
    return {
        "asked": asked,
        "shared": "",
        "look": look,
        "page": look.found,
        "step": look.step,
        "query": asked.query,
        "whole": urlencode(asked.filters),
        "narrowed": bool(asked.chosen) or set(asked.filters) - mine,
        "name": next((one.name for one in productions if one.id == asked.scope.project_id), ""),
        "tasks_url": f"{reverse('statistics_tasks')}?{asked.query}",
        "files_url": f"{reverse('statistics_csv')}?{asked.query}",
    }
