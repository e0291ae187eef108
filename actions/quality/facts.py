"""What checks may ask beside the task itself. Whatever takes requests is read once, for all tasks, when it is first asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.tasks import Task

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known around the tasks that are checked.

    `today` is the person's day. `tolerance`: frames by which a preview may differ. `without_preview`: ids of task types that
    never have one.
    """

    kitsu: Kitsu
    tasks: Sequence[Task]
    today: date
    tolerance: int = 0
    without_preview: frozenset[str] = frozenset()
    _read: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, what: str, read: Callable[[], Found]) -> Found:
        """Read something once for all tasks: the first asking reads it, `what` names it from then on."""
        if what not in self._read:
            self._read[what] = read()
        found: Found = self._read[what]
        return found

    def preview(self, task: Task) -> Record | None:
        """The row of the task's last preview."""
        rows = self.once("last previews", self._previews)
        return rows.get(task.last_preview.id) if task.last_preview else None

    def is_cast(self, task: Task) -> bool:
        """Whether anything is cast in what the task is on."""
        return _counted(task) > 0 or bool(self.once("casting", self._casting).get(task.entity.id))

    def _previews(self) -> dict[str, Record]:
        ids = sorted({task.last_preview.id for task in self.tasks if task.last_preview})
        return {row["id"]: row for row in self.kitsu.preview_files(ids)} if ids else {}

    def _casting(self) -> dict[str, list[Record]]:
        """Only of what seems to have none: Zou counts casting in the entity's row, and not in old ones."""
        rows = {task.entity.id: task.entity.record for task in self.tasks
                if task.entity.kind == "shot" and not _counted(task)}  # fmt: skip
        return self.kitsu.casting(rows.values()) if rows else {}


def _counted(task: Task) -> int:
    """`nb_entities_out` (zou/app/services/breakdown_service.py in Zou 1.0.97)."""
    return task.entity.record.get("nb_entities_out") or 0
