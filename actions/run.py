"""One run, from the claim to the ending. Whatever happens in a handler, an invocation that began ends in words."""

from __future__ import annotations

import os
import socket
from typing import Any
from uuid import UUID, uuid4

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from actions.contract import ActionError, Call, Cancelled, Outcome
from actions.desk import WorkersDesk
from actions.ending import Ending, ending_of, judged
from actions.hints import from_json, make
from actions.prepare import Prepared, prepare
from actions.registry import Kind, kinds
from actions.report import RecordedReport
from actions.watch import ClaimLost, TimeUp, Watch
from audit.models import Invocation
from audit.states import Happened, State
from kitsu_bridge.kitsu.hold import release

log = structlog.get_logger(__name__)


def carry_out(invocation_id: str) -> None:
    """Run one invocation if nobody else has it; a second delivery finds it taken and does nothing."""
    invocation = _take(UUID(invocation_id), claim := uuid4())
    if invocation is None:
        return
    with structlog.contextvars.bound_contextvars(invocation=invocation_id, action=invocation.action_slug):
        with Watch(invocation, claim, invocation.definition["time_limit"]) as watch:
            ending = _ending(invocation, watch)
        _finish(invocation, claim, ending)


def _take(pk: UUID, claim: UUID) -> Invocation | None:
    now = timezone.now()
    event = Invocation(pk=pk).event(Happened.CLAIMED, worker=(worker := f"{socket.gethostname()}:{os.getpid()}"))
    taken = Invocation(pk=pk).move(
        State.RUNNING,
        when={State.QUEUED},
        event=event,
        claim=claim,
        worker=worker,
        attempts=F("attempts") + 1,
        started_at=now,
        heartbeat_at=now,
        next_at=None,
    )
    return Invocation.objects.get(pk=pk) if taken else None


def _ending(invocation: Invocation, watch: Watch) -> Ending | None:
    """Prepare and call the handler; None when the run is not ours to end any more."""
    report = RecordedReport(invocation, watch)
    try:
        with watch.interruptible():
            kind = _kind(invocation)
            prepared = prepare(invocation, report)
            outcome = _call(kind, invocation, prepared, report)
        return judged(invocation, outcome)
    except ClaimLost:
        return None
    except (Exception, Cancelled, TimeUp) as error:  # noqa: BLE001 - every ending is written down
        if isinstance(error, Cancelled | TimeUp | SoftTimeLimitExceeded):
            connection.close()  # It may have been broken off in the middle of a conversation.
        return ending_of(invocation, error)


def _kind(invocation: Invocation) -> Kind:
    kind = kinds().get(invocation.kind)
    if kind is None or kind.run is None:
        raise ActionError(
            f"The kind “{invocation.kind}” of this action {'is broken' if kind else 'is not installed'}. "
            "Tell your studio manager."
        )
    return kind


def _call(kind: Kind, invocation: Invocation, prepared: Prepared, report: RecordedReport) -> Outcome:
    assert kind.run is not None
    call = Call(
        str(invocation.pk),
        prepared.person,
        prepared.proven,
        prepared.selection,
        prepared.resolution,
        prepared.kitsu,
        report,
        settings.KITSU_PUBLIC_URL,
        WorkersDesk(invocation),
    )
    return kind.run(call, **_arguments(kind, invocation))


def _arguments(kind: Kind, invocation: Invocation) -> dict[str, Any]:
    """Options and parameters as the handler's type hints ask for them."""
    asked = {spec.name: spec for spec in kind.parameters}
    given = {name: from_json(asked[name], value) for name, value in invocation.parameters.items() if name in asked}
    return given | ({"options": make(kind.options_class, invocation.options)} if kind.options_class else {})


def _finish(invocation: Invocation, claim: UUID, ending: Ending | None) -> None:
    """Write the ending, if the run is still ours, and forget the person's token."""
    if ending is None:
        log.warning("The run was ended by somebody else; its ending is not written")
        return
    text = ending.fields.get("message") or ending.fields.get("reason", "")
    what = Happened.WAITING if ending.state == State.WAITING else Happened.FINISHED
    event = invocation.event(what, text=text, state=ending.state)
    invocation.move(ending.state, when={State.RUNNING}, where={"claim": claim}, event=event, **ending.fields)
    if ending.state != State.WAITING:
        release(str(invocation.pk))
