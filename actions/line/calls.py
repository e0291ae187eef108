"""The line that every door leads into: judge, record, queue. Written once, for all of them.

Who calls `enter` or `go_on` has read the call and knows who asks, or knows what must be waited for.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from actions.contract import Selection
from actions.gate import Verdict, at_the_door, before_proof
from actions.line import queue
from actions.line.problems import Problem, Refusal
from actions.line.recording import record
from actions.line.stages import ASK_PARAMETERS, Wait, advance, wait
from actions.line.twins import fingerprint_of, first_of_twins
from actions.line.who import Who
from actions.models import Action
from actions.parameters.asked import asked_of, given_beforehand, still_asked
from audit.models import Event, Invocation
from audit.parts import AT_THE_DOOR, bind
from audit.states import Door, Happened, State, Trust, WaitingFor
from kitsu_bridge.kitsu.hold import hold
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.masking import masked_text


def describe(
    invocation: Invocation, action: Action, selection: Selection, definition: dict[str, Any] | None = None
) -> None:
    """Write the action as it is now, or by another `definition` of it, and the call as it was understood."""
    invocation.action_slug, invocation.action_name = action.slug, action.name
    invocation.definition, invocation.version = definition or action.definition(), action.version
    invocation.kind, invocation.options = invocation.definition["kind"], invocation.definition["options"]
    kept = still_asked(invocation.definition, invocation.parameters)
    invocation.parameters = kept | given_beforehand(invocation.definition)
    invocation.queue = action.queue_name
    invocation.person_id, invocation.person_email = (selection.person_id[:64], selection.person_email)
    invocation.project_id, invocation.entity_type = (selection.project_id[:64], selection.entity_type[:40])
    invocation.task_ids, invocation.task_count = (list(selection.task_ids), len(selection.task_ids))
    invocation.understood = understood(selection)


def understood(selection: Selection) -> dict[str, str]:
    """What a payload said besides the tasks, for the record."""
    return {
        "person_id": selection.person_id,
        "person_email": selection.person_email,
        "project_id": selection.project_id,
        "entity_type": selection.entity_type,
        "path": masked_text(selection.path),
        "server": masked_text(selection.server),
    }


def selection_of(invocation: Invocation) -> Selection:
    """The selection that a record keeps."""
    return Selection(tuple(invocation.task_ids), **invocation.understood)


def enter(invocation: Invocation, came: Who | Wait, *, token: str = "", counted: bool = True) -> Invocation:
    """Judge a described call and record it, queued or waiting; a double click gets the first one's record instead.

    `token`: of a person whom Kitsu could not confirm yet; held for the minutes until it can. `counted`: for the rates.
    Raises `Refusal`.
    """
    definition, count, address = (invocation.definition, invocation.task_count, invocation.address)
    if isinstance(came, Wait):
        demand(before_proof(definition, count, address))
        wait(invocation, ASK_PARAMETERS if _form_asks_anyway(invocation, came) else came)
    else:
        counted = counted and invocation.door != Door.FEEDBACK  # Nobody clicked for that.
        demand(at_the_door(definition, came.person, came.trust, count, address, counted=counted, scope=came.scope))
        invocation.bearer = came.scope.as_json() if came.scope else {}
        invocation.set_person(came.person, came.trust)
        token = came.token
        advance(invocation)
    invocation.fingerprint = fingerprint_of(invocation)
    return _record(invocation, token, came.person if isinstance(came, Who) else None)


def go_on(
    invocation: Invocation,
    who: Who,
    *,
    confirmed: bool,
    given: dict[str, Any] | None = None,
    said: dict[str, str] | None = None,
) -> Invocation:
    """A waiting call, now that it is known who asks: through the gate, then to its next stage or into the queue.

    `confirmed`: the person said yes to what it waits for. `given`: the parameters, as JSON; `said`: in words.

    Returns the one whose page to show: itself, or the first of a double click, which only shows now that there is a
    person. Raises `Refusal`; whether that ends it is the caller's to say.
    """
    definition = {**invocation.definition, "enabled": still_enabled(invocation)}
    count, address = invocation.task_count, invocation.address
    demand(at_the_door(definition, who.person, who.trust, count, address, counted=False, scope=who.scope))
    invocation.bearer = who.scope.as_json() if who.scope else invocation.bearer
    before = invocation.waiting_for
    known = not who.scope and (invocation.trust, invocation.person_id) == (who.trust, who.person.id)
    invocation.set_person(who.person, who.trust)
    events = [] if known else [_proven(invocation, who.person)]
    if confirmed:
        events.append(invocation.event(Happened.CONFIRMED, actor=who.person))
    if given is not None:
        invocation.parameters, invocation.given_at = given, timezone.now()
        events.append(invocation.event(Happened.GIVEN, actor=who.person, answers=said or {}))
    advance(invocation, confirmed=confirmed and invocation.planned_at is not None)
    return _move_on(invocation, before, events, who)


def go_back(invocation: Invocation, actor: Person | None) -> bool:
    """From what it will do back to the parameters; False where it does not wait for that yes any more."""
    if invocation.given_at is None:
        return False
    before = {"waiting_for": WaitingFor.CONFIRMATION}
    wait(invocation, ASK_PARAMETERS)
    fields = {name: getattr(invocation, name) for name in ("waiting_for", "reason", "expires_at", "next_at")}
    event = invocation.event(Happened.BACK, actor=actor)
    again = {"given_at": None, "planned_at": None, "message": ""}
    return invocation.move(State.WAITING, when={State.WAITING}, where=before, event=event, **fields, **again)


MOVED_ON = (
    "bearer",
    "fingerprint",
    "parameters",
    "given_at",
    "previewing",
    "trust",
    "person_id",
    "person_role",
    "person_name",
    "person_email",
    "waiting_for",
    "reason",
    "expires_at",
    "queued_at",
    "sends",
    "next_at",
)
"""What a waiting call gets when it goes on."""


def _move_on(invocation: Invocation, before: str, events: list[Event], who: Who) -> Invocation:
    invocation.fingerprint = fingerprint_of(invocation)
    fields = {name: getattr(invocation, name) for name in MOVED_ON}
    stood: dict[str, Any] = {"when": {State.WAITING}, "where": {"waiting_for": before}}
    with transaction.atomic():
        first = first_of_twins(invocation)
        if first is not None:
            text = f"The same call went on as {first.reference}."
            invocation.move(State.CANCELLED, event=invocation.event(Happened.REPEATED, text=text), reason=text, **stood)
            return first
        if invocation.move(State(invocation.state), **stood, **fields):
            Event.objects.bulk_create([*events, _event_of_state(invocation)])
            _when_committed(invocation, who.token)
    return invocation


def _form_asks_anyway(invocation: Invocation, came: Wait) -> bool:
    """Sending the form of the parameters is a yes as well: nobody is asked twice."""
    return came.waiting_for == WaitingFor.CONFIRMATION and bool(asked_of(invocation.definition))


def refused(invocation: Invocation, problem: Problem, actor: Person | None = None) -> None:
    """Record a call that ends at the door, whatever of it was understood."""
    invocation.state, invocation.reason, invocation.reason_code = (State.REFUSED, problem.sentence, problem.code)
    invocation.waiting_for, invocation.finished_at = WaitingFor.NOTHING, timezone.now()
    if actor is not None:
        invocation.set_person(actor, Trust.PROVEN)
    events = [
        received(invocation),
        invocation.event(Happened.REFUSED, actor=actor, text=problem.sentence, code=problem.code),
    ]
    record(invocation, events)


def demand(verdict: Verdict) -> None:
    """Raises `Refusal` for a verdict that says no."""
    if not verdict:
        raise Refusal(verdict.problem)


def still_enabled(invocation: Invocation) -> bool:
    """Whether the action stands and is switched on, whatever it was when the call came."""
    return Action.objects.filter(slug=invocation.action_slug, enabled=True).exists()


def _record(invocation: Invocation, token: str, person: Person | None) -> Invocation:
    events = [received(invocation), *_proof(invocation, person), _event_of_state(invocation)]
    first = record(invocation, events, alone=person is None)  # Whose twin it is shows when it is known who asks.
    if first is not None:
        first.event(Happened.REPEATED, text="The same call again: a double click.").save()
        return first
    _when_committed(invocation, token)
    return invocation


def _when_committed(invocation: Invocation, token: str) -> None:
    def send() -> None:
        if token:
            hold(str(invocation.pk), token)
        if invocation.state == State.QUEUED:
            queue.send(invocation)

    transaction.on_commit(send, robust=True)


def _proof(invocation: Invocation, person: Person | None) -> list[Event]:
    return [_proven(invocation, person)] if person else []


def received(invocation: Invocation) -> Event:
    """The first event of every call: it binds what was sent, by whom, and what for."""
    return invocation.event(Happened.RECEIVED, bound=bind(invocation, *AT_THE_DOOR))


def _proven(invocation: Invocation, person: Person) -> Event:
    """How sure it is who asks, and with which bridge token, if it was one."""
    if invocation.bearer:
        text = f"The bridge token “{invocation.bearer['name']}” acts as this account."
        return invocation.event(Happened.PROVEN, actor=person, text=text, bearer=invocation.bearer)
    sure = invocation.trust == Trust.PROVEN
    text = "Kitsu confirmed who it is." if sure else "Taken from the call; Kitsu knows such a person."
    return invocation.event(Happened.PROVEN, actor=person, text=text)


def _event_of_state(invocation: Invocation) -> Event:
    if invocation.state == State.QUEUED:
        return invocation.event(Happened.QUEUED, queue=invocation.queue)
    return invocation.event(Happened.WAITING, text=invocation.reason, waiting_for=invocation.waiting_for)
