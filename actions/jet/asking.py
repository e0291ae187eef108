"""Who sends a message, and the way from there into the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions.doors.bearer import Proof
from actions.line.programs import Ask, Entered, ask
from audit.states import Door
from kitsu_bridge.kitsu.people import Person


@dataclass(frozen=True, slots=True)
class Asking:
    """Who sends a message, proven by a token."""

    proof: Proof
    address: str = ""

    @property
    def person(self) -> Person:
        """The account that the token acts as."""
        return self.proof.person

    @property
    def narrow(self) -> bool:
        """Whether the token is for some actions or productions only."""
        scope = self.proof.scope
        return scope is not None and bool(scope.actions or scope.productions)

    def run(
        self,
        slug: str,
        task_ids: Sequence[str],
        parameters: Mapping[str, Any] | None = None,
        *,
        confirmed: bool = False,
    ) -> Entered:
        """Run an action of the bridge as this person: through the gate and into the record, as by every door."""
        wish = Ask(slug, task_ids, parameters or {}, confirmed=confirmed)
        return ask(wish, self.proof.who, Door.JET, address=self.address)
