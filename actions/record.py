"""The registry's part of an invocation's record: the action as it was then, beside the action as it is now."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from actions.compared import compared
from audit.access import leads
from audit.views.record import about, looked_into
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.users import is_studio_manager
from kitsu_bridge.kitsu.signin.views import reader_required
from kitsu_bridge.kitsu.studio import studio


@never_cache
@require_GET
@reader_required
def record_definition(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Field by field what has changed since; for who leads the productions of it."""
    invocation = looked_into(request, pk)
    if not leads(request, invocation):
        raise Http404
    context = {"compared": compared(invocation, seen_by_reader(request)), "may_edit": is_studio_manager(request)}
    return render(request, "invocation/record/definition.html", about(request, invocation, "definition") | context)


def seen_by_reader(request: HttpRequest) -> Kitsu | None:
    """Kitsu with the reader's own right; None for a local user, who has none there."""
    token = identity_of(request).token
    return studio().session(token) if token else None
