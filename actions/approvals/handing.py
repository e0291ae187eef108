"""Handing a prepared run to a lead: they see what it will do, and start it in their own name."""

from __future__ import annotations

from actions.approvals.deciding import LONGEST_NOTE, approval_of
from actions.approvals.people import who_leads
from actions.approvals.rules import leads
from actions.line.again import Entered, Wish, run_again
from actions.line.who import Who
from audit.models import Invocation
from audit.states import Happened, State, WaitingFor
from kitsu_bridge.kitsu.people import Person


class CannotHand(Exception):
    """Why it was not handed over or started: the text is for the person."""


def is_prepared(invocation: Invocation) -> bool:
    """Whether it was said what it will do, and only the yes is missing."""
    waits = invocation.state == State.WAITING and invocation.waiting_for == WaitingFor.CONFIRMATION
    return waits and invocation.planned_at is not None


def hand_over(invocation: Invocation, lead_id: str, note: str, actor: Person) -> Person:
    """Ask a lead to start it; its own person may still start or cancel it. Raises `CannotHand`, `KitsuError`."""
    if not is_prepared(invocation):
        raise CannotHand("It does not wait to be started any more.")
    lead = next((person for person in who_leads(invocation) if person.id == lead_id), None)
    if lead is None:
        raise CannotHand("Choose somebody who leads its productions.")
    approval = approval_of(invocation)
    approval.handed_to, approval.handed_name = lead.id[:64], lead.name[:200]
    approval.note = note.replace("\x00", "").strip()[:LONGEST_NOTE]
    approval.save()
    invocation.event(Happened.HANDED, actor=actor, text=approval.note, to=lead.id).save()
    return lead


def start(invocation: Invocation, lead: Who, address: str) -> Entered:
    """Run it as the lead, through the gate as every call; the prepared one ends and leads there. Raises `CannotHand`."""
    if not is_prepared(invocation) or approval_of(invocation).handed_to != lead.person.id:
        raise CannotHand("It was not handed to you, or somebody has started it.")
    if not leads(lead.person, invocation):
        raise CannotHand("You do not lead every production of it any more.")
    entered = run_again(invocation, lead, Wish(), address)
    if entered.problem is None:
        _leave(invocation, entered.invocation, lead.person)
    return entered


def _leave(invocation: Invocation, started: Invocation, lead: Person) -> None:
    text = f"{lead.name} started it as {started.reference}."
    event = invocation.event(Happened.JOINED, actor=lead, text=text)
    invocation.move(State.JOINED, when={State.WAITING}, event=event, reason=text, behind=started)
