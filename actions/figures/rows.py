"""What figures need of a production, in compact rows: 50,000 tasks fit in a few dozen megabytes.

Moments are aware datetimes in UTC; days that people typed (start, due, a day of work) are plain days, as in Kitsu.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A production. `fps` makes seconds of frames."""

    id: str
    name: str
    fps: float
    production_type: str = ""
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A task type: a column in Kitsu. `priority` is its place in the pipeline."""

    id: str
    name: str
    color: str = ""
    department_id: str = ""
    for_entity: str = ""
    priority: int = 0


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A task status, with what it means."""

    id: str
    name: str
    short_name: str = ""
    color: str = ""
    is_done: bool = False
    is_review: bool = False
    is_retake: bool = False
    is_wip: bool = False
    priority: int = 0


@dataclass(frozen=True, slots=True)
class EntityRow:
    """What a task is on. `frames` is None where Kitsu has none: not a shot, or not said."""

    id: str
    name: str
    kind: str
    sequence_id: str = ""
    episode_id: str = ""
    frames: int | None = None
    asset_type: str = ""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task. Durations are minutes, as Kitsu keeps them."""

    id: str
    project_id: str
    entity_id: str
    task_type_id: str
    status_id: str
    assignees: tuple[str, ...] = ()
    estimation: float = 0.0
    spent: float = 0.0
    retakes: int = 0
    drawings: int = 0
    start: date | None = None
    due: date | None = None
    begun: datetime | None = None
    """When it was first in a status of work."""
    sent: datetime | None = None
    """When it was last sent to review."""
    done: datetime | None = None
    """When it came into the done status that it has."""
    commented: datetime | None = None


@dataclass(frozen=True, slots=True)
class RetakeRow:
    """A task came back at a moment."""

    task_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SpentRow:
    """Minutes that a person says to have worked on a task on a day."""

    task_id: str
    person_id: str
    day: date
    minutes: float
