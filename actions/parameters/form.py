"""The form of a run's parameters: fields, their beginnings, and the answers as JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict

from actions.kinds.fields import form_field
from actions.kinds.hints import FieldSpec, to_json
from actions.parameters.choices import offered
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.masking import MASK

PREFIX = "param"
"""What the names of fields begin with: `param-name`."""


def removal(spec: FieldSpec) -> str:
    """The name of the box that takes a given file away again."""
    return f"{spec.name}-remove"


LONGEST_WORDS = 2000
"""Characters of one answer in the record's words."""

EMPTY: tuple[Any, ...] = (None, "", [], ())


class ParametersForm(forms.Form):
    """One field for each parameter that is asked for, under the parameter's own name."""

    specs: tuple[FieldSpec, ...] = ()
    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)


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


def in_words(form: ParametersForm) -> dict[str, str]:
    """The answers as the person saw them, by label, for the record; of a secret only that there was one."""
    said = {spec.label: _words(form, spec) for spec in form.specs}
    return {label: text for label, text in said.items() if text}


def _words(form: ParametersForm, spec: FieldSpec) -> str:
    value, field = form.cleaned_data.get(spec.name), form.fields[spec.name]
    if value in EMPTY or value is False:
        return ""
    if spec.about.secret:
        return MASK
    if isinstance(field, forms.ChoiceField):
        names = {str(key): str(name) for key, name in cast("Any", field.widget).choices}
        return ", ".join(names.get(one, one) for one in ([value] if isinstance(value, str) else value or ()))
    return "yes" if value is True else str(value)[:LONGEST_WORDS]
