"""Whose consent an action needs. Nobody ever consents to their own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from audit.models import Invocation
from kitsu_bridge.kitsu.people import Person

Definition = Mapping[str, Any]
"""An action as `Action.definition()` gives it."""


def needed(definition: Definition) -> int:
    """How many people must say yes before it runs; 0: nobody is asked."""
    return int(definition.get("approvals_needed") or 1) if definition.get("approvers") else 0


def sentence(definition: Definition) -> str:
    """What a call of it waits for, for its person."""
    count = needed(definition)
    who = " or ".join(WHO[word][0] for word in definition["approvers"] if word in WHO)
    return f"It waits for the consent of {'one of' if count == 1 else f'{count} people:'} {who}."


def may_decide(person: Person, invocation: Invocation, departments: Collection[str]) -> bool:
    """Whether this person may say yes or no to it: by the role in every production of it, or by name."""
    if person.is_bot or not person.active or person.id.lower() == invocation.person_id.lower():
        return False
    words = invocation.definition.get("approvers") or []
    return any(WHO[word][1](person, invocation, departments) for word in words if word in WHO)


def leads(person: Person, invocation: Invocation) -> bool:
    """Whether this person supervises or manages every production of it, and so may start what somebody prepared."""
    return _in_each(person, invocation, {"supervisor", "manager"})


def _in_each(person: Person, invocation: Invocation, roles: Collection[str]) -> bool:
    """Studio managers manage every production."""
    if person.is_studio_manager:
        return "manager" in roles
    projects = invocation.project_ids
    return bool(projects) and all(one in person.projects and person.role_in(one) in roles for one in projects)


def _supervises(person: Person, invocation: Invocation, departments: Collection[str]) -> bool:
    """A supervisor without a department supervises all of them, as in Kitsu (permissions of Zou 1.0.97)."""
    within = not person.departments or set(departments) <= set(person.departments)
    return within and _in_each(person, invocation, {"supervisor"})


def _manages(person: Person, invocation: Invocation, departments: Collection[str]) -> bool:
    return _in_each(person, invocation, {"manager"})


def _named(person: Person, invocation: Invocation, departments: Collection[str]) -> bool:
    return person.id in (invocation.definition.get("approver_ids") or [])


WHO: dict[str, tuple[str, Callable[[Person, Invocation, Collection[str]], bool]]] = {
    "supervisors": ("the supervisors of its department", _supervises),
    "managers": ("the managers of the production", _manages),
    "named": ("the people named for it", _named),
}
"""Who can be chosen in the admin: in words, and the rule."""
