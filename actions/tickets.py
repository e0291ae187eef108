"""The life of a ticket: made by a run, its link given to its person, taken once, reported on, or expired.

Every step is one conditional UPDATE and the event that tells of it, in one transaction: of two who try, one succeeds.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat, Least
from django.utils import timezone

from actions.contract import ActionError
from actions.line.problems import Refusal, refuse
from actions.models import Ticket
from actions.worker.report import clean, jsonable
from audit.models import Invocation, write_event
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.secrets import fingerprint

LONGEST_LIFE = 60
"""Minutes."""

LARGEST_LOG = 200_000
"""Characters that are kept of what a program writes."""

MOST_COUNTED = 10**9
LARGEST_CONTENT = 1_000_000
AT_ONCE = 200

Said = Ticket.State
WORKING = (Said.TAKEN, Said.STARTED)


@dataclass(frozen=True, slots=True)
class Launcher:
    """Who takes a ticket: the name that its computer gives itself, and the address that it calls from."""

    host: str
    address: str


def make_ticket(
    invocation: Invocation, content: Mapping[str, Any], minutes: int, *, same_address: bool = False
) -> Ticket:
    """A ticket for the person of an invocation. Raises `ActionError` where nobody knows for sure who that is."""
    if not invocation.person_id or not invocation.trust:
        raise ActionError("A ticket is for a person, and nobody knows who made this call.")
    kept = jsonable(content)
    if len(str(kept)) > LARGEST_CONTENT:
        raise ActionError("These are too many files for one ticket. Select fewer tasks.")
    life = timedelta(minutes=max(1, min(minutes, LONGEST_LIFE)))
    return Ticket.objects.create(
        invocation=invocation,
        person_id=invocation.person_id,
        content=kept,
        same_address=same_address,
        expires_at=timezone.now() + life,
    )


def give_link(ticket: Ticket, person: Person | None, address: str) -> str:
    """A new token for the ticket's own person, in whose browser alone it is; one given before is worth nothing then.

    Raises `Refusal` for anybody else, and when the ticket is taken or has expired.
    """
    if person is None or person.id.lower() != ticket.person_id.lower():
        raise _told(ticket, address, _not_yours())
    token, now = secrets.token_urlsafe(32), timezone.now()
    with transaction.atomic():
        if _open(now, pk=ticket.pk).update(link_hash=_hash("link", token), given_at=now, given_to=address[:64]):
            text = f"Got the link that starts {ticket.application}."
            ticket.invocation.event(Happened.TICKET_GIVEN, actor=person, text=text, ticket=str(ticket.pk)).save()
            return token
    raise _told(ticket, address, _why_not(ticket, address))


def take(token: str, launcher: Launcher) -> tuple[Ticket, str]:
    """The ticket of a token, taken now and never again, and the key with which its launcher may report.

    Raises `Refusal`, which is recorded, for one that is unknown, taken, expired, or bound to another address.
    """
    link_hash, key, now = _hash("link", token), secrets.token_urlsafe(32), timezone.now()
    with transaction.atomic():
        free = _open(now, link_hash=link_hash).filter(Q(same_address=False) | Q(given_to=launcher.address[:64]))
        taken = free.update(
            state=Said.TAKEN,
            taken_at=now,
            heard_at=now,
            host=clean(launcher.host)[:120],
            taken_from=launcher.address[:64],
            report_hash=_hash("report", key),
        )
        if taken:
            ticket = Ticket.objects.select_related("invocation").get(link_hash=link_hash)
            _tell(ticket, Happened.TICKET_TAKEN, f"Taken by {ticket.host or 'a computer without a name'}.")
            return ticket, key
    found = Ticket.objects.select_related("invocation").filter(link_hash=link_hash).first()
    if found is None:
        raise _unknown(launcher)
    raise _told(found, launcher.address, _why_not(found, launcher.address))


def started(key: str) -> Ticket:
    """The program runs. Raises `Refusal` for a key that may not report, here and below."""
    return _reported(key, (Said.TAKEN,), "started", state=Said.STARTED, started_at=timezone.now())


def finished(key: str, exit_code: int) -> Ticket:
    """The program ended."""
    words = f"ended with exit code {exit_code}"
    return _reported(key, WORKING, words, state=Said.FINISHED, exit_code=exit_code, ended_at=timezone.now())


def failed(key: str, reason: str) -> Ticket:
    """The program did not start, or the launcher lost it; `reason` for the person."""
    reason = clean(reason)[:1000] or "The launcher does not say why."
    words = f"failed: {reason}"
    return _reported(key, WORKING, words, state=Said.FAILED, reason=reason, ended_at=timezone.now())


def wrote(key: str, text: str) -> Ticket:
    """What the program wrote since the last time; beyond the cap it is only counted. Without text: a sign of life."""
    mine = _of_report(key, WORKING)
    text = clean(text)
    room = max(0, LARGEST_LOG - mine.log_size)
    Ticket.objects.filter(pk=mine.pk, state__in=WORKING).update(
        log=Concat(F("log"), Value(text[:room])),
        log_size=Least(F("log_size") + len(text), MOST_COUNTED),
        heard_at=timezone.now(),
    )
    return mine


def withdraw(invocation: Invocation) -> int:
    """Those of an earlier attempt that nobody took: a further attempt gives its own."""
    rows = Ticket.objects.filter(invocation=invocation)
    return sum(_end(ticket, "A further attempt took its place.") for ticket in rows.select_related("invocation"))


def seen_of(found: Iterable[Ticket]) -> str:
    """Changes whenever something of these tickets does that a page shows."""
    return ".".join(f"{ticket.state}{ticket.log_size}" for ticket in found)


def expire_tickets() -> int:
    """Those that nobody took in time; each is told of."""
    old = Ticket.objects.select_related("invocation").filter(state=Said.OPEN, expires_at__lte=timezone.now())
    return sum(_end(ticket, f"Nobody took the ticket that starts {ticket.application}.") for ticket in old[:AT_ONCE])


def _end(ticket: Ticket, text: str) -> bool:
    with transaction.atomic():
        ended = Ticket.objects.filter(pk=ticket.pk, state=Said.OPEN).update(state=Said.EXPIRED, ended_at=timezone.now())
        if ended:
            _tell(ticket, Happened.TICKET_EXPIRED, text)
    return bool(ended)


def _reported(key: str, when: tuple[Ticket.State, ...], words: str, **fields: Any) -> Ticket:
    ticket = _of_report(key, when)
    with transaction.atomic():
        if not Ticket.objects.filter(pk=ticket.pk, state__in=when).update(heard_at=timezone.now(), **fields):
            raise _may_not_report()
        _tell(ticket, Happened.TICKET_REPORTED, f"{ticket.application} {words} on {ticket.host}.", **_plain(fields))
    return ticket


def _of_report(key: str, when: tuple[Ticket.State, ...]) -> Ticket:
    rows = Ticket.objects.select_related("invocation").filter(report_hash=_hash("report", key), state__in=when)
    ticket = rows.first()
    if ticket is None:
        raise _may_not_report()
    return ticket


def _open(now: Any, **which: Any) -> QuerySet[Ticket]:
    return Ticket.objects.filter(state=Said.OPEN, expires_at__gt=now, **which)


def _hash(what: str, token: str) -> str:
    return fingerprint("ticket", what, token)


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name in {"state", "exit_code"}}


def _tell(ticket: Ticket, what: Happened, text: str, **data: Any) -> None:
    ticket.invocation.event(what, text=text, ticket=str(ticket.pk), **data).save()


def _told(ticket: Ticket, address: str, refusal: Refusal) -> Refusal:
    """The refusal, recorded."""
    code = refusal.problem.code
    _tell(ticket, Happened.TICKET_REFUSED, refusal.problem.sentence, code=code, address=address)
    return refusal


def _why_not(ticket: Ticket, address: str) -> Refusal:
    """Why a ticket cannot be had; it is read again, as it may have changed a moment ago."""
    ticket.refresh_from_db(fields=("state", "expires_at", "taken_at", "host"))
    if ticket.state == Said.OPEN and ticket.expires_at > timezone.now():
        return refuse(
            403,
            "ticket_elsewhere",
            "This ticket belongs to another computer",
            "Its link was given to another address than the one that this call comes from.",
            "Start it on the computer on which the page is open.",
        )
    if ticket.state in {Said.OPEN, Said.EXPIRED}:
        return refuse(
            410, "ticket_expired", "This ticket has expired", "Nobody took it in time.", "Run the action again."
        )
    by = f" by {ticket.host}" if ticket.host else ""
    return refuse(409, "ticket_taken", "This ticket was taken", f"It was taken{by} before.", "Run the action again.")


def _not_yours() -> Refusal:
    return refuse(
        403,
        "ticket_not_yours",
        "This ticket is somebody else's",
        "Only the person who made the call can start it, signed in.",
        "Run the action yourself.",
    )


def _unknown(launcher: Launcher) -> Refusal:
    refusal = refuse(
        404,
        "ticket_unknown",
        "There is no such ticket",
        "It was never given, or a newer link took its place.",
        "Use the newest link on the page, or run the action again.",
    )
    data = {"code": refusal.problem.code, "address": launcher.address, "host": clean(launcher.host)[:120]}
    write_event(Happened.TICKET_REFUSED, subject="ticket:unknown", text=refusal.problem.sentence, data=data)
    return refusal


def _may_not_report() -> Refusal:
    return refuse(
        403,
        "report_refused",
        "Nothing can be reported with this key",
        "It is not known, or what it reports on has ended.",
        "Nothing has to be done.",
    )
