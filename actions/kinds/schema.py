"""A kind's parameters as JSON Schema (draft 2020-12): what a program is told that a person sees as a form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.kinds.hints import REQUIRED, FieldSpec, to_json

DRAFT = "https://json-schema.org/draft/2020-12/schema"

TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "float": {"type": "number"},
    "decimal": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "time"},
    "datetime": {"type": "string", "format": "date-time"},
    "json": {"type": "object"},
    "list": {"type": "array"},
    "choice": {},
    "secret": {"type": "string"},
    "file": {"type": "string", "contentEncoding": "base64"},
}
"""What JSON has for a type of ours; everything else is the id of something in Kitsu."""

ID = {"type": "string", "format": "uuid"}


def json_schema(specs: Sequence[FieldSpec]) -> dict[str, Any]:
    """The schema of an object with these parameters."""
    return {
        "$schema": DRAFT,
        "type": "object",
        "properties": {spec.name: _property(spec) for spec in specs},
        "required": [spec.name for spec in specs if spec.required],
        "additionalProperties": False,
    }


def _property(spec: FieldSpec) -> dict[str, Any]:
    about = spec.about
    one = dict(TYPES.get(spec.type, ID))
    bounds = {"minimum": about.least, "maximum": about.most}
    one |= {name: bound for name, bound in bounds.items() if bound is not None and spec.type in {"integer", "float"}}
    if spec.choices:
        one["enum"] = [to_json(value) for value in spec.values] or [value for value, _ in spec.choices]
    if spec.optional and not spec.several:
        one = {"anyOf": [one, {"type": "null"}]}
    found: dict[str, Any] = {"type": "array", "items": one, "uniqueItems": True} if spec.several else one
    found |= {"title": spec.label, "description": _described(spec)}
    if spec.about.secret:
        found["writeOnly"] = True
    if spec.default not in (REQUIRED, None):
        found["default"] = to_json(spec.default)
    if spec.type not in TYPES:
        found["x-kitsu"] = spec.type
    return {name: value for name, value in found.items() if value != ""}


def _described(spec: FieldSpec) -> str:
    unit = f"In {spec.about.unit}." if spec.about.unit else ""
    return " ".join(part for part in (spec.about.help, unit) if part)
