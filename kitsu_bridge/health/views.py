"""`/health/live` and `/health/ready`: for load balancers, monitors and people who look why something hangs.

Ready is who can take a call and keep it: that needs the database with its tables, and nothing else. What else is down is
named, as JSON for programs and as a page for browsers; `?all` makes it 503 for monitors that look at the status alone.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kitsu_bridge.health.parts import Part, parts

WORDS = {"ready": "Everything is well", "degraded": "Something is down", "unready": "No call can be taken"}


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers at all; nothing is asked of anything."""
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """503 where no call can be kept, else 200; with `?all`, 503 where anything is down."""
    found = parts()
    status = _status(found)
    code = 503 if status == "unready" or (status == "degraded" and "all" in request.GET) else 200
    if "text/html" not in request.headers.get("Accept", ""):
        return JsonResponse(_as_json(status, found), status=code)
    context = {"parts": found, "status": status, "title": WORDS[status]}
    return render(request if status != "unready" else None, "health/ready.html", context, status=code)


def _status(found: list[Part]) -> str:
    down = [part for part in found if not part.good]
    if any(part.needed for part in down):
        return "unready"
    return "degraded" if down else "ready"


def _as_json(status: str, found: list[Part]) -> dict[str, Any]:
    down = [part.name for part in found if not part.good]
    each = [
        {"name": part.name, "good": part.good, "text": part.text, "needed": part.needed, "seconds": round(part.took, 4)}
        for part in found
    ]
    return {"status": status, "down": down, "parts": each}
