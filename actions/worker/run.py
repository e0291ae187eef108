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
from django.urls import set_script_prefix
from django.utils import timezone

from actions.approvals.deciding import note_departments
from actions.contract import ActionError, Cancelled
from actions.gate.door import kind_enabled
from actions.line.calls import demand
from actions.line.maintenance import held_back
from actions.registry import Kind, kinds
from actions.worker.calling import arguments_of, call_of
from actions.worker.ending import Ending, ending_of, judged
from actions.worker.guards import take_place
from actions.worker.places import send_next
from actions.worker.prepare import prepare
from actions.worker.preview import plan_of, planned, refused_parameters
from actions.worker.report import RecordedReport
from actions.worker.watch import ClaimLost, TimeUp, Watch
from audit.models import Invocation
from audit.parts import AT_THE_END, bind
from audit.states import ENDED, Happened, State
from kitsu_bridge.kitsu.hold import release

log = structlog.get_logger(__name__)


def carry_out(invocation_id: str) -> None:
    """Run one invocation if nobody else has it; a second delivery finds it taken and does nothing."""
    # Django knows where the site stands in the main thread alone (`django.setup`); the embedded worker's are others.
    set_script_prefix(settings.FORCE_SCRIPT_NAME or "/")
    if held_back(pk := UUID(invocation_id)):
        return
    invocation = _take(pk, claim := uuid4())
    if invocation is None:
        return
    with structlog.contextvars.bound_contextvars(invocation=invocation_id, action=invocation.action_slug):
        with Watch(invocation, claim, invocation.definition["time_limit"]) as watch:
            ending = _ending(invocation, watch)
        _finish(invocation, claim, ending)


def _take(pk: UUID, claim: UUID) -> Invocation | None:
    now = timezone.now()
    event = Invocation(pk=pk).event(Happened.CLAIMED, worker=(worker := f"{socket.gethostname()}:{os.getpid()}"))
    event.at = now  # The first of these says since when to look what an earlier attempt has written.
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
        reason="",
        behind=None,
    )
    return Invocation.objects.get(pk=pk) if taken else None


def _ending(invocation: Invocation, watch: Watch) -> Ending | None:
    """Prepare and call the handler; None when the run is not ours to end any more."""
    report = RecordedReport(invocation, watch)
    try:
        with watch.interruptible():
            return _carried_out(_kind(invocation), invocation, report, watch)
    except ClaimLost:
        return None
    except ActionError as error:
        again = refused_parameters(invocation, error) if invocation.previewing else None
        return again or ending_of(invocation, error)
    except (Exception, SystemExit, Cancelled, TimeUp) as error:  # noqa: BLE001 - every ending is written down
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
    demand(kind_enabled(kind.name))
    return kind


def _carried_out(kind: Kind, invocation: Invocation, report: RecordedReport, watch: Watch) -> Ending:
    """Prepare, then call the handler; or only ask it what it would do."""
    assert kind.run is not None
    prepared = prepare(invocation, report)
    if not invocation.previewing:
        with watch.undisturbed():
            take_place(invocation, prepared.resolution, prepared.person)
    report.begin()
    call = call_of(invocation, prepared, report)
    arguments = arguments_of(kind, invocation, call)
    if invocation.previewing:
        note_departments(invocation, prepared.resolution)
        return planned(invocation, plan_of(kind, call, arguments), report)
    return judged(invocation, kind.run(call, **arguments))


def _bound(invocation: Invocation, ending: Ending) -> dict[str, Any]:
    """The hashes of what came of it, where this is the end."""
    if ending.state not in ENDED:
        return {}
    for name, value in ending.fields.items():
        setattr(invocation, name, value)
    return {"bound": bind(invocation, *AT_THE_END)}


def _finish(invocation: Invocation, claim: UUID, ending: Ending | None) -> None:
    """Write the ending, if the run is still ours, and forget the person's token."""
    if ending is None:
        log.warning("The run was ended by somebody else; its ending is not written")
        return
    text = ending.text or ending.fields.get("message") or ending.fields.get("reason", "")
    event = invocation.event(ending.happened, text=text, state=ending.state, **_bound(invocation, ending))
    fields = {**ending.fields, "salts": invocation.salts}
    invocation.move(ending.state, when={State.RUNNING}, where={"claim": claim}, event=event, **fields)
    if ending.state in ENDED:
        release(str(invocation.pk))
    if ending.state == State.QUEUED:
        send_next(invocation.action_slug)  # The one that it waits for may have ended while it was put back.
