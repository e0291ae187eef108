"""What becomes of calls while their action is paused: none runs, none is lost, and all go on when the pause is lifted."""

from __future__ import annotations

from uuid import UUID

from actions.line.pauses import lift, pause_of, pauses
from actions.line.waiting import back_to_queue
from audit.models import Invocation
from audit.states import Happened, State, WaitingFor
from kitsu_bridge.kitsu.people import Person

AT_ONCE = 200
"""Calls that go on in one round of the sweeper, oldest first: workers get them as they came."""


def held_back(pk: UUID) -> bool:
    """Whether a worker leaves this one be, since its action was paused after it was queued: it waits again."""
    if not pauses():
        return False
    invocation = Invocation.objects.filter(pk=pk).only("pk", "action_slug").first()
    pause = pause_of(invocation.action_slug) if invocation else None
    if invocation is None or pause is None:
        return False
    event = invocation.event(Happened.WAITING, text=pause.sentence, waiting_for=WaitingFor.MAINTENANCE)
    return invocation.move(
        State.WAITING,
        when={State.QUEUED},
        event=event,
        waiting_for=WaitingFor.MAINTENANCE,
        reason=pause.sentence,
        next_at=None,
    )


def resume(slug: str, actor: Person | None) -> bool:
    """Lift a pause; the first calls go on at once, the others with the sweeper. False when it was not paused."""
    return lift(slug, actor) and bool(go_on_again() or True)


def go_on_again() -> int:
    """Calls that wait for a pause that is lifted go on from where they were."""
    kept = Invocation.objects.filter(state=State.WAITING, waiting_for=WaitingFor.MAINTENANCE)
    free = kept.none() if pauses().get("") else kept.exclude(action_slug__in=list(pauses()))
    oldest = list(free.order_by("received_at")[:AT_ONCE])
    return sum(back_to_queue(invocation, WaitingFor.MAINTENANCE) for invocation in oldest)
