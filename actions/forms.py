"""A kind's options as a form, and as JSON: one declaration gives the form, its validation and its help."""

from __future__ import annotations

from typing import Any

from django import forms

from actions.fields import form_field
from actions.hints import FieldSpec, to_json

PREFIX = "option_"


def option_fields(specs: tuple[FieldSpec, ...], values: dict[str, Any]) -> dict[str, forms.Field]:
    """The fields of a kind's options, with the values that are kept."""
    fields = {}
    for spec in specs:
        kept_secret = spec.about.secret and spec.name in values
        fields[PREFIX + spec.name] = form_field(spec, kept=kept_secret)
        if spec.name in values and not spec.about.secret:
            fields[PREFIX + spec.name].initial = values[spec.name]
    return fields


def kept_options(specs: tuple[FieldSpec, ...], cleaned: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The options as JSON, from cleaned fields; what was left empty stays with its default, a secret as it was."""
    found = {}
    for spec in specs:
        value = cleaned.get(PREFIX + spec.name)
        if value in (None, "", []) and spec.about.secret and spec.name in before:
            value = before[spec.name]
        if value in (None, "", []) and not spec.required:
            continue
        found[spec.name] = to_json(value)
    return found


def wrong_options(specs: tuple[FieldSpec, ...], options: Any) -> list[str]:
    """What is wrong with stored options, each with the option's name; nothing when a form would take them."""
    if not isinstance(options, dict):
        return ["Write an object with the options' names."]
    known = {spec.name: spec for spec in specs}
    wrong = [f"There is no option {name!r}." for name in options if name not in known]
    for name, spec in known.items():
        try:
            form_field(spec).clean(options.get(name, None if spec.required else to_json(spec.default)))
        except forms.ValidationError as error:
            wrong.append(f"{spec.label}: {' '.join(error.messages)}")
    return wrong
