"""Rows of the sample studio: the same ids at every start, and dates around today, so that it always looks alive."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kitsu_bridge.kitsu.interface import Record

NAMESPACE = uuid.UUID("6b697473-7500-4000-8000-73616d706c65")
"""Spells "kitsu" and "sample" in its bytes; ids are made of it and a name, so that they never change."""

Rows = dict[str, Record]


def an_id(*names: object) -> str:
    """The id of whatever bears these names."""
    return str(uuid.uuid5(NAMESPACE, "/".join(map(str, names))))


def moment() -> str:
    """Now, as Zou writes it."""
    return datetime.now(UTC).replace(microsecond=0, tzinfo=None).isoformat()


@dataclass
class Tables:
    """Every table of the sample studio: id -> row, each row as Zou 1.0.97 would send it."""

    persons: Rows = field(default_factory=dict)
    departments: Rows = field(default_factory=dict)
    projects: Rows = field(default_factory=dict)
    entity_types: Rows = field(default_factory=dict)
    entities: Rows = field(default_factory=dict)
    task_types: Rows = field(default_factory=dict)
    task_statuses: Rows = field(default_factory=dict)
    tasks: Rows = field(default_factory=dict)
    comments: Rows = field(default_factory=dict)
    preview_files: Rows = field(default_factory=dict)
    time_spents: Rows = field(default_factory=dict)
    custom_actions: Rows = field(default_factory=dict)
    playlists: Rows = field(default_factory=dict)
    metadata_descriptors: Rows = field(default_factory=dict)
    organisation: Record = field(default_factory=lambda: {"name": "Sample studio", "hours_by_day": 8.0})
    teams: dict[str, dict[str, str | None]] = field(default_factory=dict)
    """project id -> person id -> the role in this project, or None for the studio's."""
    casting: dict[str, list[Record]] = field(default_factory=dict)
    """entity id -> what is cast in it."""
    files: dict[str, bytes] = field(default_factory=dict)
    """preview id -> the file that somebody gave it; previews without one have a picture drawn for them."""

    def __post_init__(self) -> None:
        self.chance = random.Random(1895)  # noqa: S311 - the same pictures at every start, nothing to guess
        self.now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)

    def add(self, table: str, kind: str, names: tuple[object, ...], **fields: Any) -> Record:
        """One more row, with the fields that every row of Zou's has."""
        made = self.day(-self.chance.randint(60, 200))
        row = {"id": an_id(table, *names), "created_at": made, "updated_at": made, "type": kind, **fields}
        rows: Rows = getattr(self, table)
        rows[row["id"]] = row
        return row

    def write(self, table: str, kind: str, **fields: Any) -> Record:
        """One more row, written by somebody now."""
        now = moment()
        row = {"id": str(uuid.uuid4()), "created_at": now, "updated_at": now, "type": kind, **fields}
        getattr(self, table)[row["id"]] = row
        return row

    def day(self, days: int, hour: int = 9) -> str:
        """A moment so many days from today, as Zou writes one."""
        return (self.now + timedelta(days=days)).replace(hour=hour, minute=0, second=0).isoformat()

    def date(self, days: int) -> str:
        """A day so many days from today."""
        found: date = (self.now + timedelta(days=days)).date()
        return found.isoformat()

    def weekday(self, days: int) -> int:
        """The day of the week of that day; 0 is Monday."""
        return (self.now + timedelta(days=days)).weekday()
