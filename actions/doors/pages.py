"""The doors on an invocation's page: go on with a call that waits, go back, stop it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from actions.doors import answers
from actions.doors.owner import answering, leave_or_end, mine_or_404, see, to_sign_in
from actions.line.calls import go_back, go_on, selection_of
from actions.line.problems import Refusal
from actions.line.stages import must_type
from actions.line.waiting import try_again
from actions.line.who import agree
from actions.parameters.answered import forgotten, hold_longer
from audit.models import Invocation
from audit.states import State, WaitingFor
from kitsu_bridge.kitsu.signin.identity import identity_of

NOT_THEIRS = frozenset({WaitingFor.MAINTENANCE, WaitingFor.APPROVAL})
"""What the person of a call cannot go on from: an operator, or others, do."""


@require_POST
def continue_invocation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go on with a call that waits for its proof, for a yes, or for Kitsu; the person of this browser answers for it."""
    invocation = mine_or_404(request, pk)
    if invocation.state != State.WAITING or invocation.waiting_for in NOT_THEIRS:
        return see(invocation)
    who = answering(request, invocation)
    if who is None:
        return _without_proof(request, invocation)
    if not _counted(request, invocation) or _asked_again(request, invocation):
        return see(invocation)
    try:
        agree(selection_of(invocation), who.person)
        shown = go_on(invocation, who, confirmed=invocation.waiting_for == WaitingFor.CONFIRMATION)
    except Refusal as refusal:
        leave_or_end(invocation, refusal, identity_of(request).person)
        return answers.refused(request, invocation, refusal.problem)
    return see(shown)


@require_POST
def back_to_parameters(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From what it will do back to the form; what was given stands in it."""
    invocation = mine_or_404(request, pk)
    go_back(invocation, identity_of(request).person)
    return see(invocation)


@require_POST
def cancel_invocation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop it: at once while nobody has it, else its worker is asked to."""
    invocation = mine_or_404(request, pk)
    if not invocation.ask_to_cancel(identity_of(request).person):
        messages.info(request, "It had ended, or had been asked to stop, before.")
    return see(invocation)


def _counted(request: HttpRequest, invocation: Invocation) -> bool:
    """Whether the number of tasks was typed, where the studio manager wants it."""
    if invocation.planned_at is None or not must_type(invocation.definition, invocation.task_count):
        return True
    typed = request.POST.get("count", "").translate(str.maketrans("", "", " ,.'\u00a0\u202f"))
    if typed != str(invocation.task_count):
        messages.error(request, f"Type {invocation.task_count}, the number of tasks, to go on. Nothing was done yet.")
    return typed == str(invocation.task_count)


def _asked_again(request: HttpRequest, invocation: Invocation) -> bool:
    """Whether it went back to the form, since a secret that was given is not held any more."""
    lost = forgotten(invocation) if invocation.waiting_for == WaitingFor.CONFIRMATION else []
    if lost:
        go_back(invocation, identity_of(request).person)
        messages.error(
            request, f"Give {', '.join(lost)} again: it is never written down, and was held for minutes only."
        )
    else:
        hold_longer(invocation)
    return bool(lost)


def _without_proof(request: HttpRequest, invocation: Invocation) -> HttpResponse:
    """What waits for Kitsu is tried with what it came with; all else asks the person to sign in."""
    if invocation.waiting_for == WaitingFor.KITSU and try_again(invocation):
        return see(invocation)
    return to_sign_in(request, invocation)
