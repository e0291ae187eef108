"""Which actions are paused, and pausing them. Calls of a paused one are kept (`stages.to_queue`), see `maintenance`."""

from __future__ import annotations

import time
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from actions.models import Pause
from audit.models import write_event
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person

KEPT = 1.0
"""Seconds for which another process may not have heard of a pause; the one that made it knows at once."""

EVERYTHING = ""
"""The slug of the pause of all actions."""

_kept: dict[str, tuple[float, dict[str, Pause]]] = {}


def pauses() -> dict[str, Pause]:
    """Those that stand, by slug."""
    at, found = _kept.get("all", (float("-inf"), dict[str, Pause]()))
    now = time.monotonic()
    if now - at >= KEPT:
        found = {pause.slug: pause for pause in Pause.objects.all()}
        _kept["all"] = (now, found)
    return found


def pause_of(slug: str) -> Pause | None:
    """What keeps calls of this action from running: the pause of all actions before its own."""
    found = pauses()
    return found.get(EVERYTHING) or found.get(slug)


@receiver([post_save, post_delete], sender=Pause)
def forget(**_kwargs: Any) -> None:
    """Read anew; once more when the change is committed, since another thread may have read the old row until then."""
    _kept.clear()
    transaction.on_commit(_kept.clear)


def pause(slug: str, sentence: str, actor: Person | None) -> Pause:
    """Keep this action's calls from now on, or all actions'; with another sentence where it is paused already."""
    with transaction.atomic():
        said = {"sentence": sentence[:400], "paused_by": actor.name[:200] if actor else ""}
        found, _ = Pause.objects.update_or_create(slug=slug, defaults=said)
        write_event(Happened.PAUSED, subject=found.subject, actor=actor, text=found.sentence)
    return found


def lift(slug: str, actor: Person | None) -> bool:
    """Let its calls run again; False when it was not paused."""
    with transaction.atomic():
        found = Pause.objects.select_for_update().filter(slug=slug).first()
        if found is None:
            return False
        write_event(Happened.RESUMED, subject=found.subject, actor=actor, text=found.sentence)
        found.delete()
    return True
