"""A yes or a no to a call that waits for consent: written down once, and carried out when there are enough."""

from __future__ import annotations

from django.db import transaction

from actions.approvals.rules import may_decide, needed
from actions.line.calls import still_enabled
from actions.line.waiting import back_to_queue
from actions.models import Approval, Decision
from audit.models import Invocation
from audit.states import Happened, State, WaitingFor
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.tasks import Resolution

LONGEST_NOTE = 400
OFF = "The action was switched off while this waited for consent."


class CannotDecide(Exception):
    """Why this decision does not count: the text is for the person."""


def approval_of(invocation: Invocation) -> Approval:
    """What its consent needs; made when it is first asked for."""
    return Approval.objects.get_or_create(invocation=invocation)[0]


def note_departments(invocation: Invocation, resolution: Resolution) -> None:
    """Write down, where consent is needed, which departments its tasks belong to: their supervisors may give it."""
    if needed(invocation.definition):
        found = sorted({task.task_type.department_id for task in resolution if task.task_type.department_id})
        Approval.objects.update_or_create(invocation=invocation, defaults={"departments": found})


def decide(invocation: Invocation, person: Person, *, yes: bool, note: str = "", by: Decision.By) -> Invocation:
    """Write the decision down; the last yes that was needed sends it to the queue, a no ends it.

    Raises `CannotDecide` for whoever may not, has decided before, or comes too late.
    """
    note = note.replace("\x00", "").strip()[:LONGEST_NOTE]
    with transaction.atomic():
        approval = Approval.objects.select_for_update().get(pk=approval_of(invocation).pk)
        invocation.refresh_from_db()
        _demand(invocation, approval, person)
        approval.decisions.create(person_id=person.id, person_name=person.name[:200], yes=yes, note=note, by=by)
        what = Happened.APPROVED if yes else Happened.NOT_APPROVED
        invocation.event(what, actor=person, text=note, by=by.label).save()
        _carry_out(invocation, approval, person, yes=yes, note=note)
    return invocation


def _demand(invocation: Invocation, approval: Approval, person: Person) -> None:
    if not may_decide(person, invocation, approval.departments):
        raise CannotDecide("This is not yours to decide.")
    if invocation.state != State.WAITING or invocation.waiting_for != WaitingFor.APPROVAL:
        raise CannotDecide("It does not wait for consent any more.")
    if approval.decisions.filter(person_id=person.id).exists():
        raise CannotDecide("You have decided before; a decision stands.")


def _carry_out(invocation: Invocation, approval: Approval, person: Person, *, yes: bool, note: str) -> None:
    if not yes:
        _end(invocation, f"{person.name} did not consent{f': {note}' if note else '.'}", "not_approved")
    elif approval.decisions.filter(yes=True).count() >= needed(invocation.definition):
        if still_enabled(invocation):
            back_to_queue(invocation, WaitingFor.APPROVAL)
        else:
            _end(invocation, OFF, "disabled")


def _end(invocation: Invocation, reason: str, code: str) -> None:
    event = invocation.event(Happened.REFUSED, text=reason, code=code)
    invocation.move(State.REFUSED, when={State.WAITING}, event=event, reason=reason, reason_code=code)
