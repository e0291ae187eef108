"""Looking at tasks with checks: what is found, and what could not be looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from actions.contract import ActionError
from actions.quality.facts import Facts
from actions.quality.table import Check
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.tasks import Task

LONGEST = 500
"""Characters of one finding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says of a task."""

    check: Check
    task: Task
    text: str


@dataclass(slots=True)
class Look:
    """What came of looking at tasks: counts by the names of checks."""

    looked: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    """Tasks of which Kitsu does not show the person what the check goes by."""
    broken: dict[str, str] = field(default_factory=dict)
    """Checks that broke down, with the error of the first time: a studio's own are code like any other."""
    _entities: set[tuple[str, str]] = field(default_factory=set)

    def at(self, task: Task, checks: Collection[Check], facts: Facts, roles: Collection[str]) -> list[Finding]:
        """The findings of these checks at one task. What was cancelled in Kitsu is not looked at."""
        if task.entity.record.get("canceled"):
            return []
        asked = (one for one in checks if self._asks(one, task, roles))
        return [Finding(one, task, text) for one in asked if (text := self._ask(one, task, facts))]

    def _asks(self, one: Check, task: Task, roles: Collection[str]) -> bool:
        if one.name in self.broken or (one.entity_types and task.entity.kind not in one.entity_types):
            return False
        if one.hidden_from & set(roles):
            self.hidden[one.name] += 1
            return False
        if one.of == "entity":
            if (one.name, task.entity.id) in self._entities:
                return False
            self._entities.add((one.name, task.entity.id))
        self.looked[one.name] += 1
        return True

    def _ask(self, one: Check, task: Task, facts: Facts) -> str:
        try:
            return str(one.examine(task, facts) or "")[:LONGEST]
        except (KitsuError, ActionError):
            raise
        except Exception as error:  # noqa: BLE001 - a broken check of a studio must not take the others with it
            self.broken[one.name] = f"{type(error).__name__} at {task.name}: {error}"[:LONGEST]
            return ""
