"""`/overview/`: figures about the bridge itself, for studio managers; leads see those of their productions."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from audit.access import led_by
from audit.export import guarded
from audit.models.day import Day
from audit.overview.asked import SPANS, Asked
from audit.overview.called import actions_called, productions_called
from audit.overview.counting import EVERY, studio_day
from audit.overview.durations import durations
from audit.overview.grouping import Side
from audit.overview.summary import summary
from audit.overview.table import Table
from audit.overview.tables import by_action, by_day, by_door, by_person, by_production, by_state, most_failing, refusals
from audit.overview.unused import unused
from audit.states import Door
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.users import is_studio_manager
from kitsu_bridge.kitsu.signin.views import kitsu_away

TABLES: dict[str, Callable[[Asked], Table]] = {
    "days": by_day,
    "actions": by_action,
    "failing": most_failing,
    "times": durations,
    "people": by_person,
    "productions": by_production,
    "doors": by_door,
    "states": by_state,
    "refusals": refusals,
    "unused": unused,
}
FOR_MANAGERS = frozenset({"unused"})
"""Which actions there are at all is for studio managers."""

OLD = 5 * EVERY
"""Figures that are older are said to be."""


@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """All tables with their charts."""
    if (answer := _not_theirs(request)) is not None:
        return answer
    asked = _asked(request)
    tables = [read(asked) for slug, read in TABLES.items() if _theirs(slug, asked)]
    return render(
        request, "overview/page.html", {"asked": asked, "tables": tables, "facts": summary(asked), **_about(asked)}
    )


@never_cache
@require_GET
def overview_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """One table with all its rows."""
    if (answer := _not_theirs(request)) is not None:
        return answer
    asked = _asked(request)
    if slug not in TABLES or not _theirs(slug, asked):
        raise Http404
    name = f"overview-{slug}-{asked.since}-{asked.until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse("".join(_csv(TABLES[slug](asked))), content_type="text/csv; charset=utf-8", headers=headers)


def _not_theirs(request: HttpRequest) -> HttpResponse | None:
    """What is answered to who leads nothing."""
    identity = identity_of(request)
    if is_studio_manager(request) or (identity.person is not None and led_by(identity.person)):
        return None
    if identity.person is not None:
        raise Http404
    if identity.trouble is not None:
        return kitsu_away(request, identity.trouble)
    return redirect(f"{reverse('sign_in')}?{urlencode({'next': request.get_full_path()})}")


def _asked(request: HttpRequest) -> Asked:
    return Asked.read(request.GET, None if is_studio_manager(request) else identity_of(request).person)


def _theirs(slug: str, asked: Asked) -> bool:
    return asked.led is None or slug not in FOR_MANAGERS


def _about(asked: Asked) -> dict[str, Any]:
    """When it was counted, and what there is to choose from."""
    within = Day.objects.filter(day__gte=asked.since, day__lte=asked.until)
    counted_at = within.order_by("-day").values_list("counted_at", flat=True).first()
    old = asked.until == studio_day() and (counted_at is None or timezone.now() - counted_at > OLD)
    whole = replace(asked, narrowed={}).source
    slugs, productions = (filter(None, whole.by(side)) for side in (Side.ACTION, Side.PRODUCTION))
    return {
        "counted_at": counted_at,
        "zone": timezone.get_default_timezone_name(),
        "old": old,
        "spans": [(f"?{urlencode({'days': str(days), **asked.narrowed})}", name) for days, name in SPANS.items()],
        "actions": _choices(actions_called(slugs), asked.narrowed.get("action", "")),
        "productions": _choices(productions_called(productions), asked.narrowed.get("production", "")),
        "doors": Door.choices,
    }


def _choices(named: dict[str, str], chosen: str) -> list[tuple[str, str]]:
    """By name. What was chosen stays one of them, whether or not these days have it."""
    given = {chosen: chosen} if chosen else {}
    return sorted((given | named).items(), key=lambda pair: pair[1].casefold())


def _csv(table: Table) -> Iterator[str]:
    for line in table.lines():
        buffer = io.StringIO()
        csv.writer(buffer).writerow(["" if value is None else guarded(value) for value in line])
        yield buffer.getvalue()
