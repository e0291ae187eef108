"""A kind's options and parameters as a table in Markdown, for docs/kinds.md and for a studio's own pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.kinds.hints import FieldSpec, to_json

TYPES = {
    "text": "text",
    "integer": "whole number",
    "float": "number",
    "decimal": "exact number",
    "boolean": "yes or no",
    "date": "date",
    "time": "time of day",
    "datetime": "date and time",
    "json": "JSON object",
    "list": "JSON list",
    "file": "file",
    "choice": "one of",
    "secret": "name of a secret",
    "check": "name of a check",
}
"""What a type is called; every other one is the id of something in Kitsu."""

HEAD = "| name | what it is | value | default |\n|---|---|---|---|\n"
SPECIAL = str.maketrans({sign: f"\\{sign}" for sign in "\\|*_<[`$"})
"""Signs that Markdown would take for its own."""


def markdown_table(specs: Sequence[FieldSpec]) -> str:
    """A row for each: its name, its label with its help, what it takes, what it is when nothing is said."""
    return HEAD + "".join(f"| `{spec.name}` | {_about(spec)} | {_value(spec)} | {_default(spec)} |\n" for spec in specs)


def _about(spec: FieldSpec) -> str:
    return (f"{spec.label}. {spec.about.help}" if spec.about.help else spec.label).translate(SPECIAL)


def _value(spec: FieldSpec) -> str:
    if spec.choices:
        names = ", ".join(f"`{value}`" for value, _ in spec.choices)
        return f"{'any' if spec.several else 'one'} of {names}"
    words = TYPES.get(spec.type, f"{spec.type.replace('_', ' ')} of Kitsu, by id")
    if spec.about.template:
        words = f"{words} with [variables](variables.md)"
    parts = [f"several: {words}" if spec.several else words, _bounds(spec), spec.about.unit.translate(SPECIAL)]
    return ", ".join(part for part in parts if part)


def _bounds(spec: FieldSpec) -> str:
    least, most = spec.about.least, spec.about.most
    if least is not None and most is not None:
        return f"{least:,} to {most:,}"
    if least is not None:
        return f"from {least:,}"
    return f"to {most:,}" if most is not None else ""


def _default(spec: FieldSpec) -> str:
    if spec.required:
        return "must be given"
    value: Any = to_json(spec.default)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(f"`{one}`" for one in value)
    return "" if value in (None, "") else f"`{value}`".replace("|", "\\|")
