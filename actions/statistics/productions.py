"""Which productions somebody can choose between, and with which one a page opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache

from actions.figures.sight import LEADS
from kitsu_bridge.kitsu.errors import KitsuUnavailable
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.people import Person

KEPT = 24 * 3600
"""Seconds for which names stand in for a Kitsu that does not answer; they are read anew at each page."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A production to choose. `led`: the person supervises or manages it."""

    id: str
    name: str
    led: bool


def choices(kitsu: Kitsu, person: Person) -> list[Choice]:
    """The open productions that Kitsu shows this person, those they lead first. Raises `KitsuError`."""
    names = _names(kitsu, person)
    found = [Choice(key, name, person.role_in(key) in LEADS) for key, name in names.items() if key in person.projects]
    return sorted(found, key=lambda one: (not one.led, one.name.casefold()))


def _names(kitsu: Kitsu, person: Person) -> dict[str, str]:
    key = f"statistics:names:{person.id}"
    try:
        names = {str(row["id"]): str(row["name"]) for row in kitsu.open_projects()}
    except KitsuUnavailable:
        if names := cache.get(key):
            return dict(names)
        raise
    cache.set(key, names, KEPT)
    return names


def first_choice(productions: list[Choice], remembered: Any) -> str:
    """The id of the last one chosen, else of the one that the settings name, else of the first."""
    ids = [one.id for one in productions]
    if remembered in ids:
        return str(remembered)
    named = [one.id for one in productions if one.name == settings.KITSU_PROJECT and one.led]
    return next(iter([*named, *ids]), "")
