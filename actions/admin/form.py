"""The form of an action: every field with its own widget, the options from the kind's type hints, checked together."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.utils import ErrorDict
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.text import capfirst
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from actions.admin.asked import VALUE, choices_of, kept_values, value_fields
from actions.admin.more import LOOK
from actions.admin.trial.filled import templates_of
from actions.approvals.rules import WHO as APPROVERS
from actions.kinds.forms import PREFIX, kept_options, option_fields
from actions.kinds.hints import FieldSpec
from actions.kinds.more import More
from actions.kinds.settings import settings_for_kinds
from actions.kinds.switches import switched_on
from actions.models import Action
from actions.registry import Kind, kinds
from actions.rules import ENTITY_TYPES
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.people import ROLES, Person
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.templatetags.people import ROLE_NAMES

WHAT = ("name", "slug", "kind", "description", "enabled", "order")
WHO = ("trust", "roles", "departments", "projects", "entity_types", "largest_selection")
HOW = ("background", "confirm_first", "type_count_above", "double_click_window", "queue", "time_limit", "worker_lost")
CONSENT = ("approvers", "approver_ids", "approvals_needed", "approval_hours")
GUARDS = ("concurrency", "concurrency_scope")
FEEDBACK = ("tell_with", "tell_when")
"""The fields in the parts of the form."""


class ActionForm(forms.ModelForm):  # type: ignore[type-arg]
    """An action as a studio manager sets it up."""

    entity_types = forms.MultipleChoiceField(
        choices=[(name, name.title()) for name in ENTITY_TYPES], required=False, widget=forms.CheckboxSelectMultiple
    )
    roles = forms.MultipleChoiceField(
        choices=[(role, ROLE_NAMES[role]) for role in ROLES], required=False, widget=forms.CheckboxSelectMultiple
    )

    approvers = forms.MultipleChoiceField(
        choices=[(word, words[0].capitalize()) for word, words in APPROVERS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    templates: list[str] = []
    """Names of the fields that are templates."""
    more: More | None = None
    """What the kind found out about this form."""

    class Meta:
        model = Action
        fields = (*WHAT, *WHO, *HOW, *CONSENT, *GUARDS, *FEEDBACK)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(self.more.settled(data) if self.more and data else data, *args, **kwargs)
        for name in ("entity_types", "roles", "projects", "departments", "approvers", "approver_ids"):
            usual = Action._meta.get_field(name).help_text  # type: ignore[union-attr]
            self.fields[name].help_text = f"{usual} {self.fields[name].help_text}".strip()
        for name in ("type_count_above", *CONSENT[2:], "concurrency", "concurrency_scope", "tell_when"):
            self.fields[name].required = False  # What a form leaves out has its default.
        self.kind = kinds().get(str(self.data.get("kind") or self.initial.get("kind") or first_kind()))

    @property
    def only_looks(self) -> bool:
        """Whether it was sent to be shown anew with what the kind finds out now, and not to be saved."""
        return LOOK in self.data

    def is_valid(self) -> bool:
        """Never where it is only shown anew."""
        return not self.only_looks and super().is_valid()

    def full_clean(self) -> None:
        """Nothing is wrong yet with what is only shown anew."""
        if not self.only_looks:
            super().full_clean()
            return
        self._errors, self.cleaned_data = ErrorDict(), {}

    def clean_type_count_above(self) -> int:
        """Empty is never."""
        return self.cleaned_data["type_count_above"] or 0

    def clean_approvals_needed(self) -> int:
        """Empty is one."""
        return self.cleaned_data["approvals_needed"] or 1

    def clean_approval_hours(self) -> int:
        """Empty is the default."""
        return self.cleaned_data["approval_hours"] or self.instance.approval_hours or 48

    def clean(self) -> dict[str, Any]:
        """The options become the instance's before the model's own checks look at them."""
        cleaned = super().clean() or {}
        kind = kinds().get(cleaned.get("kind", ""))
        if kind is not None:
            self.instance.options = kept_options(kind.options, cleaned, self.instance.options)
            self._join_more(cleaned)
            self.instance.values, self.instance.fixed = kept_values(kind.parameters, cleaned)
        return cleaned

    def _join_more(self, cleaned: dict[str, Any]) -> None:
        if self.more is None:
            return
        self.instance.options = self.more.joined(cleaned, self.instance.options)
        for key in self.more.twice(cleaned):
            self.add_error(self.more.prefix + key, "It has another value below: take one of them away.")

    def _update_errors(self, errors: ValidationError) -> None:
        """What the model says of an option stands at that option, and what names none of them above the form."""
        if hasattr(errors, "error_dict"):
            about = [*errors.error_dict.pop("options", []), *errors.error_dict.pop("values", [])]
            for text in ValidationError(about).messages:
                name, sentence = self._field_of(text)
                if name not in (self._errors or {}):  # Else the field has said it itself.
                    errors.error_dict.setdefault(name, []).append(ValidationError(sentence))
        super()._update_errors(errors)  # type: ignore[misc]

    def _field_of(self, text: str) -> tuple[str, str]:
        """The field that `Label: sentence` or `name: sentence` is about."""
        start, colon, sentence = text.partition(": ")
        kind = self.kind if colon else None
        for prefix, specs in ((PREFIX, kind.options), (VALUE, kind.parameters)) if kind else ():
            for spec in specs:
                if start in {spec.label, spec.name} and prefix + spec.name in self.fields:
                    return prefix + spec.name, sentence
        if self.more and start in self.more.specs:
            return self.more.prefix + start, sentence
        return NON_FIELD_ERRORS, text


def first_kind() -> str:
    """What a new action begins as: the first kind that can be saved as it stands."""
    ready = (kind.name for kind in kinds().values() if not kind.error and not any(one.required for one in kind.options))
    return next(ready, next(iter(kinds()), ""))


def form_for(
    kind: Kind | None, options: dict[str, Any], chosen: Action | None, more: More | None = None
) -> type[ActionForm]:
    """The form class for one kind: with a field for each of its options, and choices read from Kitsu."""
    fields: dict[str, Any] = {}
    if kind:
        fields |= option_fields(kind.options, options, lambda spec: offered_by(more, spec, options) or choices_of(spec))
        fields |= value_fields(kind.parameters, chosen)
    if more:
        fields |= more_fields(more, options, fields)
    for field in fields.values():
        dress(field)
    templates = [name for name in templates_of(kind) if name in fields]
    for name in templates:
        show_filled(fields[name], name, kind, chosen)
    fields |= _every_action(chosen)
    return type("ActionForm", (ActionForm,), {**fields, "templates": templates, "more": more})


def _every_action(chosen: Action | None) -> dict[str, forms.Field]:
    """What each action is asked, of whatever kind, where the choices are known only now."""
    fields: dict[str, forms.Field] = {}
    fields["kind"] = forms.ChoiceField(choices=lazy(kind_choices, list)(), widget=UnfoldAdminSelectWidget)
    fields["queue"] = forms.ChoiceField(
        choices=[("", f"{settings.QUEUES[0]} (the first of QUEUES)"), *((name, name) for name in settings.QUEUES)],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    fields["tell_with"] = forms.ChoiceField(
        choices=_who_tells(chosen),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=Action._meta.get_field("tell_with").help_text,
    )
    for name, read in (("projects", _projects), ("departments", _departments), ("approver_ids", _persons)):
        fields[name] = _from_kitsu(read, getattr(chosen, name, []) or [])
        fields[name].label = capfirst(str(Action._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    return fields


def more_fields(more: More, options: dict[str, Any], fields: dict[str, Any]) -> dict[str, forms.Field]:
    """The fields that the kind found out; the option that holds their values shows the rest of them."""
    rest = more.rest(options)
    if rest is not None and PREFIX + more.said.into in fields:
        fields[PREFIX + more.said.into].initial = rest
    for name in more.said.reads:
        if PREFIX + name in fields:
            fields[PREFIX + name].widget.attrs["data-looks"] = LOOK
    return more.fields(options)


def offered_by(more: More | None, spec: FieldSpec, options: dict[str, Any]) -> list[tuple[str, str]] | None:
    """The choices that the kind found for an option; what is kept and not among them stays choosable, and says so."""
    found = list(more.said.offered.get(spec.name, ())) if more else []
    kept = options.get(spec.name)
    if found and kept and kept not in {value for value, _ in found}:
        found.append((str(kept), f"{kept} (is not there)"))
    return found or None


def kind_choices() -> list[tuple[str, str]]:
    """Every kind with its title; one that is broken, switched off, or off by the settings says so."""
    return [(kind.name, f"{kind.title}{_state(kind)}") for kind in kinds().values()]


def _state(kind: Kind) -> str:
    if kind.error:
        return " (broken)"
    if not switched_on(kind):
        return " (switched off)"
    return " (off)" if off_by_settings(kind) else ""


def off_by_settings(kind: Kind) -> str:
    """Why the settings let no action of this kind run; empty when they do."""
    return kind.off(settings_for_kinds()) if kind.off else ""


def dress(field: forms.Field) -> None:
    """The admin's look for a field of ours."""
    look = LOOKS.get(type(field.widget))
    if look is not None:
        field.widget = look(field.widget.attrs)
    if look is UnfoldAdminSelectWidget and isinstance(field, forms.ChoiceField):
        field.choices = field.choices  # Django hands them to the widget it has at that moment.


LOOKS: dict[type[forms.Widget], type[forms.Widget]] = {
    forms.TextInput: UnfoldAdminTextInputWidget,
    forms.Textarea: UnfoldAdminTextareaWidget,
    forms.NumberInput: UnfoldAdminIntegerFieldWidget,
    forms.Select: UnfoldAdminSelectWidget,
}
"""The admin's widget in place of Django's."""


def show_filled(field: forms.Field, name: str, kind: Kind | None, chosen: Action | None) -> None:
    """Room below a field that is a template for what it becomes; until then, the way to the page that says so."""
    query = urlencode({"kind": kind.name if kind else "", "field": name, "action": chosen.slug if chosen else ""})
    field.help_text = format_html(
        '{} <span id="filled-{}" class="filled"><a class="underline" href="{}?{}">Try it on a task</a></span>',
        field.help_text,
        name,
        reverse("admin:actions_action_trial"),
        query,
    )


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


def _who_tells(chosen: Action | None) -> list[tuple[str, str]]:
    """Every other action; one that is gone stays choosable, and says so."""
    named = Action.objects.order_by("order", "name").values_list("slug", "name")
    found = {slug: name for slug, name in named if chosen is None or slug != chosen.slug}
    if chosen and chosen.tell_with and chosen.tell_with not in found:
        found[chosen.tell_with] = f"{chosen.tell_with} (there is no such action)"
    return [("", "Nobody is told"), *found.items()]


def _projects() -> list[tuple[str, str]]:
    return sorted(((row["id"], row["name"]) for row in studio().bot().open_projects()), key=lambda pair: pair[1])


def _persons() -> list[tuple[str, str]]:
    people = (Person.from_record(row) for row in studio().bot().persons())
    return sorted(((one.id, one.name) for one in people if one.active and not one.is_bot), key=lambda pair: pair[1])


def _departments() -> list[tuple[str, str]]:
    return sorted(((row["id"], row["name"]) for row in studio().bot().departments()), key=lambda pair: pair[1])
