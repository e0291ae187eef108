"""What Kitsu says has happened in it: an event of its own stream, and those that are about a task.

Names and data as Zou 1.0.97 emits them (`events.emit` in zou/app/services/{comments,tasks}_service.py,
preview_annotations_service.py and zou/app/blueprints/previews/resources.py), and keeps them (`GET /data/events/last`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kitsu_bridge.kitsu.reading import Record
from kitsu_bridge.kitsu.resolve import is_id

EVENTS = {
    "task:status-changed": "A task's status changed",
    "task:to-review": "A task's status asks for a review",
    "comment:new": "A comment was written",
    "comment:reply": "A comment was answered",
    "comment:update": "A comment was changed",
    "preview-file:add-file": "A preview got its file",
    "preview-file:set-main": "A preview became the thumbnail",
    "preview-file:annotation-update": "Somebody drew on a preview",
    "task:assign": "Somebody was assigned",
    "task:unassign": "Somebody was taken off",
    "task:new": "A task was made",
    "task:update": "A task was changed",
}
"""The events that lead to a task: name -> in words."""

KNOW_FROM = frozenset({"task:status-changed", "task:to-review"})
"""Those that say which status it was before."""

KNOW_TO = KNOW_FROM | {"comment:new"}
"""Those that say which status it is now."""


@dataclass(frozen=True, slots=True)
class KitsuEvent:
    """One of Kitsu's events. `person_id`: whose session did it, empty where nobody's did."""

    id: str
    at: datetime
    name: str
    person_id: str = ""
    project_id: str = ""
    data: Record = field(default_factory=dict)

    @classmethod
    def from_record(cls, row: Any) -> KitsuEvent | None:
        """From a row of `Studio.events`; None for what is no event."""
        try:
            at = datetime.fromisoformat(str(row["created_at"]))
            found = cls(str(row["id"]), at.replace(tzinfo=at.tzinfo or UTC), str(row["name"]))
        except (KeyError, TypeError, ValueError):
            return None
        data = row.get("data") if isinstance(row.get("data"), dict) else {}
        who, where = _id(row.get("user_id")), _id(row.get("project_id"))
        return cls(found.id, found.at, found.name, who, where, data) if is_id(found.id) else None

    @property
    def task_id(self) -> str:
        """The task it is about; empty where it names only a preview."""
        return _id(self.data.get("task_id"))

    @property
    def preview_id(self) -> str:
        """The preview it is about."""
        return _id(self.data.get("preview_file_id"))

    @property
    def status_from(self) -> str:
        """The status before."""
        return _id(self.data.get("previous_task_status_id"))

    @property
    def status_to(self) -> str:
        """The status after."""
        return _id(self.data.get("new_task_status_id") or self.data.get("task_status_id"))


def _id(value: object) -> str:
    """What is no id counts as none: it came from outside."""
    text = str(value or "").lower()
    return text if is_id(text) else ""
