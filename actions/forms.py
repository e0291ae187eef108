"""Form fields from a kind's type hints: one declaration gives the form, its validation and its help."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms

from actions.hints import REQUIRED, FieldSpec, to_json
from actions.templated import check_template

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
    "file": forms.FileField,
}
"""A field for each type; ids of things in Kitsu and names of secrets are text until somebody offers choices."""


def form_field(spec: FieldSpec, *, kept_secret: bool = False) -> forms.Field:
    """A Django form field for one option or parameter; `kept_secret`: a value is kept, and is not shown."""
    about = spec.about
    more: dict[str, Any] = {
        "label": f"{spec.label} ({about.unit})" if about.unit else spec.label,
        "help_text": about.help,
        "required": spec.required and spec.type != "boolean" and not kept_secret,
    }
    if spec.default is not REQUIRED:
        more["initial"] = to_json(spec.default)
    if about.template:
        more["validators"] = [partial(check_template, syntax=about.template)]
    if spec.type in {"integer", "float", "decimal"}:
        more |= {"min_value": about.least, "max_value": about.most}
    if spec.type == "choice":
        more["choices"] = [("", "---------"), *spec.choices] if spec.optional and not spec.several else spec.choices
        return (forms.MultipleChoiceField if spec.several else forms.ChoiceField)(**more)
    if spec.type == "text":
        more["widget"] = forms.Textarea if about.long else forms.PasswordInput if about.secret else None
    if spec.several:
        return forms.JSONField(**more)
    return FIELDS.get(spec.type, forms.CharField)(**more)


def option_fields(specs: tuple[FieldSpec, ...], values: dict[str, Any]) -> dict[str, forms.Field]:
    """The fields of a kind's options, with the values that are kept."""
    fields = {}
    for spec in specs:
        kept_secret = spec.about.secret and spec.name in values
        fields[PREFIX + spec.name] = form_field(spec, kept_secret=kept_secret)
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
