"""Adding up tasks: by a key, in an order, with frames and seconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from actions.figures.production import Production
from actions.figures.rows import TaskRow

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


def grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """The items by their key, each once, in the order in which they come."""
    found: dict[Key, list[Item]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return dict(found)


def ids(tasks: Iterable[TaskRow]) -> tuple[str, ...]:
    """Their ids."""
    return tuple(task.id for task in tasks)


def share(part: float, whole: float) -> float | None:
    """A part of a whole, 0 to 1; None of nothing."""
    return part / whole if whole else None


def frames(production: Production, tasks: Sequence[TaskRow]) -> int:
    """Frames of the shots of these tasks; a shot with two tasks counts twice, as in Kitsu's own totals."""
    return sum(production.entity(task).frames or 0 for task in tasks)


def seconds(production: Production, tasks: Sequence[TaskRow]) -> float:
    """The same in seconds, each by the frame rate of its production."""
    return sum((production.entity(task).frames or 0) / production.projects[task.project_id].fps for task in tasks)
