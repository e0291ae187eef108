"""Form fields from a kind's type hints: one declaration gives the form, its validation and its help."""

from __future__ import annotations

from typing import Any

from django import forms

from actions.hints import REQUIRED, FieldSpec, from_json, to_json

PREFIX = "option_"

FIELDS: dict[str, type[forms.Field]] = {
    "text": forms.CharField,
    "integer": forms.IntegerField,
    "float": forms.FloatField,
    "decimal": forms.DecimalField,
    "boolean": forms.BooleanField,
    "date": forms.DateField,
    "time": forms.TimeField,
    "datetime": forms.DateTimeField,
    "json": forms.JSONField,
    "list": forms.JSONField,
    "choice": forms.ChoiceField,
    "choices": forms.MultipleChoiceField,
}


def form_field(spec: FieldSpec) -> forms.Field:
    """A Django form field for one option or parameter."""
    about = spec.about
    more: dict[str, Any] = {
        "label": f"{spec.label} ({about.unit})" if about.unit else spec.label,
        "help_text": about.help,
        "required": spec.required and spec.type != "boolean",
    }
    if spec.default is not REQUIRED:
        more["initial"] = to_json(spec.default)
    if spec.type in {"integer", "float", "decimal"}:
        more |= {"min_value": about.least, "max_value": about.most}
    if spec.type in {"choice", "choices"}:
        more["choices"] = spec.choices
    if spec.type == "text":
        more["widget"] = forms.Textarea if about.long else forms.PasswordInput if about.secret else None
    return FIELDS[spec.type](**more)


def option_fields(specs: tuple[FieldSpec, ...], values: dict[str, Any]) -> dict[str, forms.Field]:
    """The fields of a kind's options, with the values that are kept."""
    fields = {}
    for spec in specs:
        fields[PREFIX + spec.name] = form_field(spec)
        if spec.name in values:
            fields[PREFIX + spec.name].initial = from_json(spec, values[spec.name])
    return fields


def kept_options(specs: tuple[FieldSpec, ...], cleaned: dict[str, Any]) -> dict[str, Any]:
    """The options as JSON, from cleaned fields; what was left empty stays with its default."""
    found = {}
    for spec in specs:
        value = cleaned.get(PREFIX + spec.name)
        if value in (None, "", []) and not spec.required:
            continue
        found[spec.name] = to_json(value)
    return found
