"""A session of the sample studio: somebody who may see and write everything, and the tables."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from threading import RLock
from typing import Any, Protocol

from kitsu_bridge.kitsu.errors import FileUnreadable, KitsuRefuses, NotInKitsu, TokenRejected
from kitsu_bridge.kitsu.reading import Record
from kitsu_bridge.kitsu.sample.events import SampleEvents
from kitsu_bridge.kitsu.sample.rows import Tables


class Place(Protocol):
    """Of the sample studio, what its sessions need."""

    lock: RLock
    happened: SampleEvents

    @property
    def tables(self) -> Tables:
        """Every table."""

    def check(self) -> None:
        """Raises the trouble, if there is one."""


class SampleSession:
    """Who asks, and the tables: what the parts of `SampleKitsu` have in common."""

    def __init__(self, studio: Place, person: Record | None, behind: Record | None = None) -> None:
        """`behind`: whose session it is, where the bot's right stands for theirs."""
        self._studio, self._me, self._behind = studio, person, behind

    @property
    def _tables(self) -> Tables:
        """The tables, for a session that is still good."""
        self._studio.check()
        if self._me is None:
            raise TokenRejected
        return self._studio.tables

    def _rows(self, table: str) -> list[Record]:
        tables = self._tables
        with self._studio.lock:
            return deepcopy(list(getattr(tables, table).values()))

    def _by_id(self, table: str, ids: Sequence[str]) -> list[Record]:
        """In the table's order, not in that of the ids: Zou's lists have none either."""
        wanted = set(ids)
        for one in wanted:
            must_be_uuid(one)
        tables = self._tables
        with self._studio.lock:
            return deepcopy([row for key, row in getattr(tables, table).items() if key in wanted])

    def _having(self, table: str, field: str, values: Sequence[str]) -> list[Record]:
        wanted = set(values)
        tables = self._tables
        with self._studio.lock:
            return deepcopy([row for row in getattr(tables, table).values() if row[field] in wanted])

    def _me_now(self) -> str:
        """The id of the session's account."""
        assert self._me is not None
        return str(self._me["id"])

    def _happened(self, name: str, task: Record, **data: Any) -> None:
        """One of Kitsu's events, about a task."""
        who = self._behind["id"] if self._behind else self._me_now()
        self._studio.happened.emit(name, who, task["project_id"], data)

    def _row(self, table: str, one: str) -> Record:
        """The row itself, to be changed while the lock is held. Raises `NotInKitsu` where there is none."""
        found: Record | None = getattr(self._tables, table).get(one)
        if found is None:
            raise NotInKitsu
        return found


def size_of(path: Path) -> int:
    """Bytes of a file that somebody gives. Raises `FileUnreadable`."""
    try:
        return path.stat().st_size
    except OSError as error:
        raise FileUnreadable(error.strerror or "") from None


def must_be_uuid(text: str) -> None:
    """One id that is none spoils the whole list, at Zou as here (seen on a live 1.0.97)."""
    try:
        uuid.UUID(text)
    except ValueError:
        raise KitsuRefuses(f"{text[:60]!r} is no id.") from None
