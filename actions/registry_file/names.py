"""Names of Kitsu in the file, ids in the registry: a diff in git says “SHOW”, not half a line of hexadecimal digits.

What two have in common, or Kitsu does not know, stands there as its id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.studio import studio

Read = Callable[[Kitsu], list[Mapping[str, Any]]]

PROJECTS: tuple[Read, str] = (lambda kitsu: list(kitsu.projects()), "name")
STATUSES: tuple[Read, str] = (lambda kitsu: list(kitsu.task_statuses()), "name")
PEOPLE: tuple[Read, str] = (lambda kitsu: list(kitsu.persons()), "email")

FIELDS: dict[str, tuple[Read, str]] = {
    "projects": PROJECTS,
    "departments": (lambda kitsu: list(kitsu.departments()), "name"),
    "approver_ids": PEOPLE,
    "task_types": (lambda kitsu: list(kitsu.task_types()), "name"),
    "statuses": STATUSES,
    "statuses_from": STATUSES,
    "statuses_to": STATUSES,
    "persons": PEOPLE,
    "person_id": PEOPLE,
}
"""Fields that hold an id, or several: how they are read, and what people call them by."""


class Names:
    """Each read once, when it is first needed. Raises `KitsuError` when Kitsu does not answer."""

    def __init__(self) -> None:
        self._read: dict[tuple[Read, str], dict[str, str]] = {}

    def shown(self, field: str, value: Any) -> Any:
        """In the file."""
        return self._turned(value, self._by_id(field)) if value else value

    def kept(self, field: str, value: Any) -> Any:
        """In the registry; what is no text and no list of texts is left for the registry's own rules."""
        if not value or not isinstance(value, str | list):
            return value
        return self._turned(value, {name: one for one, name in self._by_id(field).items()})

    def _turned(self, value: Any, into: Mapping[str, str]) -> Any:
        if isinstance(value, list):
            return [into.get(one, one) if isinstance(one, str) else one for one in value]
        return into.get(value, value)

    def _by_id(self, field: str) -> dict[str, str]:
        how = FIELDS[field]
        if how not in self._read:
            read, key = how
            self._read[how] = _unique({row["id"]: str(row.get(key) or "") for row in read(studio().bot())})
        return self._read[how]


def _unique(found: dict[str, str]) -> dict[str, str]:
    often = Counter(found.values())
    return {one: name for one, name in found.items() if name and often[name] == 1}
