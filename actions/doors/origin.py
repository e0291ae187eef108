"""Where a call comes from: the page's origin as the browser says it, and the address.

A browser sets `Origin` on every POST and no page can forge it, which is why a cookie proves a POST only together with it.
"""

from __future__ import annotations

from enum import Enum

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class Origin(Enum):
    """What the `Origin` header says."""

    KNOWN = "known"
    NONE = "none"
    NULL = "null"
    FOREIGN = "foreign"


def origin_of(request: HttpRequest) -> Origin:
    """Known: one of the Kitsu origins of the settings, or our own."""
    value = request.headers.get("Origin", "").strip().lower()
    if not value:
        return Origin.NONE
    if value == "null":
        return Origin.NULL
    return Origin.KNOWN if is_known(value, request) else Origin.FOREIGN


def is_known(origin: str, request: HttpRequest) -> bool:
    """Whether this origin is a Kitsu of the settings, or the bridge itself."""
    own = {f"{request.scheme}://{request.get_host()}".lower(), *getattr(settings, "CSRF_TRUSTED_ORIGINS", ())}
    return origin in settings.KITSU_ORIGINS or origin in own


def allow_origin(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """CORS for the exact origin, never a star: browsers refuse a star together with credentials."""
    response.headers["Vary"] = "Origin, Accept, Cookie"
    if origin_of(request) is Origin.KNOWN:
        response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Access-Control-Expose-Headers"] = "Location, Retry-After"
    return response


def preflight(request: HttpRequest) -> HttpResponse:
    """The answer to a browser that asks before it sends (recorded: kitsu-1.0.56-preflight.http)."""
    response = HttpResponse(status=204)
    response.headers["Access-Control-Allow-Methods"] = "POST"
    response.headers["Access-Control-Allow-Headers"] = "content-type"
    response.headers["Access-Control-Max-Age"] = "600"
    return allow_origin(request, response)
