"""The actions that calls ask for, kept for a second: every call needs one, and they change seldom."""

from __future__ import annotations

import time
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from actions.models import Action

KEPT = 1.0
"""Seconds for which another process may not have heard of a change; the one that made it forgets at once."""

_kept: dict[str, tuple[float, Action]] = {}


def action_of(slug: str) -> Action | None:
    """The action of this name, for reading only: whoever asks within the second gets the same one."""
    at, action = _kept.get(slug, (float("-inf"), None))
    if time.monotonic() - at < KEPT:
        return action
    now = time.monotonic()
    action = Action.objects.filter(slug=slug).first() if "\x00" not in slug else None
    if action is not None:  # What is unknown is not kept: anybody can invent names.
        _kept[slug] = (now, action)
    return action


@receiver([post_save, post_delete], sender=Action)
def forget(**_kwargs: Any) -> None:
    """Read all anew; once more when the change is committed, since another thread may have read the old row until then."""
    _kept.clear()
    transaction.on_commit(_kept.clear)
