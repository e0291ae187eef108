"""The door for running a filtered range of the log again: what it would do, the yes to it, and how all of it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions.doors.owner import proven
from actions.line.again import EDITED, Wish
from actions.line.series import begin, go_on, outlooks, stop
from actions.line.who import Who
from actions.models import Series
from audit.access import sight_of, visible_to
from audit.log.filters import Filters
from audit.log.walk import Walk
from audit.models import Invocation
from audit.states import State
from kitsu_bridge.address import address_of
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.views import person_required

IGNORED = str.maketrans("", "", " ,.'\u00a0\u202f")
"""What people write between the digits of a number."""


@never_cache
@require_http_methods(["GET", "POST"])
@person_required
def rerun_range(request: HttpRequest) -> HttpResponse:
    """GET: what would become of the range that the filters give. POST: run it, when its number was typed."""
    who = proven(request)
    assert who is not None
    if request.method == "POST":
        return _sent(request, who)
    filters = Filters.read(request.GET, me=who.person)
    ids = Walk.through(sight_of(request), filters).ids(settings.RERUN_MOST + 1)
    found = list(visible_to(request).filter(pk__in=ids))
    return _shown(request, who, found, filters)


def _shown(
    request: HttpRequest, who: Who, found: Sequence[Invocation], filters: Filters, status: int = 200
) -> HttpResponse:
    wish = _wish(request)
    too_many = len(found) > settings.RERUN_MOST
    actions = [] if too_many else outlooks(found, who, wish)
    context: dict[str, Any] = {
        "found": found,
        "too_many": too_many,
        "most": settings.RERUN_MOST,
        "actions": actions,
        "runs": sum(of.runs for of in actions),
        "filters": filters.in_words(),
        "problems": filters.problems,
        "query": filters.as_query(),
        "asked": parse_qsl(filters.as_query()),
        "wish": wish,
        "person": who.person,
        "new": uuid4(),
    }
    return render(request, "log/again.html", context, status=status)


def _wish(request: HttpRequest) -> Wish:
    wish = Wish.read(request.POST if request.method == "POST" else request.GET)
    return Wish(wish.how) if wish.what == EDITED else wish  # Nobody edits a hundred forms.


def _sent(request: HttpRequest, who: Who) -> HttpResponse:
    """What was shown is what is run, whatever came into the log meanwhile: the page sends the ids back."""
    filters = Filters.read(request.POST, me=who.person)
    ids = [pk for text in request.POST.getlist("id")[: settings.RERUN_MOST + 1] if (pk := _uuid(text))]
    found = list(visible_to(request).filter(pk__in=ids))
    typed = request.POST.get("count", "").translate(IGNORED)
    series_id = _uuid(request.POST.get("series", ""))
    if series_id is None or not found or len(found) > settings.RERUN_MOST or typed != str(len(found)):
        messages.error(request, f"Type {len(found)}, the number of invocations, to go on. Nothing was run.")
        return _shown(request, who, found, filters, status=422)
    series = begin(series_id, found, who, _wish(request), filters.as_query())
    if series.person_id != who.person.id:
        raise Http404
    go_on(series, who, address_of(request))
    return _see(series)


@never_cache
@require_GET
@person_required
def series_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How all of it stands, read again while something happens; `?live` only the part that changes."""
    series = _series(request, pk)
    steps = list(series.steps.select_related("before", "after"))
    states = Counter(step.after.state for step in steps if step.after)
    context = {
        "series": series,
        "steps": steps,
        "counts": [(state.label, state.value, states[state]) for state in State if states[state]],
        "ended": sum((step.after is not None and step.after.ended) or bool(step.said) for step in steps),
        "open": sum(step.after is not None and not step.after.ended for step in steps),
        "left": 0 if series.stopped_at else sum(step.after is None and not step.said for step in steps),
        "waits": states[State.WAITING],
    }
    return render(request, "log/series_live.html" if "live" in request.GET else "log/series.html", context)


@require_POST
@person_required
def go_on_with_series(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where it broke off, as when the process ended in the middle: go on, as the same person."""
    series, who = _series(request, pk), proven(request)
    if who is None or who.person.id != series.person_id:
        raise Http404
    go_on(series, who, address_of(request))
    return _see(series)


@require_POST
@person_required
def stop_series(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop the rest of it."""
    series = _series(request, pk)
    count = stop(series, identity_of(request).person)
    messages.info(request, f"{count} of it {'was' if count == 1 else 'were'} stopped or asked to stop.")
    return _see(series)


def _series(request: HttpRequest, pk: UUID) -> Series:
    """For who asked for it, and studio managers."""
    person = identity_of(request).person
    series = Series.objects.filter(pk=pk).first()
    if series is None or person is None or not (person.is_studio_manager or person.id == series.person_id):
        raise Http404
    return series


def _see(series: Series) -> HttpResponse:
    response = redirect(series)
    response.status_code = 303
    return response


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
