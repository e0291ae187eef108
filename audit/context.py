"""What the bar of every page may ask of the record."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from audit.access import led_by
from audit.mine import still_open
from kitsu_bridge.kitsu.signin.identity import Identity

OFTEN, SELDOM = 5, 20
"""Seconds between two looks at what is one's own: while something runs or waits, and else."""


def mine(request: HttpRequest) -> dict[str, Any]:
    """How many of the person's invocations run or wait, and whether they lead. Nothing is asked until the bar does."""
    identity = getattr(request, "identity", Identity())
    return {
        "badge": SimpleLazyObject(lambda: badge_of(identity)),
        "leads": SimpleLazyObject(lambda: identity.person is not None and bool(led_by(identity.person))),
    }


def badge_of(identity: Identity, told: tuple[str, ...] = ()) -> dict[str, Any]:
    """The badge: the number, when to look again, and from when on an end is news. `told`: ids that were said already."""
    count = 0
    if identity.person is not None:
        try:
            count = still_open(identity.person).count()
        except DatabaseError:  # A page that says that something is wrong must not fail for it.
            count = 0
    return {"count": count, "every": OFTEN if count else SELDOM, "since": timezone.now(), "told": ",".join(told)}
