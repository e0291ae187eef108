"""Which kinds from outside are switched on. The bridge's own always are."""

from __future__ import annotations

import time
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from actions.models import KindSwitch
from actions.registry import Kind, kinds
from audit.models import Event, write_event
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person

KEPT = 1.0
"""Seconds for which another process may not have heard of a switch; the one that turned it knows at once."""

_kept: dict[str, tuple[float, set[tuple[str, str]]]] = {}


def switched_on(kind: Kind) -> bool:
    """Whether actions of this kind may run."""
    return not kind.origin or (kind.name, kind.origin) in _on()


def _on() -> set[tuple[str, str]]:
    at, found = _kept.get("on", (float("-inf"), set[tuple[str, str]]()))
    now = time.monotonic()
    if now - at >= KEPT:
        found = set(KindSwitch.objects.filter(enabled=True).values_list("name", "origin"))
        _kept["on"] = (now, found)
    return found


@receiver([post_save, post_delete], sender=KindSwitch)
def forget(**_kwargs: Any) -> None:
    """Read anew; once more when the change is committed, since another thread may have read the old row until then."""
    _kept.clear()
    transaction.on_commit(_kept.clear)


def see() -> dict[str, KindSwitch]:
    """The switches of all kinds from outside that there are now; a new one that can be read is written down, off."""
    known = {switch.name: switch for switch in KindSwitch.objects.all()}
    for kind in kinds().values():
        if kind.origin and not kind.error and (kind.name not in known or known[kind.name].origin != kind.origin):
            known[kind.name] = _first_seen(kind)
    return known


def _first_seen(kind: Kind) -> KindSwitch:
    fresh = {
        "origin": kind.origin,
        "enabled": False,
        "first_seen": timezone.now(),
        "switched_by": "",
        "switched_at": None,
    }
    with transaction.atomic():
        switch, _ = KindSwitch.objects.update_or_create(name=kind.name, defaults=fresh)
        write_event(Happened.KIND_SEEN, subject=switch.subject, text=kind.name, data={"origin": kind.origin})
    return switch


def turn(kind: Kind, on: bool, actor: Person | None) -> bool:
    """Switch a kind on or off and record it; False when it stood so before."""
    with transaction.atomic():
        see()
        switch = KindSwitch.objects.select_for_update().get(name=kind.name)
        if switch.enabled == on:
            return False
        switch.enabled, switch.switched_at, switch.switched_by = on, timezone.now(), actor.name[:200] if actor else ""
        switch.save()
        what = Happened.KIND_ENABLED if on else Happened.KIND_DISABLED
        write_event(what, subject=switch.subject, actor=actor, text=kind.name, data={"origin": kind.origin})
    return True


def history_of(kind: Kind) -> list[Event]:
    """When it was switched and by whom, newest first."""
    return list(Event.objects.filter(subject=f"kind:{kind.name}").order_by("-id")[:20])
