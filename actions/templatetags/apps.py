"""What a page needs to open programs: links that are checked once more, and how far tickets are."""

from __future__ import annotations

from dataclasses import dataclass

from django import template

from actions.clients.protocols import ticket as launcher
from actions.clients.protocols.scheme import checked_url
from actions.contract import ActionError
from actions.models import Ticket
from actions.tickets import seen_of
from audit.models import Invocation
from kitsu_bridge.kitsu.people import Person

register = template.Library()

PILLS = {"open": "waiting", "taken": "running", "started": "running", "finished": "done", "expired": "cancelled"}
"""The look of a ticket's state, from that of an invocation's."""

EVERY = {"open": 2, "taken": 2, "started": 4}
"""Seconds between two looks of the page."""


@dataclass(frozen=True, slots=True)
class News:
    """How a page watches tickets: what it has seen, and when to look again (0: never)."""

    seen: str
    every: int
    alone: bool


@register.simple_tag
def tickets_of(invocation: Invocation) -> list[Ticket]:
    """The tickets of an invocation, the first one first."""
    return list(Ticket.objects.filter(invocation=invocation))


@register.simple_tag
def news_of(tickets: list[Ticket]) -> News:
    """What is to be watched of these tickets."""
    every = min((EVERY[ticket.state] for ticket in tickets if not ticket.ended), default=0)
    return News(seen_of(tickets), every, len(tickets) == 1)


@register.filter
def ticket_pill(state: str) -> str:
    """The class of a ticket's pill."""
    return PILLS.get(state, state)


@register.filter
def is_for(ticket: Ticket, person: Person | None) -> bool:
    """Whether a ticket is this person's."""
    return person is not None and person.id.lower() == ticket.person_id.lower()


@register.filter
def launcher_link(url: object) -> str:
    """The launcher's own link; nothing for anything else."""
    return checked(str(url), launcher.SCHEME, "run")


def checked(url: str, scheme: str, host: str | None) -> str:
    """The URL if it opens just that, else nothing."""
    try:
        return checked_url(url, scheme, host)
    except ActionError:
        return ""
