"""A call that is never run: its variables are what a real one's would be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from actions.contract import About, Call, Level, ResultState, Selection
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.tasks import Resolution, Task

NOT_RUN = UUID(int=0)


class Nowhere:
    """A report that nobody reads."""

    cancelled = False

    def log(self, text: str, level: Level) -> None:
        """Not kept."""

    def progress(self, done: int, total: int, text: str) -> None:
        """Not kept."""

    def result(self, task: Task, state: ResultState, message: str, data: Mapping[str, Any]) -> None:
        """Not kept."""


def call_for(request: HttpRequest, kitsu: Kitsu, person: Person, task: Task, action_name: str) -> Call:
    """A call by this person on one task, as if the action had just done it well."""
    page = request.build_absolute_uri(reverse("invocation", args=[NOT_RUN]))
    about = About(str(NOT_RUN), page, action_name, "succeeded", "What it says at its end.")
    return Call(
        str(NOT_RUN),
        person,
        True,
        Selection((task.id,)),
        Resolution((task,), ()),
        kitsu,
        Nowhere(),
        settings.KITSU_PUBLIC_URL,
        about=about,
    )
