"""What programs ask for: the command line, REST, Jet, schedules and events all enter the line here, by one function.

Whoever calls has found out who asks. Everything else is judged as for a click: the gate, the parameters, the selection; and
whatever becomes of it is recorded, refusals too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from actions.contract import Selection
from actions.line.calls import describe, enter, refused
from actions.line.known import action_of
from actions.line.problems import Problem, Refusal, refuse
from actions.line.who import Who
from actions.models import Action
from actions.parameters.sent import Given, WrongParameters, for_the_record, given_by, keep
from audit.models import Invocation
from audit.states import Door, State
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import is_id
from kitsu_bridge.kitsu.storable import storable
from kitsu_bridge.masking import masked, masked_text

MOST_IDS = 20_000
LONGEST_PAYLOAD = 100_000
"""Characters of what was asked for, in the record."""


@dataclass(frozen=True, slots=True)
class Ask:
    """An action by its slug, on tasks, with parameters as JSON.

    `only_plan`: say what it would do, and wait for a yes. `confirmed`: whoever asks has said yes to what the action asks of
    a person before it runs. `alone`: the same again within seconds is no double click.
    """

    slug: str
    task_ids: Sequence[str] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    only_plan: bool = False
    confirmed: bool = False
    alone: bool = False


class Entered(NamedTuple):
    """The record of it; `new`: not that of the same call before. `problem` where it was refused; `fields`: by parameter."""

    invocation: Invocation
    new: bool = True
    problem: Problem | None = None
    fields: Mapping[str, str] = {}


def ask(wish: Ask, who: Who, door: Door, *, address: str = "", counted: bool = True) -> Entered:
    """Enter the line as this person by this door. `counted`: for the rates."""
    invocation = _received(wish, door, address)
    try:
        given = _described(invocation, wish, who.person)
        with transaction.atomic():  # No worker gets it before it has its files.
            entered = enter(invocation, who, counted=counted)
            if entered is invocation:
                keep(invocation, given)
    except Refusal as refusal:
        refused(invocation, refusal.problem, who.person)
        return Entered(invocation, True, refusal.problem, getattr(refusal.__cause__, "fields", {}))
    return Entered(entered, entered is invocation)


def refuse_unheard(
    wish: Ask, problem: Problem, door: Door, person: Person | None = None, *, address: str = ""
) -> Invocation:
    """Record what is refused before the line hears of it: nobody could say who asks, or what."""
    invocation = _received(wish, door, address)
    refused(invocation, problem, person)
    return invocation


def _received(wish: Ask, door: Door, address: str) -> Invocation:
    action = _find(wish.slug)
    sent = for_the_record(action.definition(), wish.parameters) if action else dict(wish.parameters)
    text = json.dumps({"tasks": list(wish.task_ids), "parameters": masked(sent)}, ensure_ascii=False, default=str)
    return Invocation(
        door=door,
        action_slug=storable(wish.slug)[:80],
        address=address[:64],
        payload=masked_text(storable(text))[:LONGEST_PAYLOAD],
        payload_type="application/json",
        payload_size=len(text),
        state=State.REFUSED,
    )


def _described(invocation: Invocation, wish: Ask, person: Person) -> Given:
    """Write down what was understood. Raises `Refusal`."""
    action = _find(wish.slug)
    if action is None:
        raise refuse(
            404,
            "unknown_action",
            "There is no such action",
            f"No action has the name {wish.slug[:80]!r}.",
            "Ask for the list of actions.",
        )
    selection = Selection(_ids(wish.task_ids), person_id=person.id, person_email=person.email)
    describe(invocation, action, selection)
    try:
        given = given_by(invocation.definition, wish.parameters)
    except WrongParameters as error:
        raise refuse(422, "parameters", "The parameters are not right", str(error), "Correct them.") from error
    invocation.parameters, invocation.given_at = given.values, timezone.now()
    invocation.definition = {**invocation.definition, **_stages(invocation.definition, wish)}
    return given


def _stages(definition: Mapping[str, Any], wish: Ask) -> dict[str, Any]:
    """How far it goes by itself; see `stages.must_confirm`."""
    alone = {"double_click_window": 0} if wish.alone else {}
    if wish.only_plan:
        return alone | {"confirm_first": True}
    return alone | ({"said_yes": True} if wish.confirmed else {})


def _ids(sent: Sequence[str]) -> tuple[str, ...]:
    """Each once, in their order. Raises `Refusal` for what is no id: it would spoil the whole request to Kitsu."""
    found = tuple(dict.fromkeys(str(one).strip().lower() for one in sent))
    strange = [one for one in found if not is_id(one)]
    if strange:
        more = f", nor are {len(strange) - 1:,} more" if len(strange) > 1 else ""
        raise refuse(
            422,
            "bad_ids",
            "Some of the tasks are no ids",
            f"{storable(strange[0])[:80]!r} is no id of Kitsu{more}.",
            "Send ids of tasks.",
        )
    if not found or len(found) > MOST_IDS:
        raise refuse(
            422, "selection", "This selection cannot be run", f"{len(found):,} tasks were sent.",
            f"Send at least one task, and at most {MOST_IDS:,}.",
        )  # fmt: skip
    return found


def _find(slug: str) -> Action | None:
    return action_of(slug) if storable(slug) == slug else None
