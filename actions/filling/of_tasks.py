"""The variables of one task: what it is on, where that stands, how far it is, and what was last delivered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from actions.contract import Call
from kitsu_bridge.kitsu.frames import frame_range
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.links import task_link
from kitsu_bridge.kitsu.tasks import Named, Task


@dataclass(frozen=True, slots=True)
class OfTask:
    """One variable of a task: a sentence for people, and how it is read. `missing`: why it may have no value."""

    sentence: str
    read: Callable[[Call, Task], Any]
    missing: str = ""


def _name(found: Named | None) -> str:
    return found.name if found else ""


def _id(found: Named | None) -> str:
    return found.id if found else ""


def _data(task: Task, field: str) -> Any:
    return (task.entity.record.get("data") or {}).get(field)


def _of_project_unless(task: Task, field: str) -> Any:
    """A shot's own value, or its production's."""
    return _data(task, field) or task.project.record.get(field)


def _frames(task: Task) -> Any:
    """As Kitsu counts them; where nobody did, from first and last frame."""
    found = frame_range(task)
    return task.entity.record.get("nb_frames") or _data(task, "nb_frames") or (found.frames if found else None)


def _day(task: Task, field: str) -> str:
    """Kitsu keeps days as moments (zou/app/models/task.py in Zou 1.0.97)."""
    return str(task.record.get(field) or "")[:10]


def _preview(call: Call, task: Task, field: str) -> Any:
    return last_previews(call).get(task.last_preview.id, {}).get(field) if task.last_preview else None


def last_previews(call: Call) -> dict[str, Record]:
    """The rows of the last previews of all tasks of the call, read at once."""

    def read() -> dict[str, Record]:
        ids = sorted({task.last_preview.id for task in call.tasks if task.last_preview})
        return {row["id"]: row for row in call.kitsu.preview_files(ids)} if ids else {}

    found: dict[str, Record] = call.once("last previews", read)
    return found


NO_SEQUENCE = "it stands in no sequence"
NO_EPISODE = "it stands in no episode"
NO_ASSET = "it is no asset"
NO_PREVIEW = "it has no preview"
IN_KITSU = "it is not set in Kitsu"
NO_PAGE = "Kitsu has no page for it"

OF_TASKS: dict[str, OfTask] = {
    "entity_id": OfTask("Id of the shot, asset or whatever the task is on.", lambda _, task: task.entity.id),
    "entity_type": OfTask(
        "Its kind: `shot`, `asset`, `sequence`, `episode`, `edit` or `concept`.", lambda _, task: task.entity.kind
    ),
    "entity_name": OfTask("Its name: `SH0010`.", lambda _, task: task.entity.name),
    "entity_path": OfTask("Its name with those above it: `E01 / SQ01 / SH0010`.", lambda _, task: task.entity.path),
    "sequence_name": OfTask(
        "Name of the shot's sequence: `SQ01`.", lambda _, task: _name(task.entity.sequence), NO_SEQUENCE
    ),
    "sequence_id": OfTask("Id of that sequence.", lambda _, task: _id(task.entity.sequence), NO_SEQUENCE),
    "episode_name": OfTask("Name of the episode: `E01`.", lambda _, task: _name(task.entity.episode), NO_EPISODE),
    "episode_id": OfTask("Id of that episode.", lambda _, task: _id(task.entity.episode), NO_EPISODE),
    "asset_type_name": OfTask(
        "Type of the asset: `Characters`.", lambda _, task: _name(task.entity.asset_type), NO_ASSET
    ),
    "task_id": OfTask("Id of the task.", lambda _, task: task.id),
    "task_name": OfTask("The task as a line: `SQ01 / SH0010 / Lighting`.", lambda _, task: task.name),
    "task_type_id": OfTask("Id of the task's type.", lambda _, task: task.task_type.id),
    "task_type_name": OfTask("The task's type: `Lighting`.", lambda _, task: task.task_type.name),
    "task_type_short": OfTask(
        "The task's type in short: `lgt`.", lambda _, task: task.task_type.record.get("short_name"), IN_KITSU
    ),
    "task_status": OfTask("The task's status: `Work In Progress`.", lambda _, task: task.status.name),
    "task_status_id": OfTask("Id of that status.", lambda _, task: task.status.id),
    "task_status_short": OfTask("The status in short: `wip`.", lambda _, task: task.status.short_name, IN_KITSU),
    "task_url": OfTask(
        "Address of the task's page in Kitsu.", lambda call, task: task_link(call.kitsu_url, task), NO_PAGE
    ),
    "project_id": OfTask("Id of the production.", lambda _, task: task.project.id),
    "production_id": OfTask("The same, as Kitsu's guide calls it.", lambda _, task: task.project.id),
    "project_name": OfTask("Name of the production.", lambda _, task: task.project.name),
    "project_code": OfTask("The production's code.", lambda _, task: task.project.record.get("code"), IN_KITSU),
    "assignees": OfTask(
        "Names of the people assigned to the task, a list.",
        lambda _, task: tuple(one.name for one in task.assignees),
        "nobody is assigned, or it is not yours to see",
    ),
    "preview_id": OfTask(
        "Id of the task's last preview.", lambda _, task: task.last_preview and task.last_preview.id, NO_PREVIEW
    ),
    "preview_revision": OfTask(
        "Revision of that preview: `3`.", lambda call, task: _preview(call, task, "revision"), NO_PREVIEW
    ),
    "preview_extension": OfTask(
        "File type of that preview: `mp4`.", lambda call, task: _preview(call, task, "extension"), NO_PREVIEW
    ),
    "preview_name": OfTask(
        "Name of the file it was made of.", lambda call, task: _preview(call, task, "original_name"), NO_PREVIEW
    ),
    "preview_path": OfTask(
        "Path of that file, where whoever published it wrote one into Kitsu.",
        lambda call, task: _preview(call, task, "path"),
        "its last preview names no path",
    ),
    "frame_in": OfTask("First frame of the shot.", lambda _, task: _data(task, "frame_in"), IN_KITSU),
    "frame_out": OfTask("Last frame of the shot.", lambda _, task: _data(task, "frame_out"), IN_KITSU),
    "nb_frames": OfTask("How many frames the shot has.", lambda _, task: _frames(task), IN_KITSU),
    "fps": OfTask(
        "Frames a second, its own or the production's.", lambda _, task: _of_project_unless(task, "fps"), IN_KITSU
    ),
    "resolution": OfTask(
        "Width and height, its own or the production's: `1920x1080`.",
        lambda _, task: _of_project_unless(task, "resolution"),
        IN_KITSU,
    ),
    "start_date": OfTask(
        "First day of work on the task: `2026-11-21`.", lambda _, task: _day(task, "start_date"), IN_KITSU
    ),
    "due_date": OfTask("Day when the task is due: `2026-11-21`.", lambda _, task: _day(task, "due_date"), IN_KITSU),
    "estimation": OfTask("Estimate of the task, in minutes.", lambda _, task: task.record.get("estimation"), IN_KITSU),
    "priority": OfTask(
        "Priority of the task: `0` normal to `3` emergency.", lambda _, task: task.record.get("priority"), IN_KITSU
    ),
}
