"""What somebody typed whose session had ended meanwhile: kept for the minutes in which they sign in again.

Never secrets and files, and in the cache only: nobody has answered anything yet.
"""

from __future__ import annotations

from django.core.cache import cache
from django.http import QueryDict

from actions.parameters.asked import asked_of
from actions.parameters.form import PREFIX
from audit.models import Invocation

KEPT = 900
"""Seconds."""
LONGEST = 100_000


def keep_unsent(invocation: Invocation, sent: QueryDict) -> bool:
    """Keep it; False where there is too much of it."""
    found = QueryDict(mutable=True)
    for spec in asked_of(invocation.definition):
        name = f"{PREFIX}-{spec.name}"
        if name in sent and spec.type != "file" and not spec.about.secret:
            found.setlist(name, sent.getlist(name))
    text = found.urlencode()
    if not text or len(text) > LONGEST:
        return False
    cache.set(_key(invocation), text, KEPT)
    return True


def unsent(invocation: Invocation) -> QueryDict | None:
    """What is kept of this call, as its form sends it."""
    text = cache.get(_key(invocation))
    return QueryDict(text) if text else None


def forget_unsent(invocation: Invocation) -> None:
    """Its person has sent the form, or begins anew."""
    cache.delete(_key(invocation))


def _key(invocation: Invocation) -> str:
    return f"unsent:{invocation.pk}"
