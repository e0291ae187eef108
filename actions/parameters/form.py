"""The form of a run's parameters: fields, their beginnings, and the answers as JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from actions.fields import form_field
from actions.hints import FieldSpec, to_json
from actions.parameters.choices import offered
from kitsu_bridge.kitsu.interface import Kitsu

PREFIX = "param"
"""What the names of fields begin with: `param-name`."""


def removal(spec: FieldSpec) -> str:
    """The name of the box that takes a given file away again."""
    return f"{spec.name}-remove"


EMPTY: tuple[Any, ...] = (None, "", [], ())


class ParametersForm(forms.Form):
    """One field for each parameter that is asked for, under the parameter's own name."""

    specs: tuple[FieldSpec, ...] = ()


def form_class(
    specs: Sequence[FieldSpec], kitsu: Kitsu, project_ids: Collection[str], beginnings: Mapping[str, Any]
) -> type[ParametersForm]:
    """A form for these parameters, with choices read from Kitsu. Raises a `KitsuError` when they cannot be read."""
    fields: dict[str, Any] = {"specs": tuple(specs)}
    for spec in specs:
        within = beginnings.get(spec.about.within) if spec.about.within else None
        choices = offered(spec, kitsu, [within] if within else project_ids)
        field = form_field(spec, offered=choices, kept=spec.type == "file" and bool(beginnings.get(spec.name)))
        if spec.type == "file" and beginnings.get(spec.name) and not spec.required:
            fields[removal(spec)] = forms.BooleanField(
                required=False, label=f"Remove “{beginnings[spec.name]['name']}”"
            )
        if spec.name in beginnings and spec.type != "file" and not spec.about.secret:
            field.initial = beginnings[spec.name]
        fields[spec.name] = field
    for name in {spec.about.within for spec in specs} & set(fields):
        fields[name].widget.attrs["data-leads"] = ""
    return type("AskedForm", (ParametersForm,), fields)


def sent_choices(specs: Sequence[FieldSpec], sent: QueryDict) -> dict[str, Any]:
    """What was sent for fields that others are narrowed by, before any of it is checked."""
    leading = {spec.about.within for spec in specs if spec.about.within}
    return {name: sent.get(f"{PREFIX}-{name}", "") for name in leading}


def answers(form: ParametersForm) -> dict[str, Any]:
    """The answers of a checked form as JSON, without secrets and files.

    A text that was emptied stays empty; whatever else is empty is left out, and the handler's own default counts.
    """
    given = {}
    for spec in form.specs:
        value = form.cleaned_data.get(spec.name)
        if spec.name not in form.cleaned_data or spec.about.secret or spec.type == "file":
            continue
        if value in EMPTY and not (spec.type == "text" and not spec.optional) and not spec.several:
            continue
        given[spec.name] = to_json(value)
    return given
