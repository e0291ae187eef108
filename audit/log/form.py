"""The parameters by which the log is asked; their names are stable, and documented in docs/log.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from audit.log.spans import MomentField, SpanField
from audit.states import Door, State, Trust

UNKNOWN = "unknown"
NONE = "-"
"""Asks for what has no kind, as it named no action; or no production, as no task of it was read."""

TRUSTS = [(value or UNKNOWN, label) for value, label in Trust.choices]


class Text(forms.CharField):
    """A short text of a person; what no database keeps is left out."""

    def __init__(self, label: str, help_text: str = "", most: int = 200, **kwargs: Any) -> None:
        super().__init__(label=label, help_text=help_text, max_length=most, required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        """Without NUL and half surrogates."""
        text = str(super().to_python(value) or "").replace("\x00", "")
        return text.encode("utf-8", "ignore").decode().strip()


class Several(forms.MultipleChoiceField):
    """Any of some words; none means all."""

    def __init__(self, label: str, choices: Any) -> None:
        super().__init__(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)

    def validate(self, value: Any) -> None:
        """Says which words there are."""
        known = dict(cast("Iterable[tuple[str, str]]", self.choices))
        if wrong := [one for one in value if one not in known]:
            raise forms.ValidationError(f"“{wrong[0][:40]}” is none of: {', '.join(sorted(known))}.")


class FiltersForm(forms.Form):
    """What can be asked for. Nothing is required."""

    q = Text("Search", "Words from names and messages (SH0* begins so); or an invocation's or a task's id.")
    action = Text("Action", "Name or slug.")
    kind = Text("Kind", "Such as playlist; - for none.", 80)
    person = Text("Person", "Name, e-mail or id.")
    mine = forms.BooleanField(label="Only mine", required=False)
    trust = Several("Trust", TRUSTS)
    production = Text("Production", "Name or id; - for none.")
    entity = Text("Shot, asset or task", "Words of its name (SH0* begins so), or a task's id.")
    state = Several("State", State.choices)
    door = Several("Door", Door.choices)
    code = Text("Reason code", "Such as unknown_action.", 40)
    error = Text("Error text", "Words from the message of what was refused or did not go well.")
    since = MomentField(label="Since", required=False, max_length=40, help_text="2026-11-20, 2026-11-20 14:00 or 7d.")
    until = MomentField(
        label="Until", required=False, max_length=40, end=True, help_text="The same; a day counts to its end."
    )
    longer = SpanField(label="Ran at least", required=False, max_length=40, help_text="90 (seconds), 5m or 1h30m.")
    shorter = SpanField(label="Ran at most", required=False, max_length=40, help_text="The same.")

    def texts(self) -> list[forms.BoundField]:
        """Fields in which one writes, but for the search."""
        return [field for field in self if field.name not in {"q", "mine"} and not isinstance(field.field, Several)]

    def several(self) -> list[forms.BoundField]:
        """Fields in which one chooses."""
        return [field for field in self if isinstance(field.field, Several)]
