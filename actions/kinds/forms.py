"""A kind's options as a form, and as JSON: one declaration gives the form, its validation and its help."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django import forms

from actions.kinds.fields import form_field
from actions.kinds.hints import FieldSpec, to_json

PREFIX = "option_"

Offer = Callable[[FieldSpec], Sequence[tuple[str, str]] | None]
"""What a field offers to choose from, if anything."""


def option_fields(specs: tuple[FieldSpec, ...], values: dict[str, Any], offer: Offer) -> dict[str, forms.Field]:
    """The fields of a kind's options, with the values that are kept."""
    fields = {}
    for spec in (one for one in specs if not one.about.hidden):
        kept_secret = spec.about.secret and spec.name in values
        fields[PREFIX + spec.name] = form_field(spec, offered=offer(spec), kept=kept_secret)
        if spec.name in values and not spec.about.secret:
            fields[PREFIX + spec.name].initial = values[spec.name]
    return fields


def kept_options(specs: tuple[FieldSpec, ...], cleaned: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The options as JSON, from cleaned fields; what was left empty stays with its default, a secret or hidden one as it was."""
    found = {}
    for spec in specs:
        value = cleaned.get(PREFIX + spec.name)
        if value in (None, "", []) and (spec.about.secret or spec.about.hidden) and spec.name in before:
            value = before[spec.name]
        if value in (None, "", []) and not spec.required:
            continue
        found[spec.name] = to_json(value)
    return found


def wrong_values(
    specs: tuple[FieldSpec, ...], values: Mapping[str, Any], fixed: Collection[str], *, asks: bool
) -> list[str]:
    """What is wrong with the values that an action gives its kind's parameters, and with what it does not ask.

    `fixed`: parameters that nobody is asked for; `asks`: whether anybody is there to be asked for the others.
    """
    known = {spec.name: spec for spec in specs}
    wrong = [f"There is no parameter {name!r}." for name in [*values, *fixed] if name not in known]
    for name, spec in known.items():
        if name in values:
            wrong += _wrong_value(spec, values[name])
        elif spec.required and (name in fixed or not asks):
            wrong.append(f"{spec.label}: nobody is asked for it, so give it a value.")
    return wrong


def _wrong_value(spec: FieldSpec, value: Any) -> list[str]:
    if spec.about.secret or spec.type == "file":
        return [f"{spec.label}: the registry keeps no secrets and no files. Let the person be asked."]
    try:
        form_field(spec).clean(value)
    except forms.ValidationError as error:
        return [f"{spec.label}: {' '.join(error.messages)}"]
    return []


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
