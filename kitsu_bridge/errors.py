"""What is answered when something is wrong with a request, or with us: a page to a browser, a problem to a program."""

from __future__ import annotations

import sys
import uuid
from typing import Any

import structlog
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

AWAY: dict[tuple[type[Exception], ...], str] = {
    (OperationalError, InterfaceError): "The bridge's database does not answer",
    (RedisError,): "The bridge's cache does not answer",
}
"""What is said of these where no page says it better: they are no defect, and pass."""

AGAIN = 10
"""Seconds after which a program may try again."""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: Django could not make sense of it (a wrong host, a suspicious path, too many fields)."""
    if isinstance(exception, DisallowedHost):
        cure = (
            "Open the bridge at its usual address. Operators: add this host name to ALLOWED_HOSTS, or set BRIDGE_URL."
        )
        return _answer(request, 400, "The bridge does not answer to this address", cure)
    return _answer(request, 400, "This request cannot be read", "Go back and try again.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _answer(request, 403, "This is not for you", "Ask your studio manager if you need it.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing there, or nothing that this person may see; which of the two is nobody's business."""
    return _answer(request, 404, "Nothing is here", "It does not exist, or it is not yours to see.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the page was too old, or the form came from somewhere else."""
    return _answer(
        request, 403, "This page was too old", "Nothing was done. Go back, reload the page and try once more."
    )


def crashed(request: HttpRequest) -> HttpResponse:
    """500: our fault. A reference joins what the person sees and what the log says; the page needs nothing that may be broken.

    503 where what we need is away: then it is nobody's fault, and the page says so.
    """
    reference = uuid.uuid4().hex[:8]
    log.error("A request crashed", reference=reference, path=request.path, exc_info=True)
    error = sys.exc_info()[1]  # Django calls this while it handles what was raised.
    for kinds, title in AWAY.items():
        if isinstance(error, kinds):
            return _away(request, title, reference)
    cure = f"It is our fault, not yours. Tell your studio manager the reference {reference}."
    return _answer(request, 500, "Something broke", cure, template="errors/crashed.html")


def _away(request: HttpRequest, title: str, reference: str) -> HttpResponse:
    cure = (
        "Try again in a moment. If it stays so, tell whoever runs the bridge: /health/ready names what is away, "
        f"and its log has the reference {reference}."
    )
    response = _answer(request, 503, title, cure, template="errors/crashed.html")
    response["Retry-After"] = str(AGAIN)
    return response


def _answer(
    request: HttpRequest, status: int, title: str, cure: str, template: str = "errors/error.html"
) -> HttpResponse:
    if "text/html" not in request.headers.get("Accept", ""):
        problem: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": cure}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    shown_to = request if status < 500 else None  # Without it no context processor runs, which may be what broke.
    return render(shown_to, template, {"status": status, "title": title, "cure": cure}, status=status)
