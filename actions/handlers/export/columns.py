"""The columns that a table of tasks may have: what stands above each, and how a task's value is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from actions.contract import Call
from actions.filling import last_previews
from kitsu_bridge.kitsu.frames import frame_range, frames_a_second
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.links import task_link
from kitsu_bridge.kitsu.tasks import Named, Priority, Task, priority_name

Value = str | int | float | date | list[str] | None

LARGEST = 10**15
"""A spreadsheet keeps fifteen digits of a number; what is larger goes as text."""

MOST_FIELDS = 200
"""Columns of custom fields, when all of them are asked for."""

ColumnName = Literal[
    "production", "episode", "sequence", "entity", "entity_type", "task_type", "status", "assignees", "priority",
    "estimate", "time_spent", "start_date", "due_date", "done_date", "last_comment", "retakes", "frames", "frame_in",
    "frame_out", "fps", "resolution", "revision", "preview", "description", "link", "task_id", "entity_id",
]  # fmt: skip

USUAL: tuple[ColumnName, ...] = (
    "production", "episode", "sequence", "entity", "entity_type", "task_type", "status", "assignees", "priority",
    "estimate", "time_spent", "start_date", "due_date", "frames", "revision", "link",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `read` gives None where a task has no such value."""

    title: str
    read: Callable[[Call, Task], Value]


def custom_fields(tasks: Iterable[Task], asked: str) -> list[str]:
    """The names of custom fields in `a, b.c`, as `data.a` and `data.b.c`; for `*` all that the tasks' entities have."""
    names = dict.fromkeys(name.strip().removeprefix("data.") for name in asked.split(","))
    if "*" in names:
        names = dict.fromkeys(sorted({key for task in tasks for key in _data(task)}))
    return [f"data.{name}" for name in names if name][:MOST_FIELDS]


def custom_field(task: Task, name: str) -> Value:
    """The value of `data.camera.lens` in the row of what the task is on; what is nested, as JSON."""
    return _plain(_within(_data(task), name.removeprefix("data.")))


def _data(task: Task) -> Record:
    return task.entity.record.get("data") or {}


def _within(data: Any, name: str) -> Any:
    if not isinstance(data, dict) or name in data:
        return data.get(name) if isinstance(data, dict) else None
    first, dot, rest = name.partition(".")
    return _within(data.get(first), rest) if dot else None


def _plain(value: Any) -> Value:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, str) or (isinstance(value, int | float) and abs(value) < LARGEST):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _name(found: Named | None) -> str | None:
    return found.name if found else None


def _kind(_call: Call, task: Task) -> str:
    return task.entity.asset_type.name if task.entity.asset_type else task.entity.kind.capitalize()


def _priority(_call: Call, task: Task) -> Value:
    found = task.record.get("priority")
    return priority_name(found) if isinstance(found, int) and found in set(Priority) else found


def _hours(minutes: Any) -> float | None:
    """Kitsu keeps minutes; 0 is what a task has that nobody estimated."""
    return round(minutes / 60, 2) if isinstance(minutes, int | float) else None


def _day(moment: Any) -> date | None:
    """Kitsu keeps days as moments (zou/app/models/task.py in Zou 1.0.97)."""
    try:
        return date.fromisoformat(str(moment)[:10])
    except ValueError:
        return None


def _frames(_call: Call, task: Task) -> int | None:
    found = frame_range(task)
    return found.frames if found else None


def _resolution(_call: Call, task: Task) -> Value:
    return _plain(_data(task).get("resolution") or task.project.record.get("resolution"))


def _preview(call: Call, task: Task) -> Record:
    return last_previews(call).get(task.last_preview.id, {}) if task.last_preview else {}


COLUMNS: dict[ColumnName, Column] = {
    "production": Column("Production", lambda _, task: task.project.name),
    "episode": Column("Episode", lambda _, task: _name(task.entity.episode)),
    "sequence": Column("Sequence", lambda _, task: _name(task.entity.sequence)),
    "entity": Column("Name", lambda _, task: task.entity.name),
    "entity_type": Column("Type", _kind),
    "task_type": Column("Task type", lambda _, task: task.task_type.name),
    "status": Column("Status", lambda _, task: task.status.name),
    "assignees": Column("Assignees", lambda _, task: [one.name for one in task.assignees]),
    "priority": Column("Priority", _priority),
    "estimate": Column("Estimate (hours)", lambda _, task: _hours(task.record.get("estimation"))),
    "time_spent": Column("Time spent (hours)", lambda _, task: _hours(task.record.get("duration"))),
    "start_date": Column("Start date", lambda _, task: _day(task.record.get("start_date"))),
    "due_date": Column("Due date", lambda _, task: _day(task.record.get("due_date"))),
    "done_date": Column("Done date", lambda _, task: _day(task.record.get("done_date"))),
    "last_comment": Column("Last comment", lambda _, task: _day(task.record.get("last_comment_date"))),
    "retakes": Column("Retakes", lambda _, task: task.record.get("retake_count")),
    "frames": Column("Frames", _frames),
    "frame_in": Column("In", lambda _, task: _plain(_data(task).get("frame_in"))),
    "frame_out": Column("Out", lambda _, task: _plain(_data(task).get("frame_out"))),
    "fps": Column("Frames a second", lambda _, task: frames_a_second(task)),
    "resolution": Column("Resolution", _resolution),
    "revision": Column("Revision", lambda call, task: _preview(call, task).get("revision")),
    "preview": Column("Preview file", lambda call, task: _preview(call, task).get("original_name")),
    "description": Column("Description", lambda _, task: task.entity.record.get("description")),
    "link": Column("Link", lambda call, task: task_link(call.kitsu_url, task) or None),
    "task_id": Column("Task id", lambda _, task: task.id),
    "entity_id": Column("Entity id", lambda _, task: task.entity.id),
}
