"""What a page needs to open programs: links that are checked once more, and how far tickets are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import template
from django.template import Context

from actions.clients.protocols import ticket as launcher
from actions.clients.protocols.files import platform_of
from actions.clients.protocols.launch import Launch
from actions.clients.protocols.scheme import checked_url
from actions.contract import ActionError
from actions.kinds.hints import make
from actions.models import Ticket
from actions.registry import kinds
from actions.tickets import seen_of
from audit.models import Invocation, TaskResult
from kitsu_bridge.kitsu.people import Person

register = template.Library()

PILLS = {"open": "waiting", "taken": "running", "started": "running", "finished": "done", "expired": "cancelled"}
"""The look of a ticket's state, from that of an invocation's."""

EVERY = {"open": 2, "taken": 2, "started": 4}
"""Seconds between two looks of the page."""


SYSTEMS = {"windows": "Windows", "macos": "macOS", "linux": "Linux"}


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


@dataclass(frozen=True, slots=True)
class Launches:
    """The links that a page may show: the one for this computer, and those for others. `file`: the path of a single one."""

    scheme: str = ""
    here: Launch | None = None
    others: tuple[Launch, ...] = ()
    file: str = ""
    wrong: str = ""


@register.simple_tag(takes_context=True)
def launch_here(context: Context) -> Launches:
    """What the whole call opens; of a call with a link for each task, that of its only one."""
    data = context["invocation"].outcome.get("data", {})
    rows = list(context["results"])
    found = data.get("launches") or (rows[0].data.get("launches") if len(rows) == 1 else [])
    return _checked(context, found or [])


@register.simple_tag(takes_context=True)
def launch_of(context: Context, result: TaskResult) -> Launches:
    """What one task opens, and the path of its file on this computer."""
    files = result.data.get("files") or {}
    first: list[str] = next(iter(files.values()), [])
    here = files.get(_platform(context) or "", files.get("", first))
    return replace(_checked(context, result.data.get("launches") or []), file=next(iter(here), ""))


@register.simple_tag
def newline() -> str:
    """Between two lines of what is copied."""
    return "\n"


@register.filter
def system(platform: str) -> str:
    """The name of a system; of none, a sentence for all."""
    return SYSTEMS.get(platform, "every system")


def _checked(context: Context, kept: list[dict[str, Any]]) -> Launches:
    """The links of a record, if they open what the action of that record declares; this computer's own apart."""
    try:
        scheme, host = _declared(context["invocation"])
        found = [Launch(one["platform"], checked_url(one["url"], scheme, host), tuple(one["files"])) for one in kept]
    except ActionError as error:
        return Launches(wrong=f"Its links are not shown. {error}")
    platform = _platform(context)
    here = next((one for one in found if one.platform in ("", platform)), None)
    return Launches(scheme, here, tuple(one for one in found if one is not here))


def _declared(invocation: Invocation) -> tuple[str, str | None]:
    """Scheme and host that the action had when it was called; its options are checked once more on the way."""
    kind = kinds().get(invocation.kind)
    if kind is None or kind.options_class is None:
        raise ActionError("Their kind of action is not installed any more.")
    declared: tuple[str, str | None] = make(kind.options_class, invocation.options).declared
    return declared


def _platform(context: Context) -> str | None:
    return platform_of(context["request"].headers.get("User-Agent", ""))


@register.filter
def launcher_link(url: object) -> str:
    """The launcher's own link; nothing for anything else."""
    try:
        return checked_url(str(url), launcher.SCHEME, "run")
    except ActionError:
        return ""
