"""Names of Kitsu in the file, ids in the registry: a diff in git says “SHOW”, not half a line of hexadecimal digits.

What two have in common, or Kitsu does not know, stands there as its id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.studio import studio

Read = Callable[[Kitsu], list[Mapping[str, Any]]]

FIELDS: dict[str, tuple[Read, str]] = {
    "projects": (lambda kitsu: list(kitsu.projects()), "name"),
    "departments": (lambda kitsu: list(kitsu.departments()), "name"),
    "approver_ids": (lambda kitsu: list(kitsu.persons()), "email"),
}
"""Fields of an action that hold ids: how they are read, and what people call them by."""


class Names:
    """Read once, when they are first needed. Raises `KitsuError` when Kitsu does not answer."""

    def shown(self, field: str, ids: list[str]) -> list[str]:
        """In the file."""
        return [self._by_id[field].get(one, one) for one in ids] if ids else []

    def kept(self, field: str, names: Any) -> Any:
        """In the registry; what is no list of texts is left for the registry's own rules."""
        if not names or not isinstance(names, list):
            return names
        return [self._by_name[field].get(one, one) if isinstance(one, str) else one for one in names]

    @cached_property
    def _by_id(self) -> dict[str, dict[str, str]]:
        bot = studio().bot()
        return {field: _unique({row["id"]: str(row.get(key) or "") for row in read(bot)})
                for field, (read, key) in FIELDS.items()}  # fmt: skip

    @cached_property
    def _by_name(self) -> dict[str, dict[str, str]]:
        return {field: {name: one for one, name in found.items()} for field, found in self._by_id.items()}


def _unique(found: dict[str, str]) -> dict[str, str]:
    often = Counter(found.values())
    return {one: name for one, name in found.items() if name and often[name] == 1}
