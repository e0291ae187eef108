"""How a run ends: from what a handler returned or raised to a state and its words."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.utils import timezone

from actions.contract import ActionError, Cancelled, Outcome
from actions.line import queue
from actions.line.problems import Refusal
from actions.worker.prepare import KitsuAway
from actions.worker.report import clean, jsonable
from actions.worker.watch import TimeUp, time_up
from audit.models import Invocation, TaskResult
from audit.states import Happened, State, WaitingFor
from kitsu_bridge.kitsu.errors import KitsuError

log = structlog.get_logger(__name__)

CRASHED = "This is a fault of the bridge or of this action, not yours. Tell your studio manager the reference {}."


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: the state to go to, the fields to write with it, and what its event says."""

    state: State
    fields: dict[str, Any] = field(default_factory=dict)
    happened: Happened = Happened.FINISHED
    text: str = ""


class EndsBefore(Exception):
    """Decided before the handler began: this is how it ends, or where it goes back to."""

    def __init__(self, ending: Ending) -> None:
        self.ending = ending
        super().__init__(ending.text)


def judged(invocation: Invocation, outcome: Outcome) -> Ending:
    """Succeeded, or partly so where some task failed or was not there; failed where every single one did."""
    if not isinstance(outcome, Outcome):
        raise TypeError(f"The handler returned {type(outcome).__name__}, not an Outcome.")
    states = TaskResult.State
    results = dict.fromkeys(states, 0)
    for (state,) in invocation.results.values_list("state"):
        results[states(state)] += 1
    bad = results[states.FAILED] + results[states.MISSING]
    state = State.PARTIAL if bad else State.SUCCEEDED
    fields: dict[str, Any] = {"message": clean(outcome.message), "outcome": _as_json(outcome)}
    if results[states.FAILED] and not results[states.DONE] and not results[states.SKIPPED]:
        state, fields["reason"] = State.FAILED, "It failed for every task."
    return Ending(state, fields)


def _as_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "data": jsonable(outcome.data),
        "link": clean(outcome.link),
        "link_text": clean(outcome.link_text),
        "then": outcome.then,
        "target": clean(outcome.target),
    }


def ending_of(invocation: Invocation, error: BaseException) -> Ending:
    """The ending that an error means; the first line that fits counts."""
    if isinstance(error, EndsBefore):
        return error.ending
    if isinstance(error, Cancelled):
        return Ending(State.CANCELLED, {"reason": "Cancelled while it ran. What was done until then stays done."})
    if isinstance(error, TimeUp | SoftTimeLimitExceeded):
        return Ending(State.FAILED, {"reason": time_up(invocation), "reason_code": "time_limit"})
    if isinstance(error, Refusal):
        return Ending(State.REFUSED, {"reason": error.problem.sentence, "reason_code": error.problem.code})
    if isinstance(error, KitsuAway):
        return _wait_for_kitsu(invocation, error)
    if isinstance(error, ActionError | KitsuError):
        return _failed(invocation, error)
    return _crashed(invocation, error)


def _failed(invocation: Invocation, error: Exception) -> Ending:
    """The handler gave up in words; what it had done by then stands."""
    some = invocation.results.filter(state=TaskResult.State.DONE).exists()
    said = {"reason": clean(str(error)), "reason_code": type(error).__name__.lower()[:40]}
    return Ending(State.PARTIAL if some else State.FAILED, said)


def _wait_for_kitsu(invocation: Invocation, error: Exception) -> Ending:
    return Ending(
        State.WAITING,
        {
            "waiting_for": WaitingFor.KITSU,
            "reason": f"{error} The call is kept and goes on by itself when Kitsu is back.",
            "claim": None,
            "attempts": invocation.attempts - 1,
            "started_at": None,
            "next_at": timezone.now() + queue.kitsu_pause(invocation),
            "expires_at": timezone.now() + timedelta(hours=settings.WAITING_HOURS),
        },
        Happened.WAITING,
    )


def _crashed(invocation: Invocation, error: BaseException) -> Ending:
    lines = clean("".join(traceback.format_exception(error)))
    log.error("An action crashed", kind=invocation.kind, reference=invocation.reference, traceback=lines)
    return Ending(
        State.CRASHED,
        {"reason": CRASHED.format(invocation.reference), "reason_code": "crash", "traceback": lines[-20_000:]},
    )
