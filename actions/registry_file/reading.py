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


def read_file(text: str) -> dict[str, dict[str, Any]]:
    """What the file says of each action, by slug. Raises `WrongFile`."""
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
    actions = found.get("actions") or {}
    strange = sorted(str(name) for name in found if name not in {"version", "actions"})
    if strange or not isinstance(actions, dict):
        raise WrongFile(f"{strange[0]!r} is not known." if strange else "“actions” holds one action under each slug.")
    return {str(slug): _one(slug, about) for slug, about in actions.items()}


def _one(slug: Any, about: Any) -> dict[str, Any]:
    if not isinstance(slug, str) or not isinstance(about, dict):
        raise WrongFile(f"{slug!r}: an action is a slug with its fields below it.")
    if storable(about) != about:
        raise WrongFile(f"{slug}: it holds a NUL, or half of a character.")
    return about
