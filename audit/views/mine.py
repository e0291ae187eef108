"""One's own invocations, live: a page of them, and the badge on every page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from audit.context import badge_of
from audit.mine import ended_since, still_open
from audit.mine import mine as everything_of
from audit.models import Invocation
from audit.states import ENDED
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.views import kitsu_away

MOST_OPEN, MOST_ENDED, MOST_NEWS = 100, 20, 5
LONGEST_AWAY = timedelta(hours=1)
"""Who comes back to a page after longer is not told of everything that ended meanwhile."""

OVERLAP = timedelta(seconds=3)
"""Looked at twice: the clocks of workers differ a little, and what ended may be seen only a moment later."""


@never_cache
@require_GET
def mine_page(request: HttpRequest) -> HttpResponse:
    """What runs and waits, and what has ended lately; `?live` only the part that changes."""
    identity = identity_of(request)
    if identity.person is None:
        if identity.trouble is not None:
            return kitsu_away(request, identity.trouble)
        return redirect(f"{reverse('sign_in')}?{urlencode({'next': reverse('mine')})}")
    context: dict[str, Any] = {
        "open": still_open(identity.person)[:MOST_OPEN],
        "ended": everything_of(identity.person).filter(state__in=sorted(ENDED))[:MOST_ENDED],
    }
    return render(request, "mine/live.html" if "live" in request.GET else "mine/page.html", context)


@never_cache
@require_GET
def mine_badge(request: HttpRequest) -> HttpResponse:
    """The badge as it is now, and a notice for each that ended since it was looked at last."""
    identity = identity_of(request)
    if identity.person is None:
        return HttpResponse()
    found = list(ended_since(identity.person, _since(request) - OVERLAP)[:50])
    told = request.GET.get("told", "").split(",")
    news = [one for one in found if str(one.pk) not in told and not _looked_at(request, one)]
    badge = badge_of(identity, tuple(str(one.pk) for one in found))
    context = {
        "badge": badge,
        "news": news[-MOST_NEWS:],
        "changed": request.GET.get("had", "") != str(badge["count"]),
        "on_mine": _page(request) == reverse("mine"),
    }
    return render(request, "mine/look.html", context)


def _since(request: HttpRequest) -> datetime:
    now = timezone.now()
    try:
        said = datetime.fromisoformat(request.GET.get("since", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return now
    return max(said, now - LONGEST_AWAY)


def _looked_at(request: HttpRequest, invocation: Invocation) -> bool:
    """Its page is what is shown at this moment: no need to say so."""
    return _page(request) == invocation.get_absolute_url()


def _page(request: HttpRequest) -> str:
    """The path of the page that asks, as htmx says it."""
    try:
        return urlsplit(request.headers.get("HX-Current-URL", "")).path
    except ValueError:
        return ""
