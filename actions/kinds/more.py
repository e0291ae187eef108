"""Fields that a kind finds out about while its form is open, such as the settings of a farm's job type; see `MoreOptions`.

Their values stand together in one option, as an object of JSON. What has no field there, or does not fit it, stays in that
object for people to read and change: nothing that somebody typed is lost when the fields change, or cannot be found out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django import forms
from django.http import QueryDict
from django.utils.html import escape

from actions.contract import ActionError, MoreOptions
from actions.kinds.fields import form_field
from actions.kinds.forms import PREFIX
from actions.kinds.hints import FieldSpec, UnknownHint, field_of, from_json, to_json
from actions.kinds.sent_json import read_json
from actions.kinds.settings import settings_for_kinds
from actions.registry import Kind

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class More:
    """What a kind found out, with its fields read. `trouble`: why it could not."""

    said: MoreOptions
    specs: Mapping[str, FieldSpec]

    @property
    def prefix(self) -> str:
        """What the names of its form fields begin with."""
        return f"more_{self.said.into}__"

    def fields(self, options: Mapping[str, Any]) -> dict[str, forms.Field]:
        """The form fields, and with them the option that holds the rest; with the values that are kept."""
        values, _ = self.parted(_object(options.get(self.said.into)) or {})
        made = {}
        for key, spec in self.specs.items():
            made[self.prefix + key] = one = form_field(spec)
            one.help_text = escape(one.help_text)  # It comes from outside, and the admin shows help as it is.
            one.initial = values.get(key, one.initial)
        return made

    def parted(self, whole: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
        """An object in two: the values that fields can show, as texts, and the rest."""
        shown = {key: str(value) for key, value in whole.items() if key in self.specs and _fits(self.specs[key], value)}
        return shown, {key: value for key, value in whole.items() if key not in shown}

    def rest(self, options: Mapping[str, Any]) -> str | None:
        """What the option shows while the fields show their part; None where it holds no object."""
        whole = _object(options.get(self.said.into))
        return None if whole is None else written(self.parted(whole)[1])

    def settled(self, sent: QueryDict) -> QueryDict:
        """What was sent, with every value in its field where the form has one now, and else in the option."""
        whole = _object(sent.get(PREFIX + self.said.into))
        if whole is None:
            return sent
        typed = {
            name.removeprefix(self.prefix): str(value)
            for name, value in sent.items()
            if name.startswith(self.prefix) and value
        }
        whole |= {key: value for key, value in typed.items() if key not in self.specs}
        shown, _ = self.parted({key: value for key, value in whole.items() if key not in typed})
        found = sent.copy()
        for key, text in shown.items():
            found[self.prefix + key] = text
        found[PREFIX + self.said.into] = written({key: value for key, value in whole.items() if key not in shown})
        return found

    def joined(self, cleaned: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """Options with the values of the fields in the one that holds them, and with what is kept unseen."""
        whole = _object(options.get(self.said.into))
        if whole is None:
            return {**options}
        for key, spec in self.specs.items():
            value = cleaned.get(self.prefix + key)
            if value not in (None, ""):
                whole[key] = to_json(from_json(spec, value))
        return {**options, **self.said.kept, **({self.said.into: written(whole)} if whole else {})}

    def twice(self, cleaned: Mapping[str, Any]) -> list[str]:
        """Keys that have a value in their field and another one in the option."""
        rest = _object(cleaned.get(PREFIX + self.said.into)) or {}
        return [key for key in self.specs if key in rest and cleaned.get(self.prefix + key) not in (None, "")]


def more_of(kind: Kind | None, values: Mapping[str, Any]) -> More | None:
    """What a kind finds out from options as they are at this moment; None for a kind that looks for nothing."""
    if kind is None or kind.more_options is None:
        return None
    try:
        said = kind.more_options(values, settings_for_kinds())
        return More(said, {name: field_of(name, hint) for name, hint in said.fields.items()})
    except (ActionError, UnknownHint) as error:
        trouble = str(error)
    except Exception as error:  # A studio's own kind must not take the form down.
        log.exception("The further options could not be found out", kind=kind.name)
        trouble = f"The kind itself fails at these options: {type(error).__name__}."
    return More(MoreOptions("", said=trouble), {})


def written(whole: Mapping[str, Any]) -> str:
    """An object as people read it."""
    return json.dumps(whole, indent=2, ensure_ascii=False)


def _object(text: Any) -> dict[str, Any] | None:
    """The object in an option; None for what is none."""
    try:
        found = read_json(str(text or "{}"))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _fits(spec: FieldSpec, value: Any) -> bool:
    """Whether a field can show it and give it back."""
    if not isinstance(value, bool | int | float | str):
        return False
    try:
        form_field(spec).clean(str(value))
    except forms.ValidationError:
        return False
    return True
