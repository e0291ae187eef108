"""What the bridge reads from a real Zou. Routes and rights are those of Zou 1.0.97 (zou/app/blueprints)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kitsu_bridge.kitsu.client.session import ZouSession, the_id
from kitsu_bridge.kitsu.errors import KitsuForbids, NotInKitsu
from kitsu_bridge.kitsu.json_rows import with_fields
from kitsu_bridge.kitsu.reading import Record

ROUTES = {
    "Shot": "shots",
    "Asset": "assets",
    "Sequence": "sequences",
    "Episode": "episodes",
    "Edit": "edits",
    "Concept": "concepts",
}

LINE_BY_LINE = {"Shot": "shot_fields", "Asset": "asset_fields"}
"""Kinds that Zou streams, and how the first line calls the names of their fields (`ShotsAndTasksResource` in
zou/app/blueprints/shots/resources.py, 1.0.97)."""

WITHOUT_DONE = {"Edit", "Concept"}
"""Kinds whose tasks Zou lists without `done_date` (`EDITS_AND_TASKS_TASK_FIELDS` in zou/app/services/edits_service.py)."""

NEWS = 2000
"""Rows of a page of news: each has some 600 bytes, and Zou counts all of them anew for each page."""


class ZouReading(ZouSession):
    """`Reading` over HTTP."""

    def whoami(self) -> Record:
        """`GET /auth/authenticated`."""
        return dict(self._get("auth/authenticated")["user"])

    def context(self) -> Record:
        """`GET /data/user/context`."""
        return dict(self._get("data/user/context"))

    def open_projects(self) -> list[Record]:
        """`GET /data/projects/open`."""
        return self._recent("data/projects/open")

    def tasks(self, ids: Sequence[str]) -> list[Record]:
        """`GET /data/tasks?id=[...]&relations=true`."""
        return self._by("data/tasks", "id", ids, relations="true")

    def entity_tasks(self, entity_ids: Sequence[str]) -> list[Record]:
        """`GET /data/tasks?entity_id=[...]&relations=true`."""
        return self._by("data/tasks", "entity_id", entity_ids, relations="true")

    def entities(self, ids: Sequence[str]) -> list[Record]:
        """`GET /data/entities?id=[...]`."""
        return self._by("data/entities", "id", ids)

    def entity_types(self) -> list[Record]:
        """`GET /data/entity-types`."""
        return self._recent("data/entity-types")

    def persons(self) -> list[Record]:
        """`GET /data/persons?relations=true`, with departments."""
        return self._recent("data/persons", relations="true")

    def projects(self) -> list[Record]:
        """`GET /data/projects?relations=true`."""
        return list(self._get("data/projects", relations="true"))

    def task_types(self) -> list[Record]:
        """`GET /data/task-types`."""
        return self._recent("data/task-types")

    def task_statuses(self) -> list[Record]:
        """`GET /data/task-status`."""
        return self._recent("data/task-status")

    def departments(self) -> list[Record]:
        """`GET /data/departments`."""
        return self._recent("data/departments")

    def organisation(self) -> Record:
        """`GET /data/organisations`: there is one."""
        return next(iter(self._recent("data/organisations")), {})

    def team(self, project_id: str) -> list[Record]:
        """`GET /data/projects/<id>/team`."""
        return list(self._get(f"data/projects/{the_id(project_id)}/team"))

    def project_tasks(self, project_id: str) -> list[Record]:
        """`GET /data/projects/<id>/tasks`: all in one answer."""
        return list(self._get(f"data/projects/{the_id(project_id)}/tasks"))

    def project_entities(self, project_id: str, for_entity: str) -> list[Record]:
        """`GET /data/projects/<id>/shots`, `assets`, `sequences`, `episodes`, `edits` or `concepts`."""
        return list(self._get(f"data/projects/{the_id(project_id)}/{ROUTES[for_entity]}"))

    def project_work(self, project_id: str, for_entity: str) -> Iterator[Record]:
        """`GET /data/shots/with-tasks?project_id=...` and its like: three queries where `/data/projects/<id>/tasks` takes
        thousands of rows through its models. Shots and assets come line by line, without the names of their fields.
        """
        asked = {"project_id": the_id(project_id)}
        if for_entity in LINE_BY_LINE:
            asked |= {"stream": "true", "compact": "true"}
        found = self._rows(f"data/{ROUTES[for_entity]}/with-tasks", **asked)
        rows = with_fields(found, LINE_BY_LINE.get(for_entity, ""))
        return iter(self._with_done(list(rows))) if for_entity in WITHOUT_DONE else rows

    def _with_done(self, rows: list[Record]) -> list[Record]:
        done = {row["id"]: row["done_date"] for row in self.entity_tasks([row["id"] for row in rows if row["tasks"]])}
        for task in (task for row in rows for task in row["tasks"]):
            task["done_date"] = done.get(task["id"])
        return rows

    def project_time_spents(self, project_id: str) -> Iterator[Record]:
        """`GET /data/projects/<id>/time-spents`: all in one answer."""
        return self._rows(f"data/projects/{the_id(project_id)}/time-spents")

    def status_changes(self, project_id: str, status_ids: Sequence[str]) -> Iterator[Record]:
        """`GET /data/projects/<id>/news?task_status_id=...`, page by page. A comment that changed nothing is no `change`."""
        for status_id in status_ids:
            asked, page, pages = {"task_status_id": the_id(status_id), "limit": NEWS}, 0, 1
            while (page := page + 1) <= pages:
                found = self._get(f"data/projects/{the_id(project_id)}/news", page=page, **asked)
                pages = int(found["nb_pages"])
                yield from (row for row in found["data"] if row["change"])

    def entity_count(self, project_id: str, entity_type_id: str) -> int:
        """The total of `GET /data/entities?...&page=1&limit=1`."""
        asked = {"project_id": the_id(project_id), "entity_type_id": the_id(entity_type_id), "page": 1, "limit": 1}
        return int(self._get("data/entities", **asked)["total"])

    def preview_files(self, ids: Sequence[str]) -> list[Record]:
        """`GET /data/preview-files?id=[...]`."""
        return self._by("data/preview-files", "id", ids)

    def task_previews(self, task_ids: Sequence[str]) -> list[Record]:
        """`GET /data/preview-files?task_id=[...]`."""
        return self._by("data/preview-files", "task_id", task_ids)

    def comments(self, task_ids: Sequence[str]) -> list[Record]:
        """`GET /data/comments?object_id=[...]` for admins; for the others task by task, as Kitsu's own pages do."""
        try:
            return self._by("data/comments", "object_id", task_ids, relations="true")
        except KitsuForbids:
            return self._all(lambda one: list(self._get(f"data/tasks/{one}/comments")), self._readable(task_ids))

    def time_spents(self, task_ids: Sequence[str]) -> list[Record]:
        """`GET /data/time-spents?task_id=[...]` for admins; for the others task by task."""
        try:
            return self._by("data/time-spents", "task_id", task_ids)
        except KitsuForbids:
            return self._all(self._time_of_task, self._readable(task_ids))

    def _time_of_task(self, task_id: str) -> list[Record]:
        """`{person id: [rows], "total": minutes}` (zou/app/services/time_spents_service.py)."""
        found = self._get(f"actions/tasks/{task_id}/time-spents")
        return [row for person, rows in found.items() if person != "total" for row in rows]

    def _readable(self, task_ids: Sequence[str]) -> list[str]:
        """One task that may not be read would end a reading task by task."""
        return [row["id"] for row in self.tasks(task_ids)]

    def casting(self, entities: Iterable[Record]) -> dict[str, list[Record]]:
        """Shots by their sequence, one request for each; everything else one by one."""
        groups: dict[tuple[str, str], set[str]] = {}
        for row in entities:
            parent = (
                f"sequences/{row['parent_id']}" if row.get("nb_frames") is not None and row.get("parent_id") else ""
            )
            groups.setdefault((row["project_id"], parent or f"entities/{row['id']}"), set()).add(row["id"])
        found: dict[str, list[Record]] = {}
        for part in self._all(lambda group: [self._casting(group[0], group[1])], list(groups.items())):
            found |= part
        return found

    def _casting(self, of: tuple[str, str], wanted: set[str]) -> dict[str, list[Record]]:
        project_id, place = of
        try:
            answer = self._get(f"data/projects/{project_id}/{place}/casting")
        except NotInKitsu:
            return {}
        if isinstance(answer, list):
            return {one: answer for one in wanted if answer}
        return {key: rows for key, rows in answer.items() if key in wanted and rows}

    def custom_actions(self) -> list[Record]:
        """`GET /data/custom-actions`."""
        return list(self._get("data/custom-actions"))

    def create_custom_action(self, data: Record) -> Record:
        """`POST /data/custom-actions`."""
        return dict(self._send("POST", "data/custom-actions", data))

    def update_custom_action(self, action_id: str, data: Record) -> Record:
        """`PUT /data/custom-actions/<id>`."""
        return dict(self._send("PUT", f"data/custom-actions/{the_id(action_id)}", data))

    def delete_custom_action(self, action_id: str) -> None:
        """`DELETE /data/custom-actions/<id>`."""
        try:
            self._send("DELETE", f"data/custom-actions/{the_id(action_id)}")
        except NotInKitsu:
            return
