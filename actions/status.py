"""How the line is: what is paused, the queue, the workers and the sweeper, as parts of the bridge's health."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from actions.line.pauses import pauses
from audit.log.said import in_units
from audit.models import Invocation, Round
from audit.states import State
from kitsu_bridge.celery import app
from kitsu_bridge.health.parts import Part, part

NO_WORKER = "No worker is up: calls are accepted and wait. Start one: manage.py work"
NO_SWEEPER = "Calls that were left lying go on when one is up. Start one: manage.py sweep"


@part("Maintenance", place=5)
def maintenance() -> Part:
    """What an operator has paused."""
    paused = [f"{pause}: {pause.sentence}" for pause in pauses().values()]
    return Part("Maintenance", not paused, " ".join(paused) or "Nothing is paused.")


@part("Line", place=50)
def line() -> Part:
    """How many are queued and running."""
    rows = Invocation.objects.filter(state__in=[State.QUEUED, State.RUNNING]).order_by().values_list("state")
    counts = dict(rows.annotate(count=Count("pk")))
    queued, running = counts.get(State.QUEUED, 0), counts.get(State.RUNNING, 0)
    return Part("Line", True, f"{queued:,} queued, {running:,} running.")


@part("Queue", place=60, network=True)
def queue() -> Part:
    """Whether the broker can be reached."""
    if settings.EMBEDDED:
        return Part("Queue", True, "In this process.")
    where = urlsplit(settings.CELERY_BROKER_URL).hostname or ""
    if _answers(lambda: app.connection_for_write().ensure_connection(max_retries=1, timeout=2)):
        return Part("Queue", True, "The broker answers.", where)
    return Part("Queue", False, "The broker does not answer; calls are kept and sent when it is back.", where)


@part("Workers", place=70, network=True)
def workers() -> Part:
    """How many workers are up."""
    if settings.EMBEDDED:
        return Part("Workers", True, "One, in this process.") if _works_here() else Part("Workers", False, NO_WORKER)
    names = _answers(lambda: app.control.inspect(timeout=1.0).ping())
    if not isinstance(names, dict):
        return Part("Workers", False, NO_WORKER)
    return Part("Workers", True, f"{len(names)} up.", ", ".join(sorted(names)))


@part("Sweeper", place=80)
def sweeper() -> Part:
    """When a sweeper was last round."""
    last = Round.objects.filter(what=Round.What.SWEEPER).first()
    if last is None:
        return Part("Sweeper", False, f"No sweeper has been round yet. {NO_SWEEPER}")
    ago = timezone.now() - last.at
    if ago > max(timedelta(seconds=3 * settings.SWEEP_EVERY), timedelta(seconds=60)):
        return Part("Sweeper", False, f"Last round {in_units(ago)} ago. {NO_SWEEPER}", last.by)
    return Part("Sweeper", True, f"Last round {in_units(ago)} ago.", last.by)


def _works_here() -> bool:
    return any(thread.name == "worker" for thread in threading.enumerate())


def _answers(ask: Callable[[], Any]) -> Any:
    """What was answered, or None: each broker has errors of its own."""
    try:
        return ask() or True
    except Exception:  # noqa: BLE001
        return None
