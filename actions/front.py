"""The front page: what this is, how it is, and the ways from here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from audit.access import visible_to
from kitsu_bridge.health.parts import parts

LATEST = 8


@never_cache
@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """The page; the state of its parts is asked when the page is there, or on `?status` without JavaScript."""
    context = {"invocations": visible_to(request)[:LATEST], "parts": parts() if "status" in request.GET else None}
    return render(request, "front.html", context)


@never_cache
@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """The part of the front page that says how everything is."""
    return render(request, "status.html", {"parts": parts()})
