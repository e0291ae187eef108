"""The form of a schedule: names of Kitsu to choose from, and what was chosen kept while Kitsu is away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminSelectMultipleWidget, UnfoldAdminSelectWidget

from actions.models import Action, Schedule
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio

Choices = list[tuple[str, str]]

SEVERAL: dict[str, Callable[[Kitsu], list[Record]]] = {
    "projects": lambda kitsu: kitsu.open_projects(),
    "task_types": lambda kitsu: kitsu.task_types(),
    "statuses": lambda kitsu: kitsu.task_statuses(),
}
"""Fields that hold ids, and where their names are read."""


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]
    """As a studio manager sets it up."""

    class Meta:
        model = Schedule
        fields = (
            "name",
            "enabled",
            "action_slug",
            "parameters",
            "times",
            "missed",
            "person_id",
            "projects",
            "task_types",
            "statuses",
            "due",
            "days",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action_slug"] = _one("Action", _actions(), self.instance.action_slug)
        people, away = _read(_people)
        self.fields["person_id"] = _one("As whom", people, self.instance.person_id, away)
        for name, read in SEVERAL.items():
            choices, away = _read(partial(_named, read))
            usual = Schedule._meta.get_field(name)
            self.fields[name] = forms.MultipleChoiceField(
                choices=_with(choices, getattr(self.instance, name)),
                required=False,
                label=str(usual.verbose_name).capitalize(),  # type: ignore[union-attr]
                help_text=f"{usual.help_text} {away}".strip(),  # type: ignore[union-attr]
                widget=UnfoldAdminSelectMultipleWidget,
            )


def _one(label: str, choices: Choices, kept: str, away: str = "") -> forms.ChoiceField:
    found = [("", "Choose"), *_with(choices, [kept] if kept else [])]
    return forms.ChoiceField(label=label, choices=found, help_text=away, widget=UnfoldAdminSelectWidget)


def _with(choices: Choices, kept: list[str]) -> Choices:
    """What was chosen stays choosable, by its id where it has no name any more."""
    known = {value for value, _ in choices}
    return [*choices, *((one, one) for one in kept if one not in known)]


def _read(read: Callable[[Kitsu], Choices]) -> tuple[Choices, str]:
    try:
        return read(studio().bot()), ""
    except KitsuError as error:
        return [], f"{error} Names are missing until it is back; what was chosen stays."


def _people(kitsu: Kitsu) -> Choices:
    found = (Person.from_record(row) for row in kitsu.persons())
    named = ((one.id, f"{one.name} (bot)" if one.is_bot else one.name) for one in found if one.active)
    return sorted(named, key=lambda pair: pair[1])


def _named(read: Callable[[Kitsu], list[Record]], kitsu: Kitsu) -> Choices:
    return sorted(((row["id"], row["name"]) for row in read(kitsu)), key=lambda pair: pair[1])


def _actions() -> Choices:
    return list(Action.objects.order_by("order", "name").values_list("slug", "name"))
