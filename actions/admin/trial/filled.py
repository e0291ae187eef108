"""What the templates of a form become, and what every variable stands for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from actions.admin.asked import VALUE
from actions.contract import ActionError, Call
from actions.filling import Variables, aliases_of, names, of_task
from actions.filling.filters import text_of
from actions.filling.trying import tried
from actions.kinds.forms import PREFIX
from actions.kinds.hints import FieldSpec
from actions.registry import Kind
from kitsu_bridge.kitsu.errors import KitsuError


@dataclass(frozen=True, slots=True)
class Filled:
    """One template: the field that it stands in, what it becomes, or what is wrong with it."""

    field: str
    text: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One variable with its value on this task; without one, why. `note`: what it is."""

    name: str
    note: str
    text: str = ""
    trouble: str = ""


def templates_of(kind: Kind | None) -> dict[str, FieldSpec]:
    """The fields of an action's form that are templates: options, and the values with which parameters begin."""
    parts = ((PREFIX, kind.options), (VALUE, kind.parameters)) if kind else ()
    return {prefix + spec.name: spec for prefix, specs in parts for spec in specs if spec.about.template}


def filled_fields(kind: Kind | None, sent: Mapping[str, str], variables: Variables | None) -> list[Filled]:
    """Every field that is a template, as the form has it at this moment; a parameter left empty, as the kind begins it."""
    return [
        filled(
            name,
            sent.get(name) or _beginning(name, spec),
            spec.about.template,
            spec.type,
            variables,
            sent.get(PREFIX + spec.about.aliases, "") if spec.about.aliases else "",
        )
        for name, spec in templates_of(kind).items()
    ]


def _beginning(name: str, spec: FieldSpec) -> str:
    return spec.default if name.startswith(VALUE) and isinstance(spec.default, str) else ""


def filled(field: str, template: str, syntax: str, kind: str, variables: Variables | None, aliases: str = "") -> Filled:
    """One of them; nothing for an empty one. `aliases`: lines with other names for what Kitsu names."""
    if not template.strip():
        return Filled(field)
    try:
        known = variables and variables.called(aliases_of(aliases))
        return Filled(field, tried(_items(template) if kind == "list" else template, syntax, known))
    except (ActionError, KitsuError) as error:
        return Filled(field, trouble=str(error))


def _items(written: str) -> list[str]:
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ActionError('Write a list of texts: ["--shot", "{entity_name}"].')
    return found


def table_of(call: Call) -> list[Line]:
    """All variables with their values for the call's one task."""
    variables, task = of_task(call, call.tasks[0]), call.tasks[0]
    fields = {
        "data.<field>": task.entity.record,
        "task.data.<field>": task.record,
        "project.data.<field>": task.project.record,
    }
    lines = []
    for one in names():
        if one.name in fields:
            data = fields[one.name].get("data") or {}
            found = [one.name.replace("<field>", str(key)) for key in data][:MOST_FIELDS]
            lines += [_line(name, one.sentence, variables) for name in found]
        else:
            lines.append(_line(one.name, one.sentence, variables))
    return lines


MOST_FIELDS = 100
"""Metadata fields that are listed of each row."""


def _line(name: str, note: str, variables: Variables) -> Line:
    try:
        value, why = variables.read(name)
    except KitsuError as error:
        return Line(name, note, trouble=str(error))
    return Line(name, note, text_of(value), "" if value else why or "it is empty")
