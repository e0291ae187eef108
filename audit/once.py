"""What an outcome asks of the browser (open, download, copy, start) is done once: in the browser that made the call.

A cookie for that one page says that it is still to be done; the page that has it done takes the cookie away. So Back, a reload
and another tab only show it, and no JavaScript is needed to know.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from audit.models import Invocation

NEWS = timedelta(minutes=1)
"""After its end for so long; later the person has gone on to something else."""


def allow(response: HttpResponseBase, invocation: Invocation, kept: timedelta) -> None:
    """Let the page do it, when it comes to that within `kept`."""
    response.set_cookie(
        _cookie(invocation),
        "1",
        max_age=kept,
        path=invocation.get_absolute_url(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_due(request: HttpRequest, invocation: Invocation) -> bool:
    """Whether it is to be done now."""
    ended = invocation.finished_at
    return ended is not None and timezone.now() - ended < NEWS and request.COOKIES.get(_cookie(invocation)) == "1"


def done(response: HttpResponseBase, invocation: Invocation) -> None:
    """Not again."""
    response.delete_cookie(_cookie(invocation), path=invocation.get_absolute_url(), samesite="Lax")


def _cookie(invocation: Invocation) -> str:
    return f"then_{invocation.pk.hex}"
