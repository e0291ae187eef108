"""Finds what was left lying: queued and never taken, running on a dead worker, waiting for Kitsu, waiting too long.

Any number of sweepers may run: every step is one conditional UPDATE, of which only one succeeds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from actions.approvals.telling import tell_of_approvals
from actions.line import queue
from actions.line.maintenance import go_on_again
from actions.line.waiting import try_again
from actions.rest.once import forget_answers
from actions.schedules.running import run_due
from actions.tickets import expire_tickets
from actions.worker.ending import CRASHED
from audit.models import Invocation, Round
from audit.overview.counting import count_days
from audit.states import Happened, State, WaitingFor
from kitsu_bridge.kitsu.errors import KitsuError, KitsuUnavailable
from kitsu_bridge.kitsu.studio import studio

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""Rows that one step takes in one round."""

MOST_ATTEMPTS = 3
"""How often an invocation may begin before a worker that dies of it is not given it again."""


def sweep() -> dict[str, int]:
    """One round; how many invocations each step moved."""
    steps: dict[str, Callable[[], int]] = {
        "sent again": send_again,
        "workers lost": end_lost,
        "gone on": ask_kitsu_again,
        "resumed": go_on_again,
        "schedules": run_due,
        "expired": expire,
        "tickets expired": expire_tickets,
        "days counted": count_days,
        "answers forgotten": forget_answers,
        "told of approvals": tell_of_approvals,
    }
    found = {name: step() for name, step in steps.items()}
    Round.note(Round.What.SWEEPER)
    return found


def sweep_until(stopped: threading.Event) -> None:
    """Round after round until told to stop; a database that is down for a while ends nothing."""
    while not stopped.wait(settings.SWEEP_EVERY):
        try:
            found = {name: count for name, count in sweep().items() if count}
            if found:
                log.info("Swept", **found)
        except DatabaseError as error:
            log.warning("The database cannot be reached", error=type(error).__name__)
        finally:
            close_old_connections()


def send_again() -> int:
    """Queued, and no worker took it in time: the broker was down, or lost it, or is behind."""
    count = 0
    for invocation in _due(State.QUEUED):
        pause = queue.later(invocation.sends, queue.SEND_AGAIN, queue.LONGEST_SEND_AGAIN)
        if invocation.move(
            State.QUEUED,
            when={State.QUEUED},
            where={"next_at": invocation.next_at},
            event=invocation.event(Happened.SENT_AGAIN),
            sends=invocation.sends + 1,
            next_at=timezone.now() + pause,
        ):
            count += queue.send(invocation)
    return count


def end_lost() -> int:
    """Running, and no sign of life from its worker: ended, or queued again where the action says so."""
    silent = timezone.now() - timedelta(seconds=settings.HEARTBEAT_TIMEOUT)
    lost = Invocation.objects.filter(state=State.RUNNING, heartbeat_at__lt=silent)[:AT_ONCE]
    return sum(_end_or_requeue(invocation) for invocation in lost)


def _end_or_requeue(invocation: Invocation) -> bool:
    mine = {"claim": invocation.claim, "heartbeat_at": invocation.heartbeat_at}
    event = invocation.event(Happened.WORKER_LOST, text=f"No sign of life from {invocation.worker}.")
    if invocation.cancel_asked_at:
        reason = "Cancelled; the worker that had it died."
        return invocation.move(State.CANCELLED, when={State.RUNNING}, where=mine, event=event, reason=reason)
    # Who only looked what it would do has done nothing: it can always look again.
    again = invocation.previewing or invocation.definition.get("worker_lost") == "requeue"
    if again and invocation.attempts < MOST_ATTEMPTS:
        now = timezone.now()
        moved = invocation.move(
            State.QUEUED, when={State.RUNNING}, where=mine, event=event, claim=None, next_at=now + queue.SEND_AGAIN
        )
        return moved and (queue.send(invocation) or True)
    reason = f"The worker that ran it died. {CRASHED.format(invocation.reference)}"
    return invocation.move(
        State.CRASHED, when={State.RUNNING}, where=mine, event=event, reason=reason, reason_code="worker_lost"
    )


def ask_kitsu_again() -> int:
    """Waiting for Kitsu: asked once whether it is back, then each goes on from where it stood."""
    due = [invocation for invocation in _due(State.WAITING) if invocation.waiting_for == WaitingFor.KITSU]
    return sum(try_again(invocation) for invocation in due) if due and kitsu_answers() else 0


def kitsu_answers() -> bool:
    """Whether Kitsu does its work again; an answer that we do not like is an answer."""
    try:
        studio().version()
        studio().bot().whoami()
    except KitsuUnavailable:
        return False
    except KitsuError as error:
        log.warning("The bridge's own account in Kitsu does not work", error=type(error).__name__)
    return True


def expire() -> int:
    """Waited too long for a person."""
    old = Invocation.objects.filter(state=State.WAITING, expires_at__lt=timezone.now())[:AT_ONCE]
    return sum(_expired(invocation) for invocation in old)


def _expired(invocation: Invocation) -> bool:
    consent = invocation.waiting_for == WaitingFor.APPROVAL
    hours = invocation.definition.get("approval_hours", 48) if consent else settings.WAITING_HOURS
    who = "Nobody consented to it" if consent else "Nobody went on with it"
    reason = f"{who} within {hours} hours. Run the action again."
    event = invocation.event(Happened.EXPIRED, text=reason)
    return invocation.move(State.EXPIRED, when={State.WAITING}, event=event, reason=reason)


def _due(state: State) -> list[Invocation]:
    rows = Invocation.objects.filter(state=state, next_at__lte=timezone.now())
    return list(rows.order_by("next_at")[:AT_ONCE])
