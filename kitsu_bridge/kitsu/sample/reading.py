"""What the sample studio shows to whoever may see everything; `visibility.py` takes away what others may not."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from typing import Any

from kitsu_bridge.kitsu.errors import KitsuForbids, KitsuRefuses, NotInKitsu
from kitsu_bridge.kitsu.reading import Record
from kitsu_bridge.kitsu.sample.productions import SPECIAL
from kitsu_bridge.kitsu.sample.session import SampleSession


class SampleReading(SampleSession):
    """`Reading` from memory."""

    def whoami(self) -> Record:
        """The account of this session."""
        tables = self._tables
        assert self._me is not None
        return deepcopy(tables.persons[self._me["id"]])

    def context(self) -> Record:
        """What Kitsu's pages start from; not for bots, as at Zou 1.0.97 (seen live)."""
        if self.whoami()["is_bot"]:
            raise KitsuForbids
        types = self._rows("entity_types")
        me = self.whoami()["id"]
        roles = {project_id: team[me] for project_id, team in self._tables.teams.items() if team.get(me)}
        return {
            "projects": self._rows("projects"),
            "task_types": self._rows("task_types"),
            "task_status": self._rows("task_statuses"),
            "persons": self._rows("persons"),
            "departments": self._rows("departments"),
            "asset_types": [row for row in types if row["name"] not in SPECIAL],
            "custom_actions": self._rows("custom_actions"),
            "project_roles": roles,
        }

    def open_projects(self) -> list[Record]:
        """All of them are open."""
        return self._rows("projects")

    def tasks(self, ids: Sequence[str]) -> list[Record]:
        """Tasks by id."""
        return self._by_id("tasks", ids)

    def entity_tasks(self, entity_ids: Sequence[str]) -> list[Record]:
        """Tasks on these entities."""
        return self._having("tasks", "entity_id", entity_ids)

    def entities(self, ids: Sequence[str]) -> list[Record]:
        """Entities by id."""
        return self._by_id("entities", ids)

    def entity_types(self) -> list[Record]:
        """All entity types."""
        return self._rows("entity_types")

    def persons(self) -> list[Record]:
        """Everybody."""
        return self._rows("persons")

    def projects(self) -> list[Record]:
        """All productions."""
        return self._rows("projects")

    def task_types(self) -> list[Record]:
        """All task types."""
        return self._rows("task_types")

    def task_statuses(self) -> list[Record]:
        """All statuses."""
        return self._rows("task_statuses")

    def departments(self) -> list[Record]:
        """All departments."""
        return self._rows("departments")

    def organisation(self) -> Record:
        """The studio, with the hours that Zou gives a day in a new one (zou/app/models/organisation.py in 1.0.97)."""
        return dict(self._tables.organisation)

    def team(self, project_id: str) -> list[Record]:
        """A project's team."""
        tables = self._tables
        if project_id not in tables.projects:
            raise NotInKitsu
        roles = tables.teams[project_id]
        return [{**row, "project_role": roles[row["id"]]} for row in self._by_id("persons", list(roles))]

    def project_tasks(self, project_id: str) -> list[Record]:
        """All tasks of a project."""
        if project_id not in self._tables.projects:
            raise NotInKitsu
        return self._having("tasks", "project_id", [project_id])

    def project_entities(self, project_id: str, for_entity: str) -> list[Record]:
        """All entities of one kind in a project."""
        types = {row["id"]: row["name"] for row in self.entity_types()}
        rows = self._having("entities", "project_id", [project_id])
        kinds = {row["id"]: "Asset" if types[row["entity_type_id"]] not in SPECIAL else types[row["entity_type_id"]]
                 for row in rows}  # fmt: skip
        return [row for row in rows if kinds[row["id"]] == for_entity]

    def project_work(self, project_id: str, for_entity: str) -> Iterator[Record]:
        """All entities of one kind in a project, each with its tasks."""
        if project_id not in self._tables.projects:
            raise NotInKitsu
        types = {row["id"]: row["name"] for row in self.entity_types()}
        rows = self.project_entities(project_id, for_entity)
        around = self._above(self._above({row["id"]: row for row in rows}))
        tasks: dict[str, list[Record]] = {row["id"]: [] for row in rows}
        for task in self._having("tasks", "entity_id", list(tasks)):
            tasks[task["entity_id"]].append(task)
        return iter([_with_parents(row, around, types) | {"tasks": tasks[row["id"]]} for row in rows])

    def _above(self, rows: dict[str, Record]) -> dict[str, Record]:
        """These and their parents."""
        parents = {row["parent_id"] for row in rows.values() if row["parent_id"]} - set(rows)
        return rows | {row["id"]: row for row in self._by_id("entities", list(parents))}

    def project_time_spents(self, project_id: str) -> Iterator[Record]:
        """All time spent in a project."""
        tasks = [key for key, row in self._tables.tasks.items() if row["project_id"] == project_id]
        return iter(self.time_spents(tasks))

    def status_changes(self, project_id: str, status_ids: Sequence[str]) -> Iterator[Record]:
        """What comments changed; the first one changes the status that a task is made with."""
        tasks = [key for key, row in self._tables.tasks.items() if row["project_id"] == project_id]
        before: dict[str, str] = {}
        for row in sorted(self.comments(tasks), key=lambda one: str(one["created_at"])):
            task_id, status_id = row["object_id"], row["task_status_id"]
            if before.get(task_id) != status_id and status_id in status_ids:
                yield {"task_id": task_id, "task_status_id": status_id, "created_at": row["created_at"]}
            before[task_id] = status_id

    def entity_count(self, project_id: str, entity_type_id: str) -> int:
        """How many entities of a type a project has."""
        rows = self._having("entities", "project_id", [project_id])
        return sum(row["entity_type_id"] == entity_type_id for row in rows)

    def preview_files(self, ids: Sequence[str]) -> list[Record]:
        """Previews by id."""
        return self._by_id("preview_files", ids)

    def task_previews(self, task_ids: Sequence[str]) -> list[Record]:
        """Previews of tasks."""
        return self._having("preview_files", "task_id", task_ids)

    def comments(self, task_ids: Sequence[str]) -> list[Record]:
        """Comments of tasks."""
        return self._having("comments", "object_id", task_ids)

    def time_spents(self, task_ids: Sequence[str]) -> list[Record]:
        """Time spent on tasks."""
        return self._having("time_spents", "task_id", task_ids)

    def casting(self, entities: Iterable[Record]) -> dict[str, list[Record]]:
        """What is cast in these entities."""
        casting = self._tables.casting
        return {row["id"]: deepcopy(casting[row["id"]]) for row in entities if row["id"] in casting}

    def custom_actions(self) -> list[Record]:
        """All custom actions."""
        return self._rows("custom_actions")

    def create_custom_action(self, data: Record) -> Record:
        """One more; Zou asks for nothing but a name (zou/app/blueprints/crud/custom_action.py in 1.0.97)."""
        if not data.get("name"):
            raise KitsuRefuses("The 'name' field is required and cannot be None.")
        tables = self._tables
        with self._studio.lock:
            defaults: dict[str, Any] = {"url": "", "entity_type": "all", "is_ajax": False}
            return deepcopy(tables.add("custom_actions", "CustomAction", (uuid.uuid4(),), **(defaults | data)))

    def update_custom_action(self, action_id: str, data: Record) -> Record:
        """Change one."""
        tables = self._tables
        with self._studio.lock:
            if action_id not in tables.custom_actions:
                raise NotInKitsu
            tables.custom_actions[action_id].update(data)
            return deepcopy(tables.custom_actions[action_id])

    def delete_custom_action(self, action_id: str) -> None:
        """Take one away."""
        tables = self._tables
        with self._studio.lock:
            tables.custom_actions.pop(action_id, None)


def _with_parents(row: Record, around: dict[str, Record], types: dict[str, str]) -> Record:
    """The sequence, the episode and the type of asset of an entity, as Zou's lists with tasks name them."""
    kind, parent = types[row["entity_type_id"]], around.get(row["parent_id"] or "")
    sequence = parent if kind == "Shot" else None
    episode = around.get((sequence or {}).get("parent_id") or "") if kind == "Shot" else parent
    is_asset = kind not in SPECIAL
    return {
        **row,
        "asset_type_name": kind if is_asset else "",
        "sequence_id": sequence["id"] if sequence else None,
        "sequence_name": sequence["name"] if sequence else "",
        "episode_id": row["source_id"] or "" if is_asset else episode["id"] if episode else None,
        "episode_name": episode["name"] if episode and not is_asset else "",
    }
