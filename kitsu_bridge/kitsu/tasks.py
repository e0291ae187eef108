"""The resolved form of a task: what stands behind a task id, in the words of the trade.

Handlers and pages read these; each keeps Zou's own row in `record` for whatever is not named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from kitsu_bridge.kitsu.interface import Record

EntityKind = Literal["asset", "shot", "sequence", "episode", "edit", "concept", "scene"]

KINDS: dict[str, EntityKind] = {
    "Shot": "shot",
    "Sequence": "sequence",
    "Episode": "episode",
    "Edit": "edit",
    "Concept": "concept",
    "Scene": "scene",
}
"""Zou's special entity types; every other one is a type of asset (zou/app/services/entity_types_service.py in 1.0.97)."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something with an id, a name and a row: a project, department, sequence, episode or asset type."""

    id: str
    name: str
    record: Record = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class TaskType(Named):
    """A column in Kitsu. `color` is `#rrggbb`."""

    color: str = ""
    department_id: str | None = None


@dataclass(frozen=True, slots=True)
class Status(Named):
    """A task status. `color` is `#rrggbb`."""

    short_name: str = ""
    color: str = ""


@dataclass(frozen=True, slots=True)
class Assignee(Named):
    """A person assigned to a task."""

    email: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The last preview of a task, as the task itself names it. Its row: `kitsu.preview_files([preview.id])`."""

    id: str


@dataclass(frozen=True, slots=True)
class Entity(Named):
    """What a task is on. `sequence` for shots, `episode` for whatever has one, `asset_type` for assets."""

    kind: EntityKind = "asset"
    sequence: Named | None = None
    episode: Named | None = None
    asset_type: Named | None = None

    @property
    def path(self) -> str:
        """How Kitsu writes it: `E01 / SQ01 / SH0010`, `Characters / Rabbit`."""
        parents = (self.episode, self.sequence, self.asset_type)
        return " / ".join([p.name for p in parents if p is not None] + [self.name])


class Priority(IntEnum):
    """Of a task, as Kitsu 1.0.56 names them (`tasks.priority` in its English texts)."""

    NORMAL = 0
    HIGH = 1
    VERY_HIGH = 2
    EMERGENCY = 3


def priority_name(level: int) -> str:
    """`Very high`; Zou takes any number from 0 on, Kitsu's pages know four."""
    return Priority(level).name.replace("_", " ").capitalize() if level in set(Priority) else str(level)


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a selection, with everything around it."""

    id: str
    project: Named
    entity: Entity
    task_type: TaskType
    status: Status
    assignees: tuple[Assignee, ...]
    last_preview: Preview | None
    record: Record = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """A line for a person: `SQ01 / SH0010 / Lighting`."""
        return f"{self.entity.path} / {self.task_type.name}"


@dataclass(frozen=True, slots=True)
class Missing:
    """A task id of the selection that stands for nothing the person may see, and why, in words."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """A selection resolved: the tasks in the order of the selection, and the ids that came to nothing."""

    tasks: tuple[Task, ...]
    missing: tuple[Missing, ...]

    def __iter__(self) -> Iterator[Task]:
        return iter(self.tasks)

    def __len__(self) -> int:
        return len(self.tasks)
