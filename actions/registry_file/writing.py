"""Writes the registry as a file: what is as usual is left out, secrets too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from actions.models import Action
from actions.registry import kinds
from actions.registry_file.names import FIELDS, Names
from actions.registry_file.reading import VERSION
from actions.registry_file.sections import SECTIONS, Row, Section

HEAD = "# The registry of Kitsu Bridge. `manage.py actions plan` compares this file with it, `apply` brings it in.\n"


class _Plain(yaml.SafeDumper):
    """Texts of several lines as they read."""

    def ignore_aliases(self, data: Any) -> bool:
        """Equal lists stand in full."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Plain.add_representer(str, _text)


def file_of_registry() -> str:
    """The file. Raises `KitsuError` where names have to be read and Kitsu does not answer."""
    names = Names()
    found = {
        section.name: {key: described(section, row, names) for key, row in section.rows().items()}
        for section in SECTIONS
    }
    text: str = yaml.dump({"version": VERSION, **found}, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120)
    return HEAD + text


def described(section: Section, row: Row, names: Names) -> dict[str, Any]:
    """One row, without what a new one would have anyway."""
    usual, said = section.said(section.new("")), section.said(row)
    if isinstance(row, Action):
        said["options"] = without_secrets(row.kind, row.options)
    told = {name: value for name, value in said.items() if value != usual[name] or name in section.always}
    return {name: names.shown(name, value) if name in FIELDS else value for name, value in told.items()}


def without_secrets(kind: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """They stay in the registry; a file names secrets by reference only."""
    secret = secrets_of(kind)
    return {name: value for name, value in options.items() if name not in secret}


def secrets_of(kind: str) -> set[str]:
    """Names of the options of a kind that are secrets themselves."""
    found = kinds().get(kind)
    return {spec.name for spec in found.options if spec.about.secret} if found else set()
