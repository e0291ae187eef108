"""What a person may write: Zou's own rules, asked where the bot stands in the person's place.

Each rule bears the name of its function in zou/app/services/permissions_service.py (Zou 1.0.97). Roles are those in the
project: `None` is somebody outside its team, who may nothing. A person's right decides, never the bot's alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.reading import Record
from kitsu_bridge.kitsu.tasks import Task

LEADS = ("admin", "manager")

A_SUPERVISOR_CHANGES = frozenset({"priority", "start_date", "due_date", "estimation", "difficulty", "data"})
"""Fields of a task: `allowed_columns` of `check_supervisor_task_access`."""


@dataclass(frozen=True, slots=True)
class Rights:
    """The rules for one person. `role_in` and `department_of` (of a task type) tell what Kitsu knows."""

    person_id: str
    departments: frozenset[str]
    role_in: Callable[[str], str | None]
    department_of: Callable[[str], str | None]
    clients_use: Callable[[str, str], bool | None] = lambda project_id, status_id: None
    """Whether a production lets its clients use a status, where it says so itself."""

    @classmethod
    def of(cls, person: Person, tasks: Iterable[Task]) -> Rights:
        """As far as the person's own row and these tasks tell; tasks that somebody sees are of projects of theirs."""
        departments = {task.task_type.id: task.task_type.department_id for task in tasks}
        clients_use = statuses_of_clients(task.project.record for task in tasks)
        return cls(person.id, frozenset(person.departments), person.role_in, departments.get, clients_use)

    def leads(self, project_id: str) -> bool:
        """`has_manager_project_access`: castings, and everything else that managers alone do."""
        return self.role_in(project_id) in LEADS

    def reviews(self, project_id: str) -> bool:
        """`check_supervisor_project_access`: who creates playlists."""
        return self.role_in(project_id) in (*LEADS, "supervisor")

    def acts_on(self, task: Record, created_by: str | None) -> bool:
        """`check_task_action_access`: comments and previews. `created_by`: who made the entity."""
        role = self.role_in(task["project_id"])
        if role is None:
            return False
        return (
            role in (*LEADS, "client")
            or self.person_id in task["assignees"]
            or (role == "supervisor" and self._supervises(task))
            or created_by == self.person_id
        )

    def uses_status(self, status: Record, project_id: str) -> bool:
        """`check_task_status_access`: some statuses are not for artists, some not for clients, or not in this production."""
        role = self.role_in(project_id)
        if role == "client":
            own = self.clients_use(project_id, status["id"])
            return bool(status.get("is_client_allowed") if own is None else own)
        return role != "user" or bool(status.get("is_artist_allowed"))

    def answers(self, project_id: str) -> bool:
        """`check_task_mention_access`: who may answer where somebody mentioned them."""
        return self.role_in(project_id) not in (None, "vendor")

    def is_mentioned(self, comment: Record) -> bool:
        """`is_person_mentioned_on_task`: by name or by department, in a comment or in an answer to one."""
        said = [comment, *(comment.get("replies") or [])]
        return any(
            self.person_id in (one.get("mentions") or []) or self._shares(one.get("department_mentions") or [])
            for one in said
        )

    def assigns(self, task: Record, person: Record) -> bool:
        """`check_task_department_access`: a supervisor within the department, and everybody themselves within their own."""
        role = self.role_in(task["project_id"])
        if role is None:
            return False
        theirs = self._department(task) in self.departments
        return (
            role in LEADS
            or (
                role == "supervisor"
                and (not self.departments or (theirs and self._shares(person.get("departments") or ())))
            )
            or (theirs and person["id"] == self.person_id)
        )

    def unassigns(self, task: Record, person_id: str) -> bool:
        """`check_task_department_access_for_unassign`: everybody may take themselves off."""
        role = self.role_in(task["project_id"])
        if role is None:
            return False
        return (
            role in LEADS
            or (role == "supervisor" and self._supervises(task))
            or (self.person_id in task["assignees"] and person_id == self.person_id)
        )

    def changes_task(self, task: Record, fields: Collection[str]) -> bool:
        """`check_supervisor_task_access`: managers everything, supervisors the planning of their department."""
        role = self.role_in(task["project_id"])
        return role in LEADS or (
            role == "supervisor" and set(fields) <= A_SUPERVISOR_CHANGES and self._supervises(task)
        )

    def says_time(self, task: Record, person_id: str) -> bool:
        """`check_time_spent_access`: one's own time, or as a manager; only of people who are assigned."""
        own = person_id == self.person_id
        return person_id in task["assignees"] and (own or self.role_in(task["project_id"]) in LEADS)

    def changes_entity(self, entity: Record, names: Collection[str], descriptors: Sequence[Record]) -> bool:
        """`check_metadata_department_access`: managers, who made it, and supervisors the fields of their departments.

        `descriptors`: the custom fields of this kind of entity; none for kinds that Zou gives supervisors nothing of.
        """
        role = self.role_in(entity["project_id"])
        if role in LEADS or (role is not None and entity.get("created_by") == self.person_id):
            return True
        if role != "supervisor" or not self.departments:
            return role == "supervisor"
        theirs = {row["field_name"] for row in descriptors if self._shares(row["departments"])}
        return bool(names) and set(names) <= theirs

    def reads_playlist(self, project_id: str, for_client: bool) -> bool:
        """`check_playlist_read_access`: not for vendors; clients those for clients."""
        role = self.role_in(project_id)
        return role not in (None, "vendor") and (role != "client" or for_client)

    def changes_playlist(self, playlist: Record) -> bool:
        """`check_playlist_update_access`: managers, and supervisors their own and nobody's."""
        role = self.role_in(playlist["project_id"])
        return role in LEADS or (role == "supervisor" and playlist.get("created_by") in (None, self.person_id))

    def sets_main_preview(self, project_id: str) -> bool:
        """`SetMainPreviewResource`: whoever sees the entity, but for clients."""
        return self.role_in(project_id) not in (None, "client")

    def _department(self, task: Record) -> str | None:
        return self.department_of(task["task_type_id"])

    def _supervises(self, task: Record) -> bool:
        """A supervisor without departments supervises all."""
        return not self.departments or self._department(task) in self.departments

    def _shares(self, departments: Collection[str]) -> bool:
        return not self.departments.isdisjoint(departments)


def statuses_of_clients(projects: Iterable[Record]) -> Callable[[str, str], bool | None]:
    """What productions say of their clients' statuses (`is_task_status_client_allowed` in projects_service.py)."""
    links = {row["id"]: row.get("task_statuses_link") or {} for row in projects}

    def clients_use(project_id: str, status_id: str) -> bool | None:
        found: bool | None = links.get(project_id, {}).get(status_id, {}).get("is_client_allowed")
        return found

    return clients_use
