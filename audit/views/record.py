"""The page of one invocation for people who look into it: everything of it, part by part, each with its own address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from audit.access import may_look_into
from audit.models import Invocation
from audit.record.parts import CONTEXTS, TITLES, tabs_of
from audit.record.tables import FORMS, TABLES
from kitsu_bridge.kitsu.signin.users import is_studio_manager
from kitsu_bridge.kitsu.signin.views import reader_required


@require_GET
def record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where it begins."""
    return redirect("record_events", pk)


@never_cache
@require_GET
@reader_required
def record_part(request: HttpRequest, pk: UUID, part: str) -> HttpResponse:
    """One part of it."""
    invocation = looked_into(request, pk)
    return render(request, f"invocation/record/{part}.html", about(request, invocation, part))


def looked_into(request: HttpRequest, pk: UUID) -> Invocation:
    """The invocation, for its person, who leads its productions, and studio managers.

    What is not there and what is not theirs look the same.
    """
    invocation = Invocation.objects.filter(pk=pk).first()
    if invocation is None or not may_look_into(request, invocation):
        raise Http404
    return invocation


def as_files(invocation: Invocation, part: str) -> list[tuple[str, str]]:
    """Where the table of a part is had as a file: forms and addresses."""
    return [(form.upper(), reverse(f"record_{part}_table", args=[invocation.pk, form])) for form in FORMS]


def about(request: HttpRequest, invocation: Invocation, part: str) -> dict[str, Any]:
    """What the template of a part needs; the page of the definition, which is the registry's, adds to it."""
    own = CONTEXTS[part](request, invocation) if part in CONTEXTS else {}
    common: dict[str, Any] = {
        "invocation": invocation,
        "part": part,
        "title": TITLES[part],
        "as_files": as_files(invocation, part) if part in TABLES else [],
        "tabs": tabs_of(request, invocation),
        "operator": is_studio_manager(request),
    }
    return common | own
