"""The sample studio's own events: the newest of them, and who waits for the next."""

from __future__ import annotations

import threading
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from copy import deepcopy
from itertools import islice, takewhile

from kitsu_bridge.kitsu.errors import NotInKitsu
from kitsu_bridge.kitsu.reading import Record
from kitsu_bridge.kitsu.sample.rows import moment

KEPT = 20_000
"""Events that the sample studio keeps; Zou keeps those of 90 days (`remove_old_events` in deletion_service.py, 1.0.97)."""


class SampleEvents:
    """What has happened since the start, newest first."""

    def __init__(self) -> None:
        self._rows: deque[Record] = deque(maxlen=KEPT)
        self._new = threading.Condition()
        self._count = 0

    def emit(self, name: str, person_id: str, project_id: str, data: Record) -> None:
        """Keep it and tell whoever waits, with the fields of `ApiEvent` (zou/app/models/event.py)."""
        row = {
            "id": str(uuid.uuid4()),
            "created_at": moment(),
            "name": name,
            "user_id": person_id,
            "project_id": project_id,
            "data": {**data, "project_id": project_id},
        }
        with self._new:
            self._rows.appendleft(row)
            self._count += 1
            self._new.notify_all()

    def last(self, after: str, older_than: str, names: Iterable[str], limit: int) -> list[Record]:
        """A page of them."""
        prefixes = {name.partition(":")[0] for name in names}
        with self._new:
            rows = list(self._rows)
        if older_than:
            place = next((place for place, row in enumerate(rows) if row["id"] == older_than), None)
            if place is None:
                raise NotInKitsu(f"No event found with id: {older_than}")
            rows = rows[place + 1 :]
        young = takewhile(lambda row: not after or row["created_at"] > after, rows)
        wanted = (row for row in young if not prefixes or row["name"].partition(":")[0] in prefixes)
        return deepcopy(list(islice(wanted, min(limit, 1000))))

    def follow(self, heard: Callable[[], None], stopped: threading.Event, check: Callable[[], None]) -> None:
        """Until told to stop; `check` raises the studio's trouble."""
        seen = -1
        while not stopped.is_set():
            check()
            with self._new:
                if self._count == seen:
                    self._new.wait(0.2)
                new, seen = self._count != seen, self._count
            if new:
                heard()
