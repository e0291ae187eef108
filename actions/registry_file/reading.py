"""Reads the file strictly: what YAML would silently pass over is said, with its line."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

from kitsu_bridge.kitsu.storable import storable

VERSION = 1
LARGEST = 2 * 1024 * 1024
"""Characters."""


class WrongFile(Exception):
    """Why it cannot be read: a sentence, with the line where there is one."""


class _Strict(yaml.SafeLoader):
    """No key twice, no anchors: a file whose parts stand for each other cannot be read line by line."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            line = self.get_event().start_mark.line + 1  # type: ignore[no-untyped-call]
            raise WrongFile(f"Line {line}: anchors and aliases are not taken.")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise WrongFile(f"Line {key.start_mark.line + 1}: {key.value!r} stands there twice.")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


SECTIONS = {"actions": "a slug", "schedules": "a name", "rules": "a name"}
"""What stands below each of them."""

Said = dict[str, dict[str, Any]]
"""Fields by name, of each row by its key."""


def read_file(text: str) -> dict[str, Said]:
    """What the file says, by section; a section that it has not is left alone. Raises `WrongFile`."""
    if len(text) > LARGEST:
        raise WrongFile(f"It has {len(text):,} characters; {LARGEST:,} are read at the most.")
    try:
        found = yaml.load(text, _Strict)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise WrongFile(f"{f'Line {mark.line + 1}: ' if mark else ''}{error.problem}.") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise WrongFile(str(error).partition("\n")[0]) from None
    if not isinstance(found, dict) or found.get("version") != VERSION:
        raise WrongFile(f"Begin the file with “version: {VERSION}”.")
    strange = sorted(str(name) for name in found if name not in {"version", *SECTIONS})
    if strange:
        raise WrongFile(f"{strange[0]!r} is not known.")
    return {name: _section(name, found[name]) for name in SECTIONS if name in found}


def _section(name: str, rows: Any) -> Said:
    if not isinstance(rows or {}, dict):
        raise WrongFile(f"“{name}” holds one after the other, each under {SECTIONS[name]}.")
    return {str(key): _one(name, key, about) for key, about in (rows or {}).items()}


def _one(section: str, key: Any, about: Any) -> dict[str, Any]:
    if not isinstance(key, str) or not isinstance(about, dict):
        raise WrongFile(f"{key!r}: in “{section}” stands {SECTIONS[section]} with its fields below it.")
    if storable(about) != about or storable(key) != key:
        raise WrongFile(f"{key}: it holds a NUL, or half of a character.")
    return about
