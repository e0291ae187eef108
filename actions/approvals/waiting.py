"""What waits for one person: calls that need their consent, and runs that were handed to them to start."""

from __future__ import annotations

from django.db.models import QuerySet

from actions.approvals.rules import leads, may_decide
from actions.models import Approval
from audit.models import Invocation
from audit.states import State, WaitingFor
from kitsu_bridge.kitsu.people import Person

MOST = 200
"""Calls that are looked at; the oldest first."""


def to_decide(person: Person) -> list[Invocation]:
    """Calls whose consent this person may still give."""
    decided = Approval.objects.filter(decisions__person_id=person.id)
    waiting = _waiting(WaitingFor.APPROVAL).exclude(approval__in=decided)
    return [one for one in waiting[:MOST] if may_decide(person, one, departments_of(one))]


def to_start(person: Person) -> list[Invocation]:
    """Prepared runs that somebody handed to this person."""
    handed = _waiting(WaitingFor.CONFIRMATION).filter(approval__handed_to=person.id)
    return [one for one in handed[:MOST] if leads(person, one)]


def departments_of(invocation: Invocation) -> list[str]:
    """Of its tasks, as they were read when it was said what it will do."""
    found = Approval.objects.filter(invocation=invocation).first()
    return list(found.departments) if found else []


def _waiting(what: WaitingFor) -> QuerySet[Invocation]:
    rows = Invocation.objects.filter(state=State.WAITING, waiting_for=what)
    return rows.select_related("approval").order_by("received_at")
