"""What becomes of a call that waits for Kitsu, once Kitsu answers again: its proof is tried again, with what is held."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from actions.line import queue
from actions.line.calls import go_on, selection_of
from actions.line.problems import Refusal
from actions.line.who import Who, agree, claimed
from audit.models import Invocation
from audit.states import Happened, State, Trust, WaitingFor
from kitsu_bridge.kitsu.errors import KitsuUnavailable, TokenRejected
from kitsu_bridge.kitsu.hold import held
from kitsu_bridge.kitsu.proof import prove

SIGN_IN_AFTER_ALL = "Kitsu is back, but the session that this call came with is not held any more. Sign in to go on."


def try_again(invocation: Invocation) -> bool:
    """Go on with one call that waited for Kitsu; False when it still waits."""
    if not _put_off(invocation):
        return False
    try:
        if invocation.trust:
            return back_to_queue(invocation, WaitingFor.KITSU)
        who = _who(invocation)
        return bool(go_on(invocation, who, confirmed=False)) if who else _ask_to_sign_in(invocation)
    except KitsuUnavailable:
        return False
    except Refusal as refusal:
        problem = refusal.problem
        event = invocation.event(Happened.REFUSED, text=problem.sentence, code=problem.code)
        return invocation.move(
            State.REFUSED, when={State.WAITING}, event=event, reason=problem.sentence, reason_code=problem.code
        )


def _put_off(invocation: Invocation) -> bool:
    """Take it for this attempt, so that no other sweeper tries it at the same time."""
    return invocation.move(
        State.WAITING,
        when={State.WAITING},
        where={"waiting_for": WaitingFor.KITSU, "next_at": invocation.next_at},
        next_at=timezone.now() + queue.kitsu_pause(invocation),
    )


def _who(invocation: Invocation) -> Who | None:
    """The person by the token that is held, else by the claim where the action takes one; None: nobody can say."""
    selection = selection_of(invocation)
    token = held(str(invocation.pk))
    if token:
        try:
            person = prove(token)
        except TokenRejected:
            return None
        agree(selection, person)
        return Who(person, Trust.PROVEN, token)
    if invocation.definition["trust"] == Trust.CLAIMED:
        return claimed(selection)
    return None


def back_to_queue(invocation: Invocation, waited_for: WaitingFor) -> bool:
    """It had passed the door before; a worker takes it from here. False when it does not wait for that any more."""
    now = timezone.now()
    moved = invocation.move(
        State.QUEUED,
        when={State.WAITING},
        where={"waiting_for": waited_for},
        event=invocation.event(Happened.QUEUED, queue=invocation.queue),
        waiting_for=WaitingFor.NOTHING,
        reason="",
        queued_at=now,
        sends=1,
        next_at=now + queue.SEND_AGAIN,
        expires_at=None,
    )
    if moved:
        # A worker that were told before the commit would find it waiting still.
        transaction.on_commit(lambda: queue.send(invocation), robust=True)
    return moved


def _ask_to_sign_in(invocation: Invocation) -> bool:
    return invocation.move(
        State.WAITING,
        when={State.WAITING},
        where={"waiting_for": WaitingFor.KITSU},
        event=invocation.event(Happened.WAITING, text=SIGN_IN_AFTER_ALL),
        waiting_for=WaitingFor.SIGN_IN,
        reason=SIGN_IN_AFTER_ALL,
        next_at=None,
        expires_at=timezone.now() + timedelta(hours=settings.WAITING_HOURS),
    )
