"""The part of an action's form about its parameters: with which value each begins, and whether the person is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from actions.kinds.fields import NOTHING, form_field
from actions.kinds.hints import FieldSpec, to_json
from actions.models import Action
from actions.parameters.choices import Choices, offered
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.studio import studio

VALUE, ASK = "value_", "ask_"
"""What the names of the two fields of a parameter begin with."""


def value_fields(specs: Sequence[FieldSpec], chosen: Action | None) -> dict[str, forms.Field]:
    """A value and a box for each parameter; of secrets and files only the box, since nobody can give them beforehand."""
    fields: dict[str, forms.Field] = {}
    values, fixed = (chosen.values, chosen.fixed) if chosen else ({}, [])
    for spec in specs:
        if may_be_given(spec):
            fields[VALUE + spec.name] = _value(spec, values)
        fields[ASK + spec.name] = forms.BooleanField(
            required=False, label="Ask the person", initial=spec.name not in fixed
        )
        if not may_be_given(spec):
            fields[ASK + spec.name].label = f"{spec.label}: ask the person"
    return fields


def kept_values(specs: Sequence[FieldSpec], cleaned: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The values as JSON, without what was left empty; and the names of those that nobody is asked for."""
    values = {}
    for spec in specs:
        value = cleaned.get(VALUE + spec.name)
        if value not in (None, "", [], ()) and not (value is False and spec.default is False):
            values[spec.name] = to_json(value)
    return values, [spec.name for spec in specs if not cleaned.get(ASK + spec.name)]


def may_be_given(spec: FieldSpec) -> bool:
    """Whether the registry may hold a value for it."""
    return not spec.about.secret and spec.type != "file"


def choices_of(spec: FieldSpec) -> Choices | None:
    """What Kitsu has for an option or a value, over all productions; None where there is nothing to choose or Kitsu is away."""
    try:
        return offered(spec, studio().bot(), ())
    except KitsuError:
        return None


def rows_of(specs: Sequence[FieldSpec]) -> tuple[Any, ...]:
    """The fields as the admin lays them out: a value and its box in one row."""
    return tuple((VALUE + spec.name, ASK + spec.name) if may_be_given(spec) else ASK + spec.name for spec in specs)


def _value(spec: FieldSpec, values: dict[str, Any]) -> forms.Field:
    field = form_field(spec, offered=choices_of(spec))
    field.required = False
    if isinstance(field, forms.ChoiceField) and not spec.several and NOTHING not in list(field.widget.choices):
        field.choices = [NOTHING, *field.widget.choices]
    if spec.name in values:
        field.initial = values[spec.name]
    return field
