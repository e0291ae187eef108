"""What actions there are. The record does not know; the app of the actions tells it here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Registered:
    """An action as it is set up now. `link`: where it is set up."""

    slug: str
    name: str
    enabled: bool
    changed_at: datetime
    link: str = ""


SOURCES: list[Callable[[], Iterable[Registered]]] = []
"""Functions that tell all actions."""


def registered() -> list[Registered]:
    """All actions there are."""
    return [action for source in SOURCES for action in source()]
