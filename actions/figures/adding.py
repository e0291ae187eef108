"""Adding up tasks: by a key, in the pipeline's order, with frames, seconds and days of work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from actions.figures.production import Production
from actions.figures.rows import TaskRow, TypeRow

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


def grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """The items by their key, each once, in the order in which they come."""
    found: dict[Key, list[Item]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return dict(found)


def by_type(production: Production, tasks: Iterable[TaskRow]) -> list[tuple[TypeRow, list[TaskRow]]]:
    """The tasks of each task type, in the order of the pipeline: assets, shots and so on, each as Kitsu orders its columns."""
    found = grouped(tasks, lambda task: task.task_type_id)
    types = sorted((production.task_types[one] for one in found), key=lambda t: (t.for_entity, t.priority, t.name))
    return [(one, found[one.id]) for one in types]


def ids(tasks: Iterable[TaskRow]) -> tuple[str, ...]:
    """Their ids."""
    return tuple(task.id for task in tasks)


def share(part: float, whole: float) -> float | None:
    """A part of a whole, 0 to 1; None of nothing."""
    return part / whole if whole else None


def frames(production: Production, tasks: Iterable[TaskRow]) -> int:
    """Frames of the shots of these tasks; a shot with two tasks counts twice, as in Kitsu's own totals."""
    return sum(production.entity(task).frames or 0 for task in tasks)


def with_frames(production: Production, tasks: Iterable[TaskRow]) -> list[TaskRow]:
    """Those whose frames are counted: the others are not on a shot, or Kitsu does not say how long it is."""
    return [task for task in tasks if production.entity(task).frames]


def seconds(production: Production, tasks: Iterable[TaskRow]) -> float:
    """The same in seconds, each by the frame rate of its production."""
    return sum((production.entity(task).frames or 0) / production.projects[task.project_id].fps for task in tasks)


def work_days(production: Production, minutes: float) -> float:
    """Minutes as days of work, as many hours each as the studio says in Kitsu (`hours_by_day`)."""
    return minutes / 60 / production.hours_by_day


def joined(*notes: str) -> str:
    """Several notes as one."""
    return " ".join(filter(None, notes))
