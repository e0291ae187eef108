"""How Kitsu, the database, the queue and the workers are, each asked briefly and never at the cost of a page."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from actions.line.pauses import pauses
from audit.models import Invocation
from audit.states import State
from kitsu_bridge.celery import app
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.studio import studio

KEPT = 10
"""Seconds for which an answer is shown again."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the whole: its state in words. `where` is for studio managers only."""

    name: str
    good: bool
    text: str
    where: str = ""


def parts() -> list[Part]:
    """All of them, from the cache where it is fresh."""
    found: list[Part] | None = _cached()
    if found is None:
        found = [*maintenance(), kitsu(), database(), queue(), workers()]
        _keep(found)
    return found


def maintenance() -> list[Part]:
    """What an operator has paused."""
    return [Part("Maintenance", False, f"{pause}: {pause.sentence}") for pause in pauses().values()]


def kitsu() -> Part:
    """Whether Kitsu answers, and with the bridge's own account."""
    if studio().is_sample:
        return Part("Kitsu", True, "The sample studio, in memory.")
    began = time.monotonic()
    try:
        version = studio().version()
        studio().bot().whoami()
    except KitsuError as error:
        return Part("Kitsu", False, str(error), settings.KITSU_URL)
    took = (time.monotonic() - began) * 1000
    return Part("Kitsu", True, f"Zou {version} answers, in {took:.0f} ms.", settings.KITSU_URL)


def database() -> Part:
    """Which database it is; whoever reads this has been served from it."""
    name = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}.get(connection.vendor, connection.vendor)
    version = ".".join(map(str, connection.get_database_version()))
    return Part("Database", True, f"{name} {version}.", str(settings.DATABASES["default"].get("HOST") or "a file"))


def queue() -> Part:
    """Whether the broker can be reached, and how many wait."""
    waiting = Invocation.objects.filter(state=State.QUEUED).count()
    text = f"{waiting} waiting." if waiting else "Nothing waits."
    if settings.EMBEDDED:
        return Part("Queue", True, f"In this process. {text}")
    where = urlsplit(settings.CELERY_BROKER_URL).hostname or ""
    if _answers(lambda: app.connection_for_write().ensure_connection(max_retries=1, timeout=2)):
        return Part("Queue", True, text, where)
    return Part("Queue", False, f"The broker does not answer; calls are kept and sent when it is back. {text}", where)


def workers() -> Part:
    """How many workers are up."""
    running = Invocation.objects.filter(state=State.RUNNING).count()
    if settings.EMBEDDED:
        return Part("Workers", True, f"One, in this process; {running} running.")
    names = _answers(lambda: app.control.inspect(timeout=1.0).ping())
    if not isinstance(names, dict):
        return Part("Workers", False, "No worker is up: calls are accepted and wait. Start one: manage.py work")
    return Part("Workers", True, f"{len(names)} up; {running} running.", ", ".join(sorted(names)))


def _answers(ask: Callable[[], Any]) -> Any:
    """What was answered, or None: each broker has errors of its own."""
    try:
        return ask() or True
    except Exception:  # noqa: BLE001
        return None


def _cached() -> list[Part] | None:
    try:
        return cache.get("status")  # type: ignore[no-any-return]
    except Exception:  # noqa: BLE001 - a cache that is down keeps nothing
        return None


def _keep(found: list[Part]) -> None:
    try:
        cache.set("status", found, KEPT)
    except Exception:  # noqa: BLE001
        return
