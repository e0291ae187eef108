"""A studio manager by another's hand: nothing is kept from them, and their name stands under what is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.reading import Record
from kitsu_bridge.kitsu.tasks import KINDS
from kitsu_bridge.kitsu.writing import Written


class InTheirName:
    """A studio manager's session by another's right: everything as that is, with their name under what is written."""

    def __init__(self, everything: Kitsu, person: Person) -> None:
        self._all, self._person = everything, person

    def __getattr__(self, name: str) -> Any:
        return getattr(self._all, name)

    def whoami(self) -> Record:
        """The person's own row."""
        return next(row for row in self._all.persons() if row["id"] == self._person.id)

    def context(self) -> Record:
        """What Kitsu's pages start from; read from the lists, as a bot may not read it (`/data/user/context`, 403)."""
        return {
            "projects": self._all.open_projects(),
            "project_roles": {},
            "persons": self._all.persons(),
            "task_types": self._all.task_types(),
            "task_status": self._all.task_statuses(),
            "departments": self._all.departments(),
            "asset_types": [row for row in self._all.entity_types() if row["name"] not in KINDS],
            "custom_actions": self._all.custom_actions(),
        }

    def post_comments(self, drafts: Sequence[Record]) -> Written:
        """In their name, unless another is given."""
        return self._all.post_comments([self._signed(draft) for draft in drafts])

    def post_comment(self, draft: Record, attachments: Sequence[Path] = ()) -> Record:
        """In their name, unless another is given."""
        return self._all.post_comment(self._signed(draft), attachments)

    def _signed(self, draft: Record) -> Record:
        return {**draft, "person_id": draft.get("person_id") or self._person.id}

    def create_playlist(self, data: Record) -> Record:
        """In their name."""
        return self._all.create_playlist({**data, "created_by": data.get("created_by") or self._person.id})

    def create_preview(self, task_id: str, comment_id: str, *, person_id: str = "") -> Record:
        """In their name, unless another is given."""
        return self._all.create_preview(task_id, comment_id, person_id=person_id or self._person.id)
