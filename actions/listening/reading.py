"""Reads Kitsu's events from where they were last read, page by page, each at most once.

The stream only says that there is something new: it names neither the event nor who caused it, and it tells before the event is
kept (`emit` in zou/app/utils/events.py, 1.0.97). So what counts is `/data/events/last`, which has both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from kitsu_bridge.kitsu.errors import NotInKitsu
from kitsu_bridge.kitsu.events import KitsuEvent
from kitsu_bridge.kitsu.studio import studio

PAGE = 1000
OVERLAP = timedelta(seconds=60)
"""Read again each time: an event is kept a moment after it is dated, and Kitsu has several processes."""

MOST_PAGES = 500
"""Of one absence: half a million events."""


def newest() -> KitsuEvent | None:
    """The newest event of all; where the first listener begins."""
    return next(_events(studio().events(limit=1)), None)


def since(moment: datetime, names: Sequence[str]) -> list[KitsuEvent]:
    """At least the events of these names since that moment, and of a minute before it, oldest first. Raises a `KitsuError`."""
    after = (moment - OVERLAP).replace(microsecond=0, tzinfo=None).isoformat()
    found: list[KitsuEvent] = []
    last = ""
    for _ in range(MOST_PAGES):
        rows = studio().events(after=after, older_than=last, names=names, limit=PAGE)
        found += _events(rows)
        if len(rows) < PAGE:
            break
        last = str(rows[-1]["id"])
    return found[::-1]


def still_kept(event_id: str) -> bool:
    """Whether Kitsu still has this event: if not, those after it may be gone as well."""
    try:
        studio().events(older_than=event_id, limit=1)
    except NotInKitsu:
        return False
    return True


def oldest_after(moment: datetime, names: Sequence[str]) -> datetime | None:
    """When the first of these events happened that Kitsu still has."""
    return next((event.at for event in since(moment, names)), None)


def _events(rows: Sequence[object]) -> Iterator[KitsuEvent]:
    return filter(None, map(KitsuEvent.from_record, rows))
