"""The form of an action: every field with its own widget, the options from the kind's type hints, checked together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from unfold.widgets import (
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from actions.forms import kept_options, option_fields
from actions.models import Action
from actions.registry import Kind, kinds
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.people import ROLES
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.templatetags.people import ROLE_NAMES

WHAT = ("name", "slug", "kind", "description", "enabled", "order")
WHO = ("trust", "roles", "departments", "projects", "entity_types", "largest_selection")
HOW = ("background", "confirm_first", "double_click_window", "queue", "time_limit", "worker_lost")
"""The fields in the parts of the form."""

ENTITY_TYPES = [(name, name.title()) for name in ("asset", "shot", "sequence", "episode", "edit", "concept")]


class ActionForm(forms.ModelForm):  # type: ignore[type-arg]
    """An action as a studio manager sets it up."""

    entity_types = forms.MultipleChoiceField(choices=ENTITY_TYPES, required=False, widget=forms.CheckboxSelectMultiple)
    roles = forms.MultipleChoiceField(
        choices=[(role, ROLE_NAMES[role]) for role in ROLES], required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Action
        fields = (*WHAT, *WHO, *HOW)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("entity_types", "roles", "projects", "departments"):
            usual = Action._meta.get_field(name).help_text  # type: ignore[union-attr]
            self.fields[name].help_text = f"{usual} {self.fields[name].help_text}".strip()
        self.kind = kinds().get(str(self.data.get("kind") or self.initial.get("kind") or _first_kind()))

    def clean(self) -> dict[str, Any]:
        """What contradicts itself is said beside the field."""
        cleaned = super().clean() or {}
        kind = kinds().get(cleaned.get("kind", ""))
        if kind is not None and kind.error:
            self.add_error("kind", f"The file of this kind is broken: {kind.error.strip().splitlines()[-1]}")
        if cleaned.get("background") and kind is not None and kind.opens_in_browser:
            self.add_error(
                "background", "This kind opens something in the browser, and Kitsu throws away what AJAX answers."
            )
        if cleaned.get("background") and cleaned.get("confirm_first"):
            self.add_error("confirm_first", "Nobody would see the question: it runs in the background.")
        if kind is not None:
            self.instance.options = kept_options(kind.options, cleaned)
        return cleaned


def _first_kind() -> str:
    return next(iter(kinds()), "")


def form_for(kind: Kind | None, options: dict[str, Any], chosen: Action | None) -> type[ActionForm]:
    """The form class for one kind: with a field for each of its options, and choices read from Kitsu."""
    fields: dict[str, Any] = option_fields(kind.options, options) if kind else {}
    for field in fields.values():
        dress(field)
    fields["kind"] = forms.ChoiceField(choices=lazy(kind_choices, list)(), widget=UnfoldAdminSelectWidget)
    fields["queue"] = forms.ChoiceField(
        choices=[("", f"{settings.QUEUES[0]} (the first of QUEUES)"), *((name, name) for name in settings.QUEUES)],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    for name, read in (("projects", _projects), ("departments", _departments)):
        fields[name] = _from_kitsu(read, getattr(chosen, name, []) or [])
    return type("ActionForm", (ActionForm,), fields)


def kind_choices() -> list[tuple[str, str]]:
    """Every kind with its title; a broken one says so."""
    return [(kind.name, f"{kind.title} (broken)" if kind.error else kind.title) for kind in kinds().values()]


def dress(field: forms.Field) -> None:
    """The admin's look for a field of ours."""
    looks = {forms.TextInput: UnfoldAdminTextInputWidget, forms.Textarea: UnfoldAdminTextareaWidget}
    if look := looks.get(type(field.widget)):
        field.widget = look()


def _from_kitsu(read: Any, kept: list[str]) -> forms.MultipleChoiceField:
    """Choices with names from Kitsu; what is kept stays choosable when Kitsu is away, by its id."""
    try:
        choices, away = read(), ""
    except KitsuError as error:
        choices, away = [], f"{error} Names are missing until it is back; what was chosen stays."
    known = {value for value, _ in choices}
    choices += [(value, value) for value in kept if value not in known]
    return forms.MultipleChoiceField(
        choices=choices, required=False, help_text=away, widget=UnfoldAdminSelectMultipleWidget
    )


def _projects() -> list[tuple[str, str]]:
    return sorted(((row["id"], row["name"]) for row in studio().bot().open_projects()), key=lambda pair: pair[1])


def _departments() -> list[tuple[str, str]]:
    return sorted(((row["id"], row["name"]) for row in studio().bot().departments()), key=lambda pair: pair[1])
