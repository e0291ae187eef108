"""The doors on the pages themselves: go on with a call that waits, stop one, run one again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from actions.doors import answers
from actions.doors.kitsu import identity_of
from actions.line import describe, enter, go_on, selection_of
from actions.line import refused as record_refused
from actions.models import Action
from actions.problems import Refusal, refuse
from actions.waiting import try_again
from actions.who import Who, agree, claimed
from audit.access import made_here, may_see
from audit.models import Invocation
from audit.states import Door, Happened, State, Trust, WaitingFor
from kitsu_bridge.address import address_of
from kitsu_bridge.kitsu.errors import KitsuUnavailable
from kitsu_bridge.kitsu.people import Person

WHO = ("trust", "person_id", "person_role", "person_name", "person_email")
"""What the record says of a person."""


@require_POST
def continue_invocation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go on with a call that waits for its proof, for a yes, or for Kitsu; the person of this browser answers for it."""
    invocation = _mine_or_404(request, pk)
    if invocation.state != State.WAITING:
        return redirect(invocation)
    try:
        who = _who(request) or _claimed_here(request, invocation)
        if who is None:
            return _without_proof(request, invocation)
        agree(selection_of(invocation), who.person)
        shown = go_on(invocation, who, confirmed=invocation.waiting_for == WaitingFor.CONFIRMATION)
    except Refusal as refusal:
        _leave_or_end(invocation, refusal, identity_of(request).person)
        return answers.refused(request, invocation, refusal.problem)
    return _see(shown)


@require_POST
def cancel_invocation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop it: at once while nobody has it, else its worker is asked to."""
    invocation = _mine_or_404(request, pk)
    if not invocation.ask_to_cancel(identity_of(request).person):
        messages.info(request, "It had ended, or had been asked to stop, before.")
    return _see(invocation)


@require_POST
def rerun_invocation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same tasks once more, with the action as it is today, as the person who asks now."""
    before = _visible_or_404(request, pk)
    who = _who(request)
    if who is None:
        return _to_sign_in(request, before)
    invocation = Invocation(
        door=Door.RERUN,
        rerun_of=before,
        action_slug=before.action_slug,
        action_name=before.action_name,
        address=address_of(request),
        parameters=before.parameters,
        state=State.REFUSED,
    )
    try:
        describe(invocation, _action_of(before), selection_of(before))
        entered = enter(invocation, who)
    except Refusal as refusal:
        record_refused(invocation, refusal.problem, who.person)
        return answers.refused(request, invocation, refusal.problem)
    before.event(Happened.RERUN, actor=who.person, text=f"Run again as {entered.reference}.").save()
    return _see(entered)


def _who(request: HttpRequest) -> Who | None:
    """The proven person of this browser. The page's CSRF token stands in for the Origin of a call from Kitsu."""
    identity = identity_of(request)
    return Who(identity.person, Trust.PROVEN, identity.token) if identity.person else None


def _claimed_here(request: HttpRequest, invocation: Invocation) -> Who | None:
    """Whom the call named, for an action that takes a claim, in the browser that the call came from."""
    if invocation.trust != Trust.CLAIMED or not made_here(request, invocation):
        return None
    try:
        return claimed(selection_of(invocation))
    except KitsuUnavailable:
        return None


def _without_proof(request: HttpRequest, invocation: Invocation) -> HttpResponse:
    """What waits for Kitsu is tried with what it came with; all else asks the person to sign in."""
    if invocation.waiting_for == WaitingFor.KITSU and try_again(invocation):
        return _see(invocation)
    return _to_sign_in(request, invocation)


def _to_sign_in(request: HttpRequest, invocation: Invocation) -> HttpResponse:
    """To the sign-in and back; with Kitsu away, back to the page, which says so."""
    trouble = identity_of(request).trouble
    if trouble is not None:
        messages.warning(request, f"{trouble} Try again in a moment.")
        return _see(invocation)
    return redirect(f"{reverse('sign_in')}?next={invocation.get_absolute_url()}")


def _leave_or_end(invocation: Invocation, refusal: Refusal, person: Person | None) -> None:
    """Somebody else's contradiction leaves the call waiting for its own person; the gate's no ends it."""
    problem = refusal.problem
    event = invocation.event(Happened.REFUSED, actor=person, text=problem.sentence, code=problem.code)
    if problem.code == "contradiction":
        event.save()
        return
    said: dict[str, Any] = {"reason": problem.sentence, "reason_code": problem.code}
    if person is not None:
        invocation.set_person(person, Trust.PROVEN)
        said |= {name: getattr(invocation, name) for name in WHO}
    invocation.move(State.REFUSED, when={State.WAITING}, event=event, **said)


def _action_of(before: Invocation) -> Action:
    action = Action.objects.filter(slug=before.action_slug).first()
    if action is None:
        raise refuse(
            404,
            "unknown_action",
            "There is no such action",
            f"“{before.action_name or before.action_slug}” was renamed or deleted since.",
            "Run another action from Kitsu.",
        )
    return action


def _mine_or_404(request: HttpRequest, pk: UUID) -> Invocation:
    """An invocation that this person may see, or that this browser made, or that claims to be this person's."""
    invocation = Invocation.objects.filter(pk=pk).first()
    if invocation is None:
        raise Http404
    person = identity_of(request).person
    theirs = person is not None and invocation.person_id.lower() == person.id.lower() != ""
    if not (theirs or made_here(request, invocation) or may_see(identity_of(request), invocation)):
        raise Http404
    return invocation


def _visible_or_404(request: HttpRequest, pk: UUID) -> Invocation:
    invocation = Invocation.objects.filter(pk=pk).first()
    if invocation is None or not may_see(identity_of(request), invocation):
        raise Http404
    return invocation


def _see(invocation: Invocation) -> HttpResponse:
    response = redirect(invocation)
    response.status_code = 303
    return response
