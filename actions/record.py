"""The registry's part of an invocation's record: the action as it was then, beside the action as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from actions.compared import Difference, compared
from audit.access import leads
from audit.models import Invocation
from audit.record.tables import Column
from audit.views.record import about, as_files, looked_into
from audit.views.record_table import handed_over
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.users import is_studio_manager
from kitsu_bridge.kitsu.signin.views import reader_required
from kitsu_bridge.kitsu.studio import studio

COLUMNS: Mapping[str, Column[Difference]] = {
    "field": lambda field: field.label,
    "then": lambda field: field.then,
    "now": lambda field: field.now,
    "changed": lambda field: "yes" if field.changed else "no",
}


@never_cache
@require_GET
@reader_required
def record_definition(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Field by field what has changed since; for who leads the productions of it."""
    invocation = _led(request, pk)
    found = compared(invocation, seen_by_reader(request))
    files = as_files(invocation, "definition") if found.fields else []
    context = {"compared": found, "may_edit": is_studio_manager(request), "as_files": files}
    return render(request, "invocation/record/definition.html", about(request, invocation, "definition") | context)


@never_cache
@require_GET
@reader_required
def record_definition_table(request: HttpRequest, pk: UUID, form: str) -> StreamingHttpResponse:
    """The same as a file."""
    invocation = _led(request, pk)
    fields = compared(invocation, seen_by_reader(request)).fields
    return handed_over(request, invocation, "definition", form, COLUMNS, fields)


def _led(request: HttpRequest, pk: UUID) -> Invocation:
    """How an action is set up is for who leads the productions of the invocation."""
    invocation = looked_into(request, pk)
    if not leads(request, invocation):
        raise Http404
    return invocation


def seen_by_reader(request: HttpRequest) -> Kitsu | None:
    """Kitsu with the reader's own right; None for a local user, who has none there."""
    token = identity_of(request).token
    return studio().session(token) if token else None
