"""Parameters that a program sends as JSON: the same checks as of the form that a person fills in."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any
from urllib.parse import unquote

from django import forms
from django.template.defaultfilters import filesizeformat

from actions.kinds.fields import form_field
from actions.kinds.hints import FieldSpec, to_json
from actions.parameters.asked import parameters_of
from audit.files import keep_file
from audit.models import Invocation, InvocationFile
from kitsu_bridge.kitsu.hold import hold_answers
from kitsu_bridge.kitsu.storable import storable
from kitsu_bridge.masking import MASK

EMPTY: tuple[Any, ...] = (None, "", [], ())

PLAIN: dict[str, type | tuple[type, ...]] = {
    "boolean": (bool, str),
    "integer": (int, str),
    "float": (int, float, str),
    "json": (dict, str),
    "list": (list, str),
}
"""What JSON may hold for a type; for every other one a text. A command line has texts only."""


YES_OR_NO = dict.fromkeys(("yes", "true", "on", "1"), True) | dict.fromkeys(("no", "false", "off", "0"), False)
"""How a boolean is written as text."""


class WrongParameters(Exception):
    """`fields`: what is wrong, by parameter."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__(" ".join(f"{name}: {text}" for name, text in fields.items()))


@dataclass(frozen=True, slots=True)
class SentFile:
    """The bytes of a file, and its name."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Given:
    """What was understood: values as the record keeps them, and apart what it never holds."""

    values: dict[str, Any]
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    files: dict[str, SentFile] = field(default_factory=dict, repr=False)


def given_by(definition: Mapping[str, Any], sent: Mapping[str, Any]) -> Given:
    """The parameters of this action from what was sent; what was not sent begins as in the form.

    Raises `WrongParameters` with everything that is wrong: unknown, set by the studio manager, missing, or of no use.
    """
    specs = {spec.name: spec for spec in parameters_of(definition)}
    fixed, begin = set(definition.get("fixed") or ()), definition.get("values") or {}
    wrong = {name: _unknown(name, specs) for name in sent if name not in specs}
    wrong |= {name: "The studio manager has set it; nobody is asked." for name in sent if name in fixed & set(specs)}
    given = Given({})
    for name, spec in specs.items():
        value = begin.get(name) if name in fixed or name not in sent else sent[name]
        try:
            _take(given, spec, value, asked=name not in fixed)
        except forms.ValidationError as error:
            wrong.setdefault(name, " ".join(error.messages))
    if wrong:
        raise WrongParameters(wrong)
    return given


def keep(invocation: Invocation, given: Given) -> None:
    """Keep files beside the record and secrets in the cache alone. Raises `FileTooLarge`."""
    for name, sent in given.files.items():
        kept = keep_file(invocation, sent.name, sent.content, "", InvocationFile.Origin.GIVEN)
        about = {"file": str(kept.pk), "name": kept.name, "size": kept.size, "content_type": ""}
        invocation.parameters = {**invocation.parameters, name: about}
    if given.files:
        Invocation.objects.filter(pk=invocation.pk).update(parameters=invocation.parameters)
    if given.secrets:
        hold_answers(str(invocation.pk), given.secrets)


def for_the_record(definition: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, as it may be written down: no secret, and of a file only how long its text was."""
    apart = {spec.name: spec for spec in parameters_of(definition) if spec.about.secret or spec.type == "file"}
    return {name: _shown(apart.get(name), value) for name, value in sent.items()}


def _shown(spec: FieldSpec | None, value: Any) -> Any:
    if spec is None:
        return value
    return MASK if spec.about.secret else f"({len(value) if isinstance(value, str) else 0:,} characters)"


def _unknown(name: str, specs: Mapping[str, FieldSpec]) -> str:
    return f"There is no such parameter; there are: {', '.join(specs)}." if specs else "This action has no parameters."


def _take(given: Given, spec: FieldSpec, value: Any, *, asked: bool) -> None:
    """Put one value where it belongs. Raises `ValidationError`."""
    if value in EMPTY:
        if spec.required and asked:
            raise forms.ValidationError("It is required.")
        if value == "" and spec.type == "text" and not spec.optional:
            given.values[spec.name] = ""
    elif spec.type == "file":
        given.files[spec.name] = _file(spec, value)
    else:
        cleaned = _cleaned(spec, value)
        if spec.about.secret:
            given.secrets[spec.name] = cleaned
        if cleaned not in EMPTY:
            given.values[spec.name] = MASK if spec.about.secret else to_json(cleaned)


def _cleaned(spec: FieldSpec, value: Any) -> Any:
    usual = (list,) if spec.several else PLAIN.get(spec.type, str)
    if spec.type not in {"choice"} and not isinstance(value, usual):
        raise forms.ValidationError(f"{type(value).__name__} is not what it takes.")
    if storable(value) != value:
        raise forms.ValidationError("It holds a NUL, or half of a character.")
    if spec.type == "boolean" and isinstance(value, str):
        return _yes_or_no(value)
    return form_field(spec).clean(value)


def _yes_or_no(text: str) -> bool:
    """Django would take `no` for a yes."""
    found = YES_OR_NO.get(text.strip().lower())
    if found is None:
        raise forms.ValidationError("Write yes or no.")
    return found


def _file(spec: FieldSpec, value: Any) -> SentFile:
    """Base64 alone, or a data URL (RFC 2397), which can give it a name: `data:image/png;name=a.png;base64,...`."""
    head, _, text = value.partition(",") if isinstance(value, str) and value.startswith("data:") else ("", "", value)
    try:
        content = base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise forms.ValidationError("Send the file's bytes as base64.") from None
    if len(content) > spec.about.largest:
        raise forms.ValidationError(f"It is larger than {filesizeformat(spec.about.largest)}.")
    said = [unquote(part[5:]) for part in head.split(";") if part.startswith("name=")]
    name = PurePath(storable(said[0]).replace("\\", "/")).name if said else ""
    if name and spec.about.accept and PurePath(name).suffix.lower() not in map(str.lower, spec.about.accept):
        raise forms.ValidationError(f"“{name}” is none of {', '.join(spec.about.accept)}.")
    return SentFile(name or spec.name, content)
