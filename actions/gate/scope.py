"""What a bridge token is for: the part of the gate that is about the token, not about its person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from actions.gate.verdict import ALLOWED, Verdict
from audit.access import within
from audit.models import Invocation
from kitsu_bridge.kitsu.tasks import Resolution

CURE = "Use another token, or ask your studio manager to widen this one."


@dataclass(frozen=True, slots=True)
class Scope:
    """Actions by slug and productions by id; none means all. It stays with an invocation until the worker has it."""

    token: str
    """The id of the token."""
    name: str
    actions: tuple[str, ...] = ()
    productions: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As an invocation keeps it, in `bearer`."""
        return {
            "id": self.token,
            "name": self.name,
            "actions": list(self.actions),
            "productions": list(self.productions),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Scope | None:
        """The scope of an invocation; None for one that came without a bridge token."""
        if not kept:
            return None
        return cls(str(kept["id"]), str(kept["name"]), tuple(kept["actions"]), tuple(kept["productions"]))

    def narrowed(self, rows: QuerySet[Invocation]) -> QuerySet[Invocation]:
        """Of these invocations those that the token may read: its own, and those of its actions in its productions."""
        return rows.filter(self.condition())

    def condition(self) -> Q:
        """The same, for a question that is put together elsewhere; empty for a token that is for everything."""
        found = Q()
        if self.actions:
            found &= Q(action_slug__in=self.actions)
        if self.productions:
            found &= within(sorted(self.productions))
        return found | Q(bearer__id=self.token) if found else found

    def holds(self, invocation: Invocation) -> bool:
        """The same of one."""
        if invocation.bearer.get("id") == self.token:
            return True
        ids = set(invocation.project_ids)
        inside = not self.productions or (bool(ids) and ids.issubset(self.productions))
        return inside and (not self.actions or invocation.action_slug in self.actions)


def action_in(scope: Scope | None, definition: Mapping[str, Any]) -> Verdict:
    """Whether the token is for this action; at the door."""
    if scope is None or not scope.actions or definition["slug"] in scope.actions:
        return ALLOWED
    return Verdict("token_action", f"The token “{scope.name}” is not for “{definition['name']}”.", CURE)


def productions_in(scope: Scope | None, resolution: Resolution) -> Verdict:
    """Whether the token is for the productions of all tasks; in the worker."""
    if scope is None or not scope.productions:
        return ALLOWED
    outside = sorted({task.project.name for task in resolution if task.project.id not in scope.productions})
    if not outside:
        return ALLOWED
    return Verdict("token_production", f"The token “{scope.name}” is not for {', '.join(outside)}.", CURE)
