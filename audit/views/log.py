"""The log: invocations that somebody may see, newest first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from audit.access import visible_to
from audit.models import Invocation
from audit.states import State
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.users import local_superuser
from kitsu_bridge.kitsu.signin.views import kitsu_away

AT_ONCE = 50


@never_cache
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """One's own invocations; leads see those of their productions, studio managers all."""
    identity = identity_of(request)
    if identity.person is None and not local_superuser(request):
        if identity.trouble is not None:
            return kitsu_away(request, identity.trouble)
        return redirect(f"{reverse('sign_in')}?{urlencode({'next': request.get_full_path()})}")
    rows = list(_before(_filtered(visible_to(request), request), request)[: AT_ONCE + 1])
    context: dict[str, Any] = {
        "invocations": rows[:AT_ONCE],
        "older": _cursor(rows[AT_ONCE - 1]) if len(rows) > AT_ONCE else "",
        "states": State.choices,
        "asked": {name: request.GET.get(name, "") for name in ("state", "q", "mine")},
    }
    return render(request, "log.html", context)


def _filtered(rows: QuerySet[Invocation], request: HttpRequest) -> QuerySet[Invocation]:
    identity = identity_of(request)
    if (state := request.GET.get("state", "")) in State.values:
        rows = rows.filter(state=state)
    if request.GET.get("mine") and identity.person is not None:
        rows = rows.filter(person_id=identity.person.id)
    if words := request.GET.get("q", "").replace("\x00", "").strip()[:200]:
        named = ("action_name", "action_slug", "person_name", "message", "reason")
        rows = rows.filter(Q(*[(f"{name}__icontains", words) for name in named], _connector=Q.OR))
    return rows


def _before(rows: QuerySet[Invocation], request: HttpRequest) -> QuerySet[Invocation]:
    """From a place in the list on, by what stands there and not by counting: it stays right while new ones come."""
    at, _, pk = request.GET.get("before", "").partition("_")
    try:
        moment, last = datetime.fromisoformat(at).astimezone(UTC), UUID(pk)
    except (ValueError, OverflowError):  # Overflow: the first or the last day there is, in a zone beyond it.
        return rows
    return rows.filter(Q(received_at__lt=moment) | Q(received_at=moment, pk__lt=last))


def _cursor(invocation: Invocation) -> str:
    return f"{invocation.received_at.isoformat()}_{invocation.pk}"
