"""Round after round until told to stop: looking at farms, and beside it what their jobs show and telling Kitsu of ends."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from actions.farms.endings import tell
from actions.farms.glimpses import glimpse
from actions.farms.looking import look

log = structlog.get_logger(__name__)


def look_until(stopped: threading.Event) -> None:
    """Beside the sweeper, so that a slow farm keeps no call waiting."""
    _until(stopped, look)


def tell_until(stopped: threading.Event) -> None:
    """Beside the looking, so that a slow Kitsu keeps no farm waiting."""
    _until(stopped, tell)


def glimpse_until(stopped: threading.Event) -> None:
    """Beside both, so that large pictures keep nothing waiting."""
    _until(stopped, glimpse)


def _until(stopped: threading.Event, step: Callable[[], int]) -> None:
    while not stopped.wait(settings.SWEEP_EVERY):
        try:
            step()
        except DatabaseError as error:
            log.warning("The database cannot be reached", error=type(error).__name__)
        finally:
            close_old_connections()
