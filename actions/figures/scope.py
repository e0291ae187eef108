"""What figures are about: a production, and within it an episode, a sequence, a department, a person, a time range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

IDS = ("project_id", "episode_id", "sequence_id", "department_id", "person_id", "task_type_id")
DATES = ("since", "until")
LONGEST = 64
"""Characters of an id that are read; an id of Kitsu's has 36."""


@dataclass(frozen=True)
class Scope:
    """The filters of a page of figures. An empty one takes everything; `since` and `until` are days, both included."""

    project_id: str
    episode_id: str = ""
    sequence_id: str = ""
    department_id: str = ""
    person_id: str = ""
    task_type_id: str = ""
    since: date | None = None
    until: date | None = None
    task_ids: frozenset[str] | None = None

    @classmethod
    def read(cls, mapping: Mapping[str, Any]) -> Scope:
        """From a query, as `as_query` writes it; what is no day and no text counts as not given. `task_ids` joined by `,`."""
        ids = {name: str(mapping.get(name) or "").strip()[:LONGEST] for name in IDS}
        days = {name: _day(mapping.get(name)) for name in DATES}
        tasks = frozenset(filter(None, (one.strip() for one in str(mapping.get("task_ids") or "").split(","))))
        return cls(**ids, **days, task_ids=tasks or None)  # type: ignore[arg-type]

    def as_query(self) -> dict[str, str]:
        """What a link carries: only what is set, each as text."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        tasks = given.pop("task_ids")
        joined = {"task_ids": ",".join(sorted(tasks))} if tasks is not None else {}
        return {name: str(value) for name, value in given.items() if value} | joined


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text or "").strip())
    except ValueError:
        return None
