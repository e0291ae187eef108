"""What was last delivered: the newest preview of tasks, and the tasks of a production that stand in a status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Literal

from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.tasks import Task

Flag = Literal["is_retake", "is_feedback_request", "is_done"]
"""What Kitsu says of a task status besides its name."""


def latest_previews(kitsu: Kitsu, tasks: Sequence[Task], task_types: Collection[str] = ()) -> dict[str, Record]:
    """Task id -> the row of its last preview; of these task types, the newest that the task's entity has in any of them.

    Tasks without one are not in it, nor those whose preview is gone.
    """
    named = _of_types(kitsu, tasks, task_types) if task_types else _own(tasks)
    rows = {row["id"]: row for row in kitsu.preview_files(sorted({one for ids in named.values() for one in ids}))}
    there = {task_id: [rows[one] for one in ids if one in rows] for task_id, ids in named.items()}
    return {task_id: max(found, key=lambda row: str(row["created_at"])) for task_id, found in there.items() if found}


def _own(tasks: Iterable[Task]) -> dict[str, list[str]]:
    return {task.id: [task.last_preview.id] for task in tasks if task.last_preview}


def _of_types(kitsu: Kitsu, tasks: Sequence[Task], task_types: Collection[str]) -> dict[str, list[str]]:
    of_entity: dict[str, list[str]] = defaultdict(list)
    for row in kitsu.entity_tasks(list(dict.fromkeys(task.entity.id for task in tasks))):
        if row["task_type_id"] in task_types and row.get("last_preview_file_id"):
            of_entity[row["entity_id"]].append(row["last_preview_file_id"])
    return {task.id: of_entity[task.entity.id] for task in tasks if task.entity.id in of_entity}


def tasks_in_status(
    kitsu: Kitsu,
    project_ids: Iterable[str],
    flag: Flag,
    *,
    task_types: Collection[str] = (),
    since: datetime | None = None,
) -> tuple[Task, ...]:
    """All tasks of these productions in a status of this flag; of these types; last commented on `since` then."""
    statuses = {row["id"] for row in kitsu.task_statuses() if row.get(flag)}
    first = since.strftime("%Y-%m-%dT%H:%M:%S") if since else ""
    rows = [
        row
        for project_id in project_ids
        for row in kitsu.project_tasks(project_id)
        if row["task_status_id"] in statuses
        and (not task_types or row["task_type_id"] in task_types)
        and str(row.get("last_comment_date") or "") >= first
    ]
    return resolve(kitsu, [row["id"] for row in rows]).tasks
