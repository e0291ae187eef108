"""Running something again: all of it or what was not done, as the action is today or as it was then, by whoever asks now.

What it did then is repeated only within what is allowed today: who may run it must be allowed by both, and what asks before it
runs asks still. So no re-run brings back a right that was withdrawn, or lends one that another person had.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from actions.approvals.rules import needed
from actions.compared import WHAT_IT_DOES
from actions.contract import Selection
from actions.gate import at_the_door
from actions.line.calls import demand, describe, enter, refused, selection_of
from actions.line.problems import Problem, Refusal, refuse
from actions.line.stages import must_confirm
from actions.line.who import Who
from actions.models import Action
from actions.parameters.asked import asked_of
from actions.registry import kinds
from actions.rules import wrong_options_of
from actions.worker.calling import DONE
from audit.files import copy_files
from audit.models import Invocation
from audit.states import Door, Happened, State
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.masking import MASK

TODAY, THEN = "today", "then"
ALL, UNFINISHED, EDITED = "all", "unfinished", "edited"

CONSENT = ("approvers", "approver_ids", "approvals_needed", "approval_hours")
"""Of a definition: whose yes it waits for. That of then is asked where today would ask for fewer."""

WHO_MAY = ("roles", "projects", "departments", "entity_types")


@dataclass(frozen=True, slots=True)
class Wish:
    """How something is to be run again: `how` is today or then, `what` all, unfinished or edited."""

    how: str = TODAY
    what: str = ALL

    @classmethod
    def read(cls, sent: Any) -> Wish:
        """From what a form sent; what is odd there is the usual."""
        how, what = sent.get("how", ""), sent.get("what", "")
        return cls(how if how == THEN else TODAY, what if what in (UNFINISHED, EDITED) else ALL)


class Entered(NamedTuple):
    """The new one, or the one that a double click repeats; `problem` where it was refused, and recorded as that."""

    invocation: Invocation
    new: bool
    problem: Problem | None = None


def run_again(before: Invocation, who: Who, wish: Wish, address: str, *, clicked: bool = True) -> Entered:
    """Enter the line with it, through the gate as every call.

    `clicked`: False for one of a range, which was confirmed as a whole: it does not
    count for the rates, and two of a range that do the same are no double click.
    """
    invocation = _new(before, wish, address)
    try:
        _described(invocation, before, who.person, wish)
        if not clicked:
            invocation.definition = {**invocation.definition, "double_click_window": 0}
        with transaction.atomic():  # No worker gets it before it has its files.
            entered = enter(invocation, who, counted=clicked)
            if entered is invocation:
                _carry_files(before, invocation)
    except Refusal as refusal:
        refused(invocation, refusal.problem, who.person)
        return Entered(invocation, True, refusal.problem)
    before.event(Happened.RERUN, actor=who.person, text=_said(entered, wish), invocation=str(entered.pk)).save()
    return Entered(entered, entered is invocation)


def outlook(before: Invocation, who: Who, wish: Wish) -> tuple[Problem | None, bool]:
    """What would become of it, as far as that is known without Kitsu: why it is refused; whether it will ask first."""
    invocation = _new(before, wish, "")
    try:
        _described(invocation, before, who.person, wish)
        definition, count = invocation.definition, invocation.task_count
        demand(at_the_door(definition, who.person, who.trust, count, "", counted=False, scope=who.scope))
    except Refusal as refusal:
        return refusal.problem, False
    unanswered = invocation.given_at is None and bool(asked_of(definition))
    return None, unanswered or must_confirm(definition, count)


def left_of(before: Invocation, wish: Wish) -> tuple[str, ...]:
    """The tasks that it would be run on: all, or those without a good result."""
    done = (
        set(before.results.filter(state__in=DONE).values_list("task_id", flat=True))
        if wish.what == UNFINISHED
        else set()
    )
    return tuple(task_id for task_id in before.task_ids if task_id not in done)


def action_of(before: Invocation) -> Action | None:
    """The action as it is today; None when it was renamed or deleted since."""
    return Action.objects.filter(slug=before.action_slug).first()


def _new(before: Invocation, wish: Wish, address: str) -> Invocation:
    return Invocation(
        door=Door.RERUN,
        rerun_of=before,
        retry=wish.what == UNFINISHED,
        action_slug=before.action_slug,
        action_name=before.action_name,
        address=address,
        parameters=dict(before.parameters),
        state=State.REFUSED,
    )


def _described(invocation: Invocation, before: Invocation, person: Person, wish: Wish) -> None:
    """Raises `Refusal` for what cannot be run again at all."""
    action = action_of(before)
    if action is None:
        raise refuse(
            404,
            "unknown_action",
            "There is no such action",
            f"“{before.action_name or before.action_slug}” was renamed or deleted since.",
            "Run another action from Kitsu.",
        )
    then = _as_it_was(before, action) if wish.how == THEN else None
    describe(invocation, action, _selection(before, person, wish), then)
    invocation.version = before.version if then else action.version
    _demand_kind(invocation)
    if not invocation.task_ids:
        raise refuse(
            400,
            "nothing_left",
            "Nothing is left to run again",
            "Every task of it was done, or it had none.",
            "Run it anew.",
        )
    _give(invocation, before, edited=wish.what == EDITED)


def _as_it_was(before: Invocation, action: Action) -> dict[str, Any]:
    if "kind" not in before.definition:
        raise refuse(
            409,
            "no_definition",
            "It cannot be run as it was",
            "The call was refused before it was known what to run.",
            "Run it with today’s definition.",
        )
    return then_within_today(before.definition, action)


def then_within_today(then: dict[str, Any], action: Action) -> dict[str, Any]:
    """What it did then, with what today asks of whoever runs it; what then asked of them is asked besides."""
    today = action.definition()
    kept = {name: then[name] for name in (*WHAT_IT_DOES, "background") if name in then}
    asked_then = {name: then.get(name) or [] for name in WHO_MAY}
    stricter = {
        "confirm_first": (today["confirm_first"] or bool(then.get("confirm_first"))) and not kept.get("background"),
        "largest_selection": min(today["largest_selection"], then.get("largest_selection", today["largest_selection"])),
    }
    consent = {name: then[name] for name in CONSENT if name in then} if needed(then) > needed(today) else {}
    return today | kept | stricter | consent | {"besides": [*then.get("besides", []), asked_then]}


def _demand_kind(invocation: Invocation) -> None:
    """Raises `Refusal` for a kind that has gone or broken, and for options that it or the settings do not allow any more."""
    kind = kinds().get(invocation.kind)
    if kind is None or kind.error:
        raise refuse(
            409,
            "kind_gone",
            "This kind of action is not there any more",
            f"It was of the kind “{invocation.kind}”, which {'is not installed' if kind is None else 'does not work'} now.",
            "Ask your studio manager.",
        )
    wrong = wrong_options_of(kind, invocation.options)
    if wrong:
        raise refuse(
            409, "options", "Its options are not allowed any more", " ".join(wrong), "Run it with today’s definition."
        )


def _selection(before: Invocation, person: Person, wish: Wish) -> Selection:
    """The same tasks, or those without a good result; whoever asks now answers for them."""
    left = left_of(before, wish)
    return replace(selection_of(before), task_ids=left, person_id=person.id, person_email=person.email)


def _give(invocation: Invocation, before: Invocation, *, edited: bool) -> None:
    """The answers of then count, unless they are to be changed, or one of them was secret and is gone, or is new."""
    asked = asked_of(invocation.definition)
    new = any(spec.required and spec.name not in invocation.parameters for spec in asked)
    given = before.given_at is not None and MASK not in invocation.parameters.values() and not new
    if given and not edited and asked:
        invocation.given_at = timezone.now()


def _carry_files(before: Invocation, invocation: Invocation) -> None:
    """The files that were given then are given again, under rows of their own."""
    copies = copy_files(before, invocation)
    if not copies:
        return
    parameters: dict[str, Any] = dict(invocation.parameters)
    for name, value in parameters.items():
        old = value.get("file") if isinstance(value, dict) else None
        if old in copies:
            parameters[name] = {**value, "file": str(copies[old].pk)}
    Invocation.objects.filter(pk=invocation.pk).update(parameters=parameters)


def _said(entered: Invocation, wish: Wish) -> str:
    how = "as it was then" if wish.how == THEN else "with the definition of that day"
    return f"Run again as {entered.reference}, {how}{', what was not done' if wish.what == UNFINISHED else ''}."
