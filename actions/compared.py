"""An action as it was when it was run, beside the action as it is now: field by field, in words."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from actions.kinds.hints import FieldSpec
from actions.models import DEFINITION, Action
from actions.parameters.choices import offered
from actions.registry import kinds
from audit.models import Event, Invocation
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.masking import MASK, masked

LONGEST = 20_000
"""Characters of one value that are compared line by line."""

CHANGES_SHOWN = 20

WHAT_IT_DOES = ("kind", "options", "values", "fixed", "time_limit", "tell_with", "tell_when")
"""Of a definition: what decides what a run does. All else names it, says who may run it, and how it is let in."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a value: `old`, `new`, or in both where both are the same."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, as it was and as it is; `lines` where it is a longer text that changed."""

    name: str
    label: str
    then: str
    now: str
    changed: bool
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """All fields. `action` is None when it is gone; `another`: what has its name now was made after the run."""

    action: Action | None
    another: bool
    fields: tuple[Difference, ...]
    history: tuple[Event, ...]

    @property
    def changed(self) -> list[Difference]:
        """What is not as it was."""
        return [field for field in self.fields if field.changed]

    @property
    def same(self) -> list[Difference]:
        """What is as it was."""
        return [field for field in self.fields if not field.changed]


def compared(invocation: Invocation, kitsu: Kitsu | None = None) -> Compared:
    """The definition that the run took with it, beside today's. `kitsu`: as the reader sees it, for the names of ids."""
    action = Action.objects.filter(slug=invocation.action_slug).first() if invocation.action_slug else None
    then = invocation.definition
    fields = _fields(then, action.definition() if action else then, _Names(kitsu))
    history = _since(action, invocation) if action else ()
    return Compared(action, bool(action and action.created_at > invocation.received_at), tuple(fields), history)


def differs(invocation: Invocation, action: Action) -> list[str]:
    """Labels of what the action does differently now; empty when a run of today does the same."""
    fields = _fields(invocation.definition, action.definition(), _Names(None))
    return [field.label for field in fields if field.changed and field.name.partition(".")[0] in WHAT_IT_DOES]


def _since(action: Action, invocation: Invocation) -> tuple[Event, ...]:
    rows = Event.objects.filter(subject=action.subject, at__gt=invocation.received_at)
    return tuple(rows.order_by("-pk")[:CHANGES_SHOWN])


def _fields(then: Mapping[str, Any], now: Mapping[str, Any], names: _Names) -> list[Difference]:
    found: list[Difference] = []
    for name in (one for one in DEFINITION if one in then):
        if name in NESTED:
            found += _of_nested(name, then, now, names)
        else:
            found.append(_difference(name, _label(name), then[name], now[name], names.of_field(name)))
    return found


def _of_nested(name: str, then: Mapping[str, Any], now: Mapping[str, Any], names: _Names) -> list[Difference]:
    """Options and values, each by the label of the kind's own form."""
    old, new = dict(then[name] or {}), dict(now[name] or {})
    specs = _specs(name, now["kind"]) | _specs(name, then["kind"])
    found = []
    for key in dict.fromkeys([*(key for key in specs if key in old or key in new), *old, *new]):
        spec = specs.get(key)
        label = f"{NESTED[name]}: {spec.label if spec else key}"
        secret = spec is not None and spec.about.secret
        found.append(
            _difference(f"{name}.{key}", label, old.get(key), new.get(key), names.of_spec(spec), secret=secret)
        )
    return found


def _difference(
    name: str, label: str, then: Any, now: Any, names: Mapping[str, str], *, secret: bool = False
) -> Difference:
    """Of a secret it is only said whether it is another one now."""
    old, new = (_shown(name, value, names, secret) for value in (then, now))
    changed = then != now and not (then in EMPTY and now in EMPTY)
    longer = changed and not secret and ("\n" in old or "\n" in new)
    return Difference(name, label, old, new, changed, tuple(_lines(old, new)) if longer else ())


def _shown(name: str, value: Any, names: Mapping[str, str], secret: bool) -> str:
    if secret and value not in EMPTY:
        return MASK
    key = name.rpartition(".")[2]
    return _text(masked({key: value})[key], names)


def _lines(old: str, new: str) -> list[Line]:
    marks = {"- ": "old", "+ ": "new", "  ": ""}
    compared_lines = difflib.ndiff(old[:LONGEST].splitlines(), new[:LONGEST].splitlines())
    return [Line(line[2:], marks[line[:2]]) for line in compared_lines if line[:2] in marks]


def _text(value: Any, names: Mapping[str, str]) -> str:
    """A value as a person reads it: words for yes and no, names for ids, JSON only for what is nested."""
    if value in EMPTY:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return ", ".join(names.get(str(item), str(item)) for item in value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    return names.get(str(value), str(value))


def _label(name: str) -> str:
    return str(capfirst(FIELDS[name].verbose_name))


def _specs(name: str, kind: str) -> dict[str, FieldSpec]:
    found = kinds().get(kind)
    if found is None:
        return {}
    return {spec.name: spec for spec in (found.options if name == "options" else found.parameters)}


class _Names:
    """Names for ids of Kitsu's, as far as the one who reads may see them; asked once a type, and only when needed."""

    OF_FIELDS = {"projects": "project", "departments": "department"}

    def __init__(self, kitsu: Kitsu | None) -> None:
        self._kitsu = kitsu
        self._known: dict[str, dict[str, str]] = {}

    def of_field(self, name: str) -> Mapping[str, str]:
        if name in self.OF_FIELDS:
            return self._of_type(FieldSpec(name, self.OF_FIELDS[name]))
        return {str(value): str(label) for value, label in FIELDS[name].flatchoices}

    def of_spec(self, spec: FieldSpec | None) -> Mapping[str, str]:
        if spec is None:
            return {}
        return dict(spec.choices) if spec.choices else self._of_type(spec)

    def _of_type(self, spec: FieldSpec) -> Mapping[str, str]:
        if self._kitsu is None:
            return {}
        if spec.type not in self._known:
            try:
                self._known[spec.type] = dict(offered(spec, self._kitsu, ()) or ())
            except KitsuError:  # The ids stand there then.
                self._known[spec.type] = {}
        return self._known[spec.type]


FIELDS = {field.name: field for field in Action._meta.fields}
EMPTY: Sequence[Any] = (None, "", [], {}, ())
NESTED = {"options": "Option", "values": "Parameter"}
