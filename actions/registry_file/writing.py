"""Writes the registry as a file: what is as usual is left out, secrets too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from actions.models import DEFINITION, Action
from actions.registry import kinds
from actions.registry_file.names import FIELDS, Names
from actions.registry_file.reading import VERSION

HEAD = (
    "# Actions of Kitsu Bridge. `manage.py actions plan` compares this file with the registry, `apply` brings it in.\n"
)
NAMED = [name for name in DEFINITION if name != "slug"]
"""The slug is the key."""


class _Plain(yaml.SafeDumper):
    """Texts of several lines as they read."""

    def ignore_aliases(self, data: Any) -> bool:
        """Equal lists stand in full."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Plain.add_representer(str, _text)


def file_of(actions: Iterable[Action]) -> str:
    """The file. Raises `KitsuError` where names have to be read and Kitsu does not answer."""
    names = Names()
    found = {action.slug: described(action, names) for action in actions}
    text: str = yaml.dump(
        {"version": VERSION, "actions": found}, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120
    )
    return HEAD + text


def described(action: Action, names: Names) -> dict[str, Any]:
    """One action, without what a new one would have anyway."""
    usual, definition = Action().definition(), action.definition()
    definition["options"] = without_secrets(action.kind, action.options)
    said = {name: definition[name] for name in NAMED if definition[name] != usual[name] or name in {"name", "kind"}}
    return {name: names.shown(name, value) if name in FIELDS else value for name, value in said.items()}


def without_secrets(kind: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """They stay in the registry; a file names secrets by reference only."""
    secret = secrets_of(kind)
    return {name: value for name, value in options.items() if name not in secret}


def secrets_of(kind: str) -> set[str]:
    """Names of the options of a kind that are secrets themselves."""
    found = kinds().get(kind)
    return {spec.name for spec in found.options if spec.about.secret} if found else set()
