"""Tasks in the order in which people read a production: `SH2` before `SH10`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kitsu_bridge.kitsu.tasks import Named, Task

Key = tuple[tuple[int, str], ...]


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """By production, episode, sequence or asset type, name, and the pipeline's order of task types."""
    return sorted(tasks, key=_key)


def natural(name: str) -> Key:
    """A key that compares the numbers within names as numbers."""
    parts = re.split(r"([0-9]{1,18})", name.casefold())
    return tuple((int(part), "") if number % 2 else (-1, part) for number, part in enumerate(parts))


def _key(task: Task) -> tuple[Key, Key, Key, Key, int, str]:
    entity = task.entity
    return (
        natural(task.project.name),
        _of(entity.episode),
        _of(entity.sequence or entity.asset_type),
        natural(entity.name),
        task.task_type.record.get("priority") or 0,
        task.id,
    )


def _of(parent: Named | None) -> Key:
    return natural(parent.name) if parent else ()
