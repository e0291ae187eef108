"""The first half of the gate: what is known without asking Kitsu for tasks."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

from actions.gate.scope import Scope, action_in
from actions.gate.verdict import ALLOWED, Verdict, first_no
from actions.kinds.switches import switched_on
from actions.registry import kinds
from audit.states import Trust
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.rates import seconds_to_wait
from kitsu_bridge.templatetags.people import role

Definition = Mapping[str, Any]
"""An action as `Action.definition()` gives it."""


def at_the_door(
    definition: Definition,
    person: Person | None,
    trust: Trust,
    task_count: int,
    address: str,
    *,
    counted: bool = True,
    scope: Scope | None = None,
) -> Verdict:
    """Whether this person may knock with this many tasks: enabled, token, trust, the person's own role, size, rate.

    `counted`: whether the call counts for the rates; one that waited here before was counted when it came. `scope`: what its
    bridge token is for, where it came with one.
    """
    checks = (
        enabled(definition),
        kind_enabled(definition["kind"]),
        action_in(scope, definition),
        trusted(definition, trust),
        *(role_somewhere(one, person) for one in all_that_ask(definition)),
        size(definition, task_count),
    )
    verdict = first_no(checks)
    return rate(person, address) if verdict and counted else verdict


def before_proof(definition: Definition, task_count: int, address: str) -> Verdict:
    """Whether a call may wait for its proof at all: what is known of it while nobody knows who asks."""
    verdict = first_no((enabled(definition), kind_enabled(definition["kind"]), size(definition, task_count)))
    return rate(None, address) if verdict else verdict


def all_that_ask(definition: Definition) -> list[Definition]:
    """The definition itself, and what else it says must allow it: of a re-run, what was asked of who ran it then."""
    return [definition, *definition.get("besides", ())]


def enabled(definition: Definition) -> Verdict:
    """A disabled action runs for nobody."""
    if definition["enabled"]:
        return ALLOWED
    return Verdict("disabled", f"“{definition['name']}” is switched off.", "Ask your studio manager to enable it.")


def kind_enabled(name: str) -> Verdict:
    """A kind from outside that nobody has switched on runs for nobody. One that is not there is the worker's to say."""
    kind = kinds().get(name)
    if kind is None or switched_on(kind):
        return ALLOWED
    cure = "Ask your studio manager to look at it and to switch it on."
    return Verdict("kind_off", f"The kind of this action, “{kind.title}”, is switched off.", cure)


def trusted(definition: Definition, trust: Trust) -> Verdict:
    """Whether it is sure enough who asks."""
    if trust == Trust.PROVEN or (trust == Trust.CLAIMED and definition["trust"] == Trust.CLAIMED):
        return ALLOWED
    return Verdict("not_proven", "Kitsu has not confirmed who you are, and this action asks for it.", "Sign in.")


def role_somewhere(definition: Definition, person: Person | None) -> Verdict:
    """Whether the person has one of the roles, in the studio or in any production; which one is the worker's question."""
    roles = set(definition["roles"])
    held = {person.role, *person.project_roles.values()} if person else set()
    if not roles or roles & held:
        return ALLOWED
    return Verdict(
        "role",
        f"This action is for the role {_or(definition['roles'])}; yours is {in_words(person.role) if person else 'not known'}.",
        "Ask your studio manager if you need it.",
    )


def size(definition: Definition, task_count: int) -> Verdict:
    """Not more tasks than the action takes."""
    largest = definition["largest_selection"]
    if task_count <= largest:
        return ALLOWED
    return Verdict(
        "too_many_tasks",
        f"{task_count:,} tasks are selected; this action takes at most {largest:,}.",
        "Select fewer and run it again for the rest.",
    )


def rate(person: Person | None, address: str) -> Verdict:
    """Not more calls than a person or an address may make."""
    counted = [(settings.RATE_PER_ADDRESS, f"address:{address}")]
    if person is not None:
        counted.append((settings.RATE_PER_PERSON, f"person:{person.id}"))
    wait = seconds_to_wait(counted, now=time.time())
    if not wait:
        return ALLOWED
    return Verdict("rate", "Too many calls in a short time.", f"Wait {wait} seconds and try again.", wait)


def in_words(code: str) -> str:
    """A role as Kitsu's pages call it, within a sentence: `manager` is a production manager."""
    return role(code).lower()


def _or(roles: Iterable[str]) -> str:
    names = [in_words(code) for code in roles]
    return " or ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
