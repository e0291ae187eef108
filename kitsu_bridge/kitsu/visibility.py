"""What a person may see, when somebody else reads for them: the rules of Zou, applied to what an all-seeing session reads.

A person's own token needs none of this. Without it (a claim, an expired session) the bot reads, and these rules take away
what Zou 1.0.97 would not have shown the person. Zou's list routes go by the studio's role, its other routes by the role in
the project (`_effective_role` in zou/app/utils/permissions.py): whoever is a vendor or a client by either, is one here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from typing import Any, cast

from kitsu_bridge.kitsu.acting import Acting
from kitsu_bridge.kitsu.errors import KitsuForbids
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.signing import InTheirName
from kitsu_bridge.kitsu.tasks import KINDS

BLANK_FOR_CLIENTS: dict[str, Any] = {
    "assignees": [],
    "assigner_id": None,
    "completion_rate": 0,
    "difficulty": None,
    "done_date": None,
    "due_date": None,
    "duration": 0,
    "end_date": None,
    "estimation": 0,
    "last_comment_date": None,
    "nb_assets_ready": 0,
    "nb_drawings": 0,
    "priority": 0,
    "real_start_date": None,
    "retake_count": 0,
    "start_date": None,
}
"""`CLIENT_BLANK_TASK_VALUES` in zou/app/services/entities_service.py (Zou 1.0.97)."""

OF_A_PERSON_FOR_ALL = [
    "id",
    "type",
    "first_name",
    "last_name",
    "full_name",
    "has_avatar",
    "active",
    "departments",
    "studio_id",
    "role",
    "desktop_login",
    "is_bot",
]
"""`Person.present_minimal` in zou/app/models/person.py (1.0.97): what everybody but studio managers reads of a person."""

OF_A_PERSON_FOR_CLIENTS = [
    "id",
    "type",
    "first_name",
    "last_name",
    "full_name",
    "has_avatar",
    "active",
    "role",
    "is_bot",
]
"""`Person.present_client`, ibidem."""


def seen_by(kitsu: Kitsu, person: Person, *, own: bool = False) -> Kitsu:
    """A session that reads and writes for this person with another's right. Studio managers see and may everything.

    `own`: it is the person's own session, shown by the rules, which are stricter here and there; of writing Zou decides.
    """
    return cast(Kitsu, InTheirName(kitsu, person)) if person.is_studio_manager else Visible(kitsu, person, own=own)


class Visible(Acting):
    """`Kitsu` for one person, over an all-seeing one. Lives for one request or one run: what it learns, it keeps."""

    def __init__(self, everything: Kitsu, person: Person, *, own: bool = False) -> None:
        self._all = everything
        self._person = person
        self._own = own
        self._roles: dict[str, str | None] = {}
        self._open: set[str] | None = None
        self._previews: dict[str, Record] = {}

    def whoami(self) -> Record:
        """The person's own row, as an admin reads it."""
        return next(row for row in self._all.persons() if row["id"] == self._person.id)

    def context(self) -> Record:
        """The context with the person's own projects, roles and people."""
        projects = self.open_projects()
        roles = {row["id"]: self._own_role(row["id"]) for row in projects}
        return {
            "projects": projects,
            "project_roles": {project_id: role for project_id, role in roles.items() if role},
            "persons": self.persons(),
            "task_types": self.task_types(),
            "task_status": self.task_statuses(),
            "departments": self.departments(),
            "asset_types": [row for row in self.entity_types() if row["name"] not in KINDS],
            "custom_actions": [] if self._person.role == "vendor" else self._all.custom_actions(),
        }

    def open_projects(self) -> list[Record]:
        """The open projects of whose teams the person is."""
        return [row for row in self._all.open_projects() if self.role_in(row["id"])]

    def role_in(self, project_id: str) -> str | None:
        """The role that counts in a project; None where the person is not in the team, or the project is closed.

        `build_related_projects_filter` in zou/app/services/user_service.py: open projects of whose team one is.
        """
        if project_id not in self._roles:
            self._roles[project_id] = self._role(project_id)
        return self._roles[project_id]

    def _role(self, project_id: str) -> str | None:
        if self._open is None:
            self._open = {row["id"] for row in self._all.open_projects()}
        if project_id not in self._open:
            return None
        mine = next((row for row in self._all.team(project_id) if row["id"] == self._person.id), None)
        return (mine.get("project_role") or self._person.role) if mine else None

    def _own_role(self, project_id: str) -> str | None:
        role = self.role_in(project_id)
        return role if role != self._person.role else None

    def tasks(self, ids: Sequence[str]) -> list[Record]:
        """Those that the person may see; a vendor only assigned ones, a client with the studio's fields blank."""
        return self._tasks(self._all.tasks(ids))

    def project_tasks(self, project_id: str) -> list[Record]:
        """The project's tasks that the person may see."""
        if not self.role_in(project_id):
            raise KitsuForbids
        return self._tasks(self._all.project_tasks(project_id))

    def _tasks(self, rows: Iterable[Record]) -> list[Record]:
        """`TasksResource` in zou/app/blueprints/crud/task.py."""
        shown = [row for row in rows if self._may_see_task(row)]
        return [_blanked(row) if self._is("client", row["project_id"]) else row for row in shown]

    def in_sight(self, ids: Sequence[str]) -> list[Record]:
        """Those that the person may see, with nothing blanked: for the rules of writing."""
        return [row for row in self._all.tasks(ids) if self._may_see_task(row)]

    def _is(self, role: str, project_id: str) -> bool:
        return role in {self._person.role, self.role_in(project_id)}

    def _may_see_task(self, row: Record) -> bool:
        if self.role_in(row["project_id"]) is None:
            return False
        return not self._is("vendor", row["project_id"]) or self._person.id in row["assignees"]

    def entity_tasks(self, entity_ids: Sequence[str]) -> list[Record]:
        """The tasks on these entities that the person may see."""
        return self._tasks(self._all.entity_tasks(entity_ids))

    def entities(self, ids: Sequence[str]) -> list[Record]:
        """Entities of the person's projects; for vendors as well.

        `EntitiesResource` in zou/app/blueprints/crud/entity.py joins a vendor's tasks with the project, not with the entity:
        by id, Zou 1.0.97 shows a vendor every entity of a project they work on (seen live). So do we: parents have names.
        """
        return [row for row in self._all.entities(ids) if self.role_in(row["project_id"])]

    def entity_count(self, project_id: str, entity_type_id: str) -> int:
        """How many entities of a type a project of the person's has."""
        if not self.role_in(project_id):
            raise KitsuForbids
        return self._all.entity_count(project_id, entity_type_id)

    def project_entities(self, project_id: str, for_entity: str) -> list[Record]:
        """Entities of one kind in a project of the person's; a vendor's only with a task of theirs."""
        if not self.role_in(project_id):
            raise KitsuForbids
        rows = self._all.project_entities(project_id, for_entity)
        if not self._is("vendor", project_id):
            return rows
        worked_on = {row["entity_id"] for row in self.entity_tasks([row["id"] for row in rows])}
        return [row for row in rows if row["id"] in worked_on]

    def project_work(self, project_id: str, for_entity: str) -> Iterator[Record]:
        """A vendor's entities are those with a task of theirs, without the others; a client's tasks are blank.

        Concepts are for neither of them (zou/app/blueprints/concepts/resources.py).
        """
        kept_out = self._is("vendor", project_id) or self._is("client", project_id)
        if not self.role_in(project_id) or (for_entity == "Concept" and kept_out):
            raise KitsuForbids
        rows = self._all.project_work(project_id, for_entity)
        return filter(None, (self._own_work(row, project_id) for row in rows)) if kept_out else rows

    def _own_work(self, row: Record, project_id: str) -> Record | None:
        tasks, me = row["tasks"], self._person.id
        if self._is("vendor", project_id):
            tasks = [task for task in tasks if me in task["assignees"]]
            return {**row, "tasks": tasks} if tasks else None
        return {**row, "tasks": [_blanked(task) for task in tasks]}

    def project_time_spents(self, project_id: str) -> Iterator[Record]:
        """Of the whole project, for vendors too; not for clients (`ProductionTimeSpentsResource` in
        zou/app/blueprints/projects/resources.py).
        """
        if not self.role_in(project_id) or self._is("client", project_id):
            raise KitsuForbids
        return self._all.project_time_spents(project_id)

    def status_changes(self, project_id: str, status_ids: Sequence[str]) -> Iterator[Record]:
        """Of the whole project, for vendors too; not for clients (`ProjectNewsResource` in
        zou/app/blueprints/news/resources.py).
        """
        if not self.role_in(project_id) or self._is("client", project_id):
            raise KitsuForbids
        return self._all.status_changes(project_id, status_ids)

    def _visible_tasks(self, ids: Sequence[str]) -> list[str]:
        return [row["id"] for row in self.in_sight(ids)]

    def comments(self, task_ids: Sequence[str]) -> list[Record]:
        """Comments of visible tasks; a client reads those for clients, and those that clients wrote: where a production
        keeps its clients apart, their own (`get_comments` in comments_service.py).
        """
        tasks = {row["id"]: row["project_id"] for row in self.in_sight(task_ids)}
        clients = {row["id"] for row in self._all.persons() if row.get("role") == "client"}
        apart = {row["id"] for row in self._all.open_projects() if row.get("is_clients_isolated")}
        return [
            row
            for row in self._all.comments(list(tasks))
            if not self._is("client", tasks[row["object_id"]])
            or row.get("for_client")
            or row.get("person_id") in ({self._person.id} if tasks[row["object_id"]] in apart else clients)
        ]

    def task_previews(self, task_ids: Sequence[str]) -> list[Record]:
        """Previews of visible tasks."""
        return self._shown(self._all.task_previews(self._visible_tasks(task_ids)))

    def preview_files(self, ids: Sequence[str]) -> list[Record]:
        """Previews whose tasks are visible."""
        rows = self._all.preview_files(ids)
        visible = set(self._visible_tasks(sorted({row["task_id"] for row in rows})))
        return self._shown([row for row in rows if row["task_id"] in visible])

    def _shown(self, previews: list[Record]) -> list[Record]:
        """Remembered: a page of thumbnails asks for each of them."""
        self._previews |= {row["id"]: row for row in previews}
        return previews

    def time_spents(self, task_ids: Sequence[str]) -> list[Record]:
        """Time spent on visible tasks; how long somebody worked is nothing for clients."""
        tasks = self.in_sight(task_ids)
        return self._all.time_spents([row["id"] for row in tasks if not self._is("client", row["project_id"])])

    def casting(self, entities: Iterable[Record]) -> dict[str, list[Record]]:
        """Casting of visible entities; not for vendors (zou/app/blueprints/breakdown/resources.py)."""
        mine = [row for row in entities if self.role_in(row["project_id"])]
        return self._all.casting([row for row in mine if not self._is("vendor", row["project_id"])])

    def persons(self) -> list[Record]:
        """Everybody, in the fields that all may read; a client meets only the people of their projects."""
        rows = self._all.persons()
        if self._person.role != "client":
            return [_only(row, OF_A_PERSON_FOR_ALL) for row in rows]
        teams = {one["id"] for row in self._all.open_projects() if self.role_in(row["id"])
                 for one in self._all.team(row["id"])}  # fmt: skip
        return [_only(row, OF_A_PERSON_FOR_CLIENTS) for row in rows if row["id"] in teams]

    def team(self, project_id: str) -> list[Record]:
        """The team of a project of one's own."""
        if not self.role_in(project_id):
            raise KitsuForbids
        fields = OF_A_PERSON_FOR_CLIENTS if self.role_in(project_id) == "client" else OF_A_PERSON_FOR_ALL
        return [_only(row, [*fields, "project_role"]) for row in self._all.team(project_id)]

    def projects(self) -> list[Record]:
        """The person's open projects."""
        return [row for row in self._all.projects() if self.role_in(row["id"])]

    def entity_types(self) -> list[Record]:
        """The same for everybody."""
        return self._all.entity_types()

    def task_types(self) -> list[Record]:
        """The same for everybody."""
        return self._all.task_types()

    def task_statuses(self) -> list[Record]:
        """The same for everybody."""
        return self._all.task_statuses()

    def departments(self) -> list[Record]:
        """The same for everybody."""
        return self._all.departments()

    def organisation(self) -> Record:
        """The same for everybody."""
        return self._all.organisation()

    def custom_actions(self) -> list[Record]:
        """Every role but vendors reads them (zou/app/blueprints/crud/custom_action.py)."""
        if self._person.role == "vendor":
            raise KitsuForbids
        return self._all.custom_actions()

    def create_custom_action(self, data: Record) -> Record:
        """Only studio managers write custom actions."""
        raise KitsuForbids

    def update_custom_action(self, action_id: str, data: Record) -> Record:
        """Only studio managers write custom actions."""
        raise KitsuForbids

    def delete_custom_action(self, action_id: str) -> None:
        """Only studio managers write custom actions."""
        raise KitsuForbids


def _blanked(task: Record) -> Record:
    return {**task, **{name: copy(value) for name, value in BLANK_FOR_CLIENTS.items() if name in task}}


def _only(row: Record, names: Sequence[str]) -> Record:
    return {name: row.get(name) for name in names if name in row}
