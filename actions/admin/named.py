"""Fields of forms that hold ids of Kitsu and show names; what was chosen is kept while Kitsu is away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django import forms
from unfold.widgets import UnfoldAdminSelectMultipleWidget, UnfoldAdminSelectWidget

from actions.models import Action
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio

Choices = list[tuple[str, str]]


def one_of(label: str, choices: Choices, kept: str, help_text: str = "", *, required: bool = True) -> forms.ChoiceField:
    """One of these, or what was kept."""
    found = [("", "Choose"), *_with(choices, [kept] if kept else [])]
    return forms.ChoiceField(
        label=label, choices=found, help_text=help_text, widget=UnfoldAdminSelectWidget, required=required
    )


def several_of(label: str, choices: Choices, kept: list[str], help_text: str = "") -> forms.MultipleChoiceField:
    """Any of these, and what was kept."""
    return forms.MultipleChoiceField(
        label=label[:1].upper() + label[1:],
        choices=_with(choices, kept),
        required=False,
        help_text=help_text,
        widget=UnfoldAdminSelectMultipleWidget,
    )


def _with(choices: Choices, kept: list[str]) -> Choices:
    """What was chosen stays choosable, by its id where it has no name any more."""
    known = {value for value, _ in choices}
    return [*choices, *((one, one) for one in kept if one not in known)]


def names_of(read: Callable[[Kitsu], list[Record]]) -> tuple[Choices, str]:
    """What the bot reads, by id and name; and why it is nothing at the moment."""
    return _read(partial(_named, read))


def people() -> tuple[Choices, str]:
    """Everybody who is active."""
    return _read(_people)


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


def all_actions() -> Choices:
    """Slugs and names, in the registry's order."""
    return list(Action.objects.order_by("order", "name").values_list("slug", "name"))
