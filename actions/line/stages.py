"""The stages of a call whose person is known: parameters, what it will do, the person's yes, the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from actions.approvals.rules import needed, sentence
from actions.line import queue
from actions.line.pauses import pause_of
from actions.parameters.asked import asked_of
from audit.models import Invocation
from audit.states import State, WaitingFor


@dataclass(frozen=True, slots=True)
class Wait:
    """What must happen before a call can go on, and the sentence for the person."""

    waiting_for: WaitingFor
    reason: str


ASK_PARAMETERS = Wait(WaitingFor.PARAMETERS, "This action asks before it runs.")
ASK_FIRST = Wait(WaitingFor.CONFIRMATION, "This is what it will do. Nothing was done yet.")


def advance(invocation: Invocation, *, confirmed: bool = False) -> None:
    """Bring it to its next stage: nothing is written yet."""
    if invocation.given_at is None and asked_of(invocation.definition):
        wait(invocation, ASK_PARAMETERS)
    elif not confirmed and must_confirm(invocation.definition, invocation.task_count):
        _when_planned(invocation, ASK_FIRST)
    elif needed(invocation.definition):
        _when_planned(invocation, ask_approval(invocation.definition))
    else:
        to_queue(invocation)


def _when_planned(invocation: Invocation, what: Wait) -> None:
    """Nobody says yes to what they have not seen."""
    if invocation.planned_at is None:
        to_queue(invocation, previewing=True)
    else:
        wait(invocation, what)


def ask_approval(definition: Mapping[str, Any]) -> Wait:
    """It waits for others; their last yes sends it to the queue (`actions.approvals.deciding`)."""
    return Wait(WaitingFor.APPROVAL, sentence(definition))


def must_confirm(definition: Mapping[str, Any], task_count: int) -> bool:
    """Whether the person sees what it will do before it runs; they do before others are asked to consent to it."""
    if definition.get("said_yes"):  # By a program, with what it asked for.
        return False
    asks_others = bool(needed(definition)) and not definition.get("background")
    return asks_others or bool(definition.get("confirm_first")) or must_type(definition, task_count)


def must_type(definition: Mapping[str, Any], task_count: int) -> bool:
    """Whether the person types the number of tasks: the studio manager wants that of large selections."""
    limit = definition.get("type_count_above") or 0
    return bool(limit) and task_count > limit and not definition.get("background")


def wait(invocation: Invocation, what: Wait) -> None:
    """It stays until a person, or Kitsu, has done their part; not for ever."""
    now = timezone.now()
    invocation.state, invocation.waiting_for, invocation.reason = State.WAITING, what.waiting_for, what.reason
    ours = what.waiting_for == WaitingFor.MAINTENANCE  # However long it takes, the person need not click again.
    invocation.expires_at = None if ours else now + timedelta(hours=_hours(invocation, what))
    invocation.next_at = now + queue.KITSU_AGAIN if what.waiting_for == WaitingFor.KITSU else None


def _hours(invocation: Invocation, what: Wait) -> int:
    """How long it waits for people."""
    own = what.waiting_for == WaitingFor.APPROVAL
    return int(invocation.definition.get("approval_hours", 48)) if own else int(settings.WAITING_HOURS)


def to_queue(invocation: Invocation, *, previewing: bool = False) -> None:
    """A worker takes it from here, to run it or only to say what it will do; once its action is not paused any more."""
    now = timezone.now()
    fields: dict[str, Any] = {
        "state": State.QUEUED,
        "waiting_for": WaitingFor.NOTHING,
        "reason": "",
        "expires_at": None,
        "queued_at": now,
        "sends": 1,
        "next_at": now + queue.SEND_AGAIN,
        "previewing": previewing,
    }
    for name, value in fields.items():
        setattr(invocation, name, value)
    if pause := pause_of(invocation.action_slug):
        wait(invocation, Wait(WaitingFor.MAINTENANCE, pause.sentence))
