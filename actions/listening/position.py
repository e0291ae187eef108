"""Up to where events were read, in the database; and which of several listeners reads. Every change is one conditional UPDATE."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from actions.models import Position
from audit.models import write_event
from audit.states import Happened
from kitsu_bridge.kitsu.events import KitsuEvent

HELD = timedelta(seconds=30)
"""For which a listener that says nothing more keeps its place; then another one takes it."""

THE_ONE = 1


def take(holder: str) -> Position | None:
    """The position, if this listener has it or may have it now; None while another one has it."""
    Position.objects.get_or_create(pk=THE_ONE)
    now = timezone.now()
    mine = Position.objects.filter(Q(holder=holder) | Q(held_until__lt=now), pk=THE_ONE)
    if not mine.update(holder=holder, held_until=now + HELD):
        return None
    return Position.objects.get(pk=THE_ONE)


def move(holder: str, to: KitsuEvent) -> bool:
    """Everything up to this event is dealt with. False when another listener has the place by now."""
    return _change(holder, read_to=to.at, event_id=to.id, read_at=timezone.now(), trouble="")


def begin(holder: str, newest: KitsuEvent | None) -> bool:
    """Begin with what happens from now on."""
    at = newest.at if newest else timezone.now()
    return _change(holder, read_to=at, event_id=newest.id if newest else "", read_at=timezone.now(), trouble="", gap="")


def note_read(holder: str) -> None:
    """Read, and nothing was new."""
    _change(holder, read_at=timezone.now(), trouble="")


def note_trouble(holder: str, text: str) -> None:
    """Why nothing can be read at the moment."""
    _change(holder, trouble=text[:2000])


def note_gap(holder: str, lost_from: datetime, until: datetime | None) -> None:
    """Kitsu does not have everything any more that happened since: said in the admin and in the record."""
    end = f"{until:%Y-%m-%d %H:%M:%S}" if until else "now"
    text = (
        f"Kitsu no longer has its events from {lost_from:%Y-%m-%d %H:%M:%S} to {end} (UTC): rules may have missed some."
    )
    if _change(holder, gap=text):
        write_event(Happened.EVENTS_LOST, subject="listener", text=text)


def leave(holder: str) -> None:
    """Another one may take the place at once."""
    Position.objects.filter(pk=THE_ONE, holder=holder).update(held_until=timezone.now() - HELD)


def _change(holder: str, **fields: object) -> bool:
    return bool(Position.objects.filter(pk=THE_ONE, holder=holder).update(**fields))
