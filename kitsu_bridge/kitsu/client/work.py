"""Tasks, entities and castings in a real Zou (zou/app/blueprints/tasks, crud and breakdown in 1.0.97)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kitsu_bridge.kitsu.client.session import ZouSession, chunked, the_id
from kitsu_bridge.kitsu.errors import KitsuRefuses
from kitsu_bridge.kitsu.reading import Record

TASKS = 20
"""Tasks in one request that writes: Zou takes about 50 ms for each, which four requests at a time share."""


class ZouWork(ZouSession):
    """The tasks and entities of `Writing` over HTTP."""

    def assign(self, task_ids: Sequence[str], person_id: str) -> list[str]:
        """`PUT /actions/persons/<id>/assign`, which answers with the rows of the tasks that it took.

        Production by production: Zou lets the person join the team of the first task's production alone.
        """
        path = f"actions/persons/{the_id(person_id)}/assign"
        by_project: dict[str, list[str]] = {}
        for row in self._by("data/tasks", "id", task_ids):
            by_project.setdefault(row["project_id"], []).append(row["id"])
        return self._ids("PUT", path, *by_project.values())

    def unassign(self, task_ids: Sequence[str], person_id: str = "") -> list[str]:
        """`PUT /actions/tasks/clear-assignation`, which answers with ids."""
        one = {"person_id": the_id(person_id)} if person_id else {}
        return self._ids("PUT", "actions/tasks/clear-assignation", task_ids, **one)

    def set_priority(self, task_ids: Sequence[str], priority: int) -> list[str]:
        """`PUT /actions/tasks/set-priority`, which answers with rows."""
        return self._ids("PUT", "actions/tasks/set-priority", task_ids, priority=priority)

    def _ids(self, method: str, path: str, *groups: Sequence[str], **more: Any) -> list[str]:
        def write(chunk: list[str]) -> list[str]:
            answer = self._send(method, path, {"task_ids": chunk, **more})
            return [row["id"] if isinstance(row, dict) else row for row in answer]

        return self._write_all(write, [chunk for group in groups for chunk in chunked(group, TASKS)])

    def update_task(self, task_id: str, data: Record) -> Record:
        """`PUT /data/tasks/<id>`."""
        return dict(self._send("PUT", f"data/tasks/{the_id(task_id)}", data))

    def set_time_spent(self, task_id: str, person_id: str, day: str, minutes: int, *, add: bool = False) -> Record:
        """`POST /actions/tasks/<id>/time-spents/<day>/persons/<id>[/add]`."""
        path = f"actions/tasks/{the_id(task_id)}/time-spents/{_day(day)}/persons/{the_id(person_id)}"
        return dict(self._send("POST", f"{path}/add" if add else path, {"duration": minutes}))

    def metadata_descriptors(self, project_id: str) -> list[Record]:
        """`GET /data/projects/<id>/metadata-descriptors`."""
        return list(self._get(f"data/projects/{the_id(project_id)}/metadata-descriptors"))

    def update_entity_data(self, entity_id: str, data: Record) -> Record:
        """`PUT /data/entities/<id>` with `data` alone, which Zou merges into what is there."""
        return dict(self._send("PUT", f"data/entities/{the_id(entity_id)}", {"data": data}))

    def set_casting(self, project_id: str, entity_id: str, casting: Sequence[Record]) -> list[Record]:
        """`PUT /data/projects/<id>/entities/<id>/casting` echoes what it was sent; so the casting is read back."""
        path = f"data/projects/{the_id(project_id)}/entities/{the_id(entity_id)}/casting"
        self._send("PUT", path, list(casting))
        return list(self._get(path))


def _day(text: str) -> str:
    """A day may become part of a path; nothing else may."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise KitsuRefuses(f"{text[:30]!r} is no day.") from None
