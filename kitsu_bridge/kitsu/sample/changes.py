"""Changes of tasks and entities in the sample studio, with what Zou skips and refuses whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import date

from kitsu_bridge.kitsu.errors import KitsuForbids, KitsuRefuses
from kitsu_bridge.kitsu.reading import Record
from kitsu_bridge.kitsu.sample.rows import Tables, moment
from kitsu_bridge.kitsu.sample.session import SampleSession
from kitsu_bridge.kitsu.storable import storable


class SampleChanges(SampleSession):
    """The tasks and entities of `Writing` in memory."""

    def assign(self, task_ids: Sequence[str], person_id: str) -> list[str]:
        """Who is not in the team joins it; bots get tasks only where productions are open to them (`TasksAssignResource`)."""
        tables = self._tables
        if person_id not in tables.persons:
            raise KitsuRefuses("Assignee doesn't exist in database.")
        bot = tables.persons[person_id]["is_bot"]
        open_to = {row["id"] for row in tables.projects.values() if not bot or row["is_bot_collaboration_enabled"]}
        taken = [one for one in task_ids if one in tables.tasks and tables.tasks[one]["project_id"] in open_to]

        def change(task: Record) -> None:
            task["assignees"] = [*dict.fromkeys([*task["assignees"], person_id])]
            task["assigner_id"] = self._me_now()
            _joins(tables, task["project_id"], person_id)
            self._happened("task:assign", task, task_id=task["id"], person_id=person_id)

        return self._each(taken, change)

    def unassign(self, task_ids: Sequence[str], person_id: str = "") -> list[str]:
        """One, or all."""

        def change(task: Record) -> None:
            gone = [one for one in task["assignees"] if person_id in {"", one}]
            task["assignees"] = [one for one in task["assignees"] if one not in gone]
            for one in gone:
                self._happened("task:unassign", task, task_id=task["id"], person_id=one)

        return self._each(task_ids, change)

    def set_priority(self, task_ids: Sequence[str], priority: int) -> list[str]:
        """Zou takes any number from 0."""
        if priority < 0:
            raise KitsuRefuses("Validation error.")
        return self._each(task_ids, lambda task: task.update(priority=priority))

    def _each(self, task_ids: Sequence[str], change: Callable[[Record], None]) -> list[str]:
        """The ids of those that are there."""
        tables = self._tables
        with self._studio.lock:
            found = [one for one in dict.fromkeys(task_ids) if one in tables.tasks]
            for one in found:
                change(tables.tasks[one])
                tables.tasks[one]["updated_at"] = moment()
                self._happened("task:update", tables.tasks[one], task_id=one)
            return found

    def update_task(self, task_id: str, data: Record) -> Record:
        """Days become moments, custom fields are merged."""
        with self._studio.lock:
            task = self._row("tasks", task_id)
            changes = {name: value for name, value in storable(data).items() if name in task}
            for name in ("start_date", "due_date"):
                if changes.get(name):
                    changes[name] = f"{_day(str(changes[name])[:10])}T00:00:00"
            if changes.get("data"):
                changes["data"] = {**(task["data"] or {}), **changes["data"]}
            task.update(changes, updated_at=moment())
            self._happened("task:update", task, task_id=task_id)
            return deepcopy(task)

    def set_time_spent(self, task_id: str, person_id: str, day: str, minutes: int, *, add: bool = False) -> Record:
        """Only for people assigned to it, and of the task the sum."""
        tables, day = self._tables, _day(day)
        if minutes <= 0:
            raise KitsuRefuses("Validation error.")
        with self._studio.lock:
            task = self._row("tasks", task_id)
            if self._row("persons", person_id)["is_bot"] or person_id not in task["assignees"]:
                raise KitsuForbids
            rows = [row for row in tables.time_spents.values() if row["task_id"] == task_id]
            row = next((one for one in rows if (one["person_id"], one["date"]) == (person_id, day)), None)
            if row is None:
                row = tables.write(
                    "time_spents", "TimeSpent", task_id=task_id, person_id=person_id, date=day, duration=0
                )  # fmt: skip
                rows.append(row)
            row.update(duration=minutes + (row["duration"] if add else 0), updated_at=moment())
            task["duration"] = sum(one["duration"] for one in rows)
            return deepcopy(row)

    def metadata_descriptors(self, project_id: str) -> list[Record]:
        """A project's custom fields."""
        self._row("projects", project_id)
        return self._having("metadata_descriptors", "project_id", [project_id])

    def update_entity_data(self, entity_id: str, data: Record) -> Record:
        """Merged into what is there."""
        with self._studio.lock:
            entity = self._row("entities", entity_id)
            entity.update(data={**(entity["data"] or {}), **storable(data)}, updated_at=moment())
            return deepcopy(entity)

    def set_casting(self, project_id: str, entity_id: str, casting: Sequence[Record]) -> list[Record]:
        """Replaced as a whole."""
        tables = self._tables
        with self._studio.lock:
            if self._row("entities", entity_id)["project_id"] != project_id:
                raise KitsuForbids
            rows = [_cast(tables, entity_id, one) for one in casting]
            tables.casting[entity_id] = rows
            if not rows:
                del tables.casting[entity_id]
            tables.entities[entity_id]["nb_entities_out"] = len(rows)
            return deepcopy(rows)


def _cast(tables: Tables, entity_id: str, said: Record) -> Record:
    asset = tables.entities.get(said["asset_id"])
    if asset is None:
        raise KitsuRefuses("There is no such asset.")
    return {
        "asset_id": asset["id"],
        "asset_name": asset["name"],
        "asset_type_name": tables.entity_types[asset["entity_type_id"]]["name"],
        "entity_id": entity_id,
        "episode_id": asset["source_id"],
        "label": storable(said.get("label") or ""),
        "nb_occurences": said["nb_occurences"],
        "preview_file_id": asset["preview_file_id"],
        "project_id": asset["project_id"],
        "ready_for": asset["ready_for"],
        "is_shared": asset["is_shared"],
    }


def _joins(tables: Tables, project_id: str, person_id: str) -> None:
    if person_id not in tables.teams[project_id]:
        tables.teams[project_id][person_id] = None
        tables.projects[project_id]["team"].append(person_id)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise KitsuRefuses(f"{text[:30]!r} is no day.") from None
