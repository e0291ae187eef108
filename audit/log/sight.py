"""Whose sight: what `audit.access.visible_with` shows, as alternatives each of which an index walks in order."""

from __future__ import annotations

from django.db import connection
from django.db.models import Q

from audit.access import Sight, within
from audit.log.several import several
from audit.states import Trust


def alternatives(sight: Sight) -> list[Q]:
    """Everything that fits any of these: all of it; or one's own, and what is about productions that one leads."""
    if sight.everything:
        return [Q()]
    if not sight.person_id:
        return []
    mine = Q(person_id=sight.person_id) & ~Q(trust=Trust.NONE)
    led = set(sight.led)
    sets = several(led.issuperset, within(list(sight.led))) if len(led) > 1 else []
    return [mine, *[Q(scope=one) for one in sight.led], *sets]


def apart() -> bool:
    """Whether the database can read alternatives one by one, each in order, in one question."""
    return bool(connection.features.supports_slicing_ordering_in_compound)
