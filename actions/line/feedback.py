"""Tells of an end: when an invocation has ended, its action may have another action run on the same tasks.

A comment, a message to a channel: any action of the registry. It runs as the person of the first and with the same trust,
as if in the background: nobody is there to be asked. It never has a feedback of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog
from django.dispatch import receiver

from actions.line.calls import describe, enter, refused, selection_of
from actions.line.problems import Refusal, refuse
from actions.line.who import Who, refresh_roles
from actions.models import Action
from actions.parameters.asked import given_beforehand, parameters_of
from audit.ended import ended
from audit.models import Invocation
from audit.states import Door, Happened, State, Trust
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.hold import held
from kitsu_bridge.kitsu.people import Person

log = structlog.get_logger(__name__)

TROUBLE = frozenset({State.PARTIAL, State.FAILED, State.CRASHED, State.REFUSED, State.EXPIRED})
"""Endings that count as something gone wrong. Who cancels or joins knows it."""

NOBODY_IS_ASKED = {"background": True, "confirm_first": False, "type_count_above": 0, "double_click_window": 0}
"""Of the telling action's definition: it runs at once, and two firsts that end at one moment are both told of."""


@receiver(ended)
def tell(pk: UUID, **_kwargs: Any) -> None:
    """Have its end told, where its action wants that. Whatever becomes of it changes nothing of the first."""
    first = Invocation.objects.get(pk=pk)
    if not _wanted(first):
        return
    action = Action.objects.filter(slug=first.definition["tell_with"]).first()
    if action is None:
        text = f"Its end could not be told: there is no action “{first.definition['tell_with']}” any more."
        first.event(Happened.TOLD, text=text).save()
        return
    told = _told(first, action)
    first.event(Happened.TOLD, text=f"By “{action.name}”, as {told.reference}.", invocation=str(told.pk)).save()


def _wanted(first: Invocation) -> bool:
    """Whoever leaves a form of theirs unanswered has it before them: nothing was done, and nobody else need hear of it."""
    definition = first.definition
    if not definition.get("tell_with") or first.door == Door.FEEDBACK or not first.trust:
        return False
    if not (first.started_at or definition.get("background")):
        return False
    return definition.get("tell_when") != Action.TellWhen.TROUBLE or first.state in TROUBLE


def _told(first: Invocation, action: Action) -> Invocation:
    person = _person(first)
    invocation = Invocation(door=Door.FEEDBACK, tells_of=first, state=State.REFUSED)
    describe(invocation, action, replace(selection_of(first), person_id=person.id, person_email=person.email))
    invocation.definition = {**invocation.definition, **NOBODY_IS_ASKED}
    invocation.parameters = given_beforehand(invocation.definition)
    try:
        _demand_answers(invocation)
        return enter(invocation, Who(person, Trust(first.trust), held(str(first.pk)) or ""))
    except Refusal as refusal:
        refused(invocation, refusal.problem, person)
        return invocation


def _demand_answers(invocation: Invocation) -> None:
    """Raises `Refusal` where the action must know something that nobody has given beforehand."""
    asked = parameters_of(invocation.definition)
    missing = [spec.label for spec in asked if spec.required and spec.name not in invocation.parameters]
    if missing:
        raise refuse(
            400,
            "parameters",
            "Nobody was there to be asked",
            f"This action asks for: {', '.join(missing)}.",
            "Give a value for it beforehand, on the action in the admin.",
        )


def _person(first: Invocation) -> Person:
    """As the record knows them, with their roles in its productions; without Kitsu, the gate in the worker looks again."""
    person = Person(first.person_id, first.person_email, first.person_name, first.person_role)
    try:
        return refresh_roles(person, set(first.project_ids))
    except KitsuError as error:
        log.warning("Roles could not be read for a feedback", error=type(error).__name__)
        return person
