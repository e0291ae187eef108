"""Reads the studio's own kinds again when a file of theirs has changed: for people who write kinds.

Looked at before each request and before each run, so that web processes and workers need no restart.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog
from celery.signals import task_prerun
from django.conf import settings
from django.core.signals import request_started
from django.template.autoreload import reset_loaders

from actions.kinds import folder
from actions.registry import kinds

log = structlog.get_logger(__name__)

_seen: list[frozenset[tuple[str, int, int]]] = []


def begin() -> None:
    """Look from now on, where the settings say so."""
    if settings.KINDS_FOLDER and settings.KINDS_RELOAD:
        request_started.connect(look, dispatch_uid="kinds")
        task_prerun.connect(look, dispatch_uid="kinds")


def look(**_kwargs: Any) -> None:
    """Forget what was read, its templates too, if a file is not as it was when it was looked at last."""
    found = folder.fingerprint(Path(settings.KINDS_FOLDER))
    if _seen != [found]:
        if _seen:
            log.info("Kinds are read again", folder=settings.KINDS_FOLDER)
        _seen[:] = [found]
        kinds.cache_clear()
        reset_loaders()
