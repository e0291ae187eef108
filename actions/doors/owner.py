"""Who may answer for an invocation that waits, and what they are shown instead where they may not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from actions.line.calls import selection_of
from actions.line.problems import Refusal
from actions.line.who import Who, claimed
from audit.access import made_here, may_see
from audit.models import Invocation
from audit.states import Happened, State, Trust
from kitsu_bridge.kitsu.errors import KitsuUnavailable
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.signin.identity import identity_of

WHO = ("trust", "person_id", "person_role", "person_name", "person_email")
"""What the record says of a person."""


def visible_or_404(request: HttpRequest, pk: UUID) -> Invocation:
    """An invocation that its person, or somebody who leads, asks something of; what is not there and not theirs look the same."""
    invocation = Invocation.objects.filter(pk=pk).first()
    if invocation is None or not may_see(identity_of(request), invocation):
        raise Http404
    return invocation


def proven(request: HttpRequest) -> Who | None:
    """The proven person of this browser. The page's CSRF token stands in for the Origin of a call from Kitsu."""
    identity = identity_of(request)
    return Who(identity.person, Trust.PROVEN, identity.token) if identity.person else None


def answering(request: HttpRequest, invocation: Invocation) -> Who | None:
    """The proven person; or whom the call named, for an action that takes a claim, in the browser that it came from."""
    return proven(request) or _claimed_here(request, invocation)


def _claimed_here(request: HttpRequest, invocation: Invocation) -> Who | None:
    if invocation.trust != Trust.CLAIMED or not made_here(request, invocation):
        return None
    try:
        return claimed(selection_of(invocation))
    except KitsuUnavailable:
        return None


def mine_or_404(request: HttpRequest, pk: UUID) -> Invocation:
    """An invocation that this person may see, or that this browser made, or that claims to be this person's."""
    invocation = Invocation.objects.filter(pk=pk).first()
    if invocation is None:
        raise Http404
    person = identity_of(request).person
    theirs = person is not None and invocation.person_id.lower() == person.id.lower() != ""
    if not (theirs or made_here(request, invocation) or may_see(identity_of(request), invocation)):
        raise Http404
    return invocation


def to_sign_in(request: HttpRequest, invocation: Invocation) -> HttpResponse:
    """To the sign-in and back; with Kitsu away, back to the page, which says so."""
    trouble = identity_of(request).trouble
    if trouble is not None:
        messages.warning(request, f"{trouble} Try again in a moment.")
        return see(invocation)
    return redirect(f"{reverse('sign_in')}?next={invocation.get_absolute_url()}")


def leave_or_end(invocation: Invocation, refusal: Refusal, person: Person | None) -> None:
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


def see(invocation: Invocation) -> HttpResponse:
    """On to its page, which a reload shows again without doing anything again."""
    response = redirect(invocation)
    response.status_code = 303
    return response
