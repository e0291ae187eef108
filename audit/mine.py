"""A person's own invocations: those that are still running or waiting, and those that have ended lately."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from audit.models import Invocation
from audit.states import ENDED, OPEN, Door, Trust
from kitsu_bridge.kitsu.people import Person


def mine(person: Person) -> QuerySet[Invocation]:
    """All of them, newest first."""
    return Invocation.objects.filter(person_id=person.id).exclude(trust=Trust.NONE).order_by("-received_at", "-id")


def still_open(person: Person) -> QuerySet[Invocation]:
    """Those to which something will still happen."""
    return mine(person).filter(state__in=sorted(OPEN))


def ended_since(person: Person, moment: datetime) -> QuerySet[Invocation]:
    """Those that ended after a moment; what only told of another one's end is no news."""
    news = mine(person).filter(state__in=sorted(ENDED), finished_at__gt=moment).exclude(door=Door.FEEDBACK)
    return news.order_by("finished_at")
