"""What the bridge reads from a Kitsu, and what it publishes to its menu of custom actions.

Rows are Zou's own JSON (`Record`), with Zou's own field names, so that what a page calls `due_date` is what Kitsu calls so.
Every method raises a `KitsuError` from `errors.py` and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

Record = dict[str, Any]
"""One row as Zou's JSON gives it."""


class Reading(Protocol):
    """What one session reads, with the right of its token.

    Lists come in Kitsu's order, which is none: ids that are unknown or not visible to this session are silently missing.
    """

    def whoami(self) -> Record:
        """The account of this session: `id email full_name role active is_bot departments locale timezone`.

        Raises `TokenRejected` for a session that Kitsu does not know (`GET /auth/authenticated`, 401 or 422).
        """

    def context(self) -> Record:
        """What Kitsu's own pages start from: lists named as in `GET /data/user/context`.

        `projects task_types task_status persons departments asset_types custom_actions` as lists of rows, and
        `project_roles` as `{project id: role}` for the account itself. Raises `KitsuForbids` for a bot: it is for people.
        """

    def open_projects(self) -> list[Record]:
        """The open projects that this session may see."""

    def tasks(self, ids: Sequence[str]) -> list[Record]:
        """Task rows by id, with `assignees` (list of person ids)."""

    def entity_tasks(self, entity_ids: Sequence[str]) -> list[Record]:
        """Task rows by the entity they are on, with `assignees`."""

    def entities(self, ids: Sequence[str]) -> list[Record]:
        """Entity rows by id: shots, assets, sequences, episodes, edits and concepts alike, told apart by `entity_type_id`."""

    def entity_types(self) -> list[Record]:
        """All entity types: `Shot Sequence Episode Edit Concept Scene`; every other name is an asset type."""

    def persons(self) -> list[Record]:
        """All persons visible to this session."""

    def projects(self) -> list[Record]:
        """All projects visible to this session, closed ones too, with `production_type` (`short featurefilm tvshow ...`)."""

    def task_types(self) -> list[Record]:
        """All task types, with `color short_name priority department_id for_entity`."""

    def task_statuses(self) -> list[Record]:
        """All task statuses, with `color short_name is_done is_retake is_feedback_request`."""

    def departments(self) -> list[Record]:
        """All departments."""

    def organisation(self) -> Record:
        """The studio's own settings, with `name hours_by_day`."""

    def team(self, project_id: str) -> list[Record]:
        """The persons of a project's team, each with `role` (in the studio) and `project_role` (in the project or None)."""

    def project_tasks(self, project_id: str) -> list[Record]:
        """All tasks of a project, with `assignees`."""

    def project_entities(self, project_id: str, for_entity: str) -> list[Record]:
        """All entities of one kind in a project: `Shot Asset Sequence Episode Edit Concept`, as task types name them."""

    def project_work(self, project_id: str, for_entity: str) -> Iterator[Record]:
        """All entities of one kind in a project with their `tasks`, row by row, as Kitsu's own pages read them.

        Each has `id name canceled`, and where it has them `nb_frames asset_type_name sequence_id sequence_name episode_id
        episode_name`; each task what `project_tasks` gives, but for its project, its dates of creation and what no page shows.
        Raises `KitsuForbids` before the first row.
        """

    def project_time_spents(self, project_id: str) -> Iterator[Record]:
        """All time spent in a project, row by row: `task_id person_id date duration` (minutes). Not for clients."""

    def status_changes(self, project_id: str, status_ids: Sequence[str]) -> Iterator[Record]:
        """Each change of a task of a project to one of these statuses: `task_id task_status_id created_at`. Not for clients.

        Of tasks that the session does not see, too, where Zou tells of them: it goes by the project alone.
        """

    def entity_count(self, project_id: str, entity_type_id: str) -> int:
        """How many entities of a type a project has."""

    def preview_files(self, ids: Sequence[str]) -> list[Record]:
        """Preview file rows by id."""

    def task_previews(self, task_ids: Sequence[str]) -> list[Record]:
        """All preview files of these tasks, each with `task_id revision extension position`."""

    def comments(self, task_ids: Sequence[str]) -> list[Record]:
        """All comments of these tasks, each with `object_id` (the task), `person_id`, `text`, `task_status_id`."""

    def time_spents(self, task_ids: Sequence[str]) -> list[Record]:
        """All time spent on these tasks, each with `task_id person_id date duration` (minutes)."""

    def casting(self, entities: Iterable[Record]) -> dict[str, list[Record]]:
        """What is cast in these entity rows: entity id -> rows with `asset_id asset_name asset_type_name nb_occurences label`.

        `entities` are rows of `entities()`: `id` and `project_id` are read from them.
        """

    def custom_actions(self) -> list[Record]:
        """All custom actions: `id name url entity_type is_ajax`."""

    def create_custom_action(self, data: Record) -> Record:
        """Create a custom action of `name url entity_type is_ajax`; needs an admin's token."""

    def update_custom_action(self, action_id: str, data: Record) -> Record:
        """Change a custom action; raises `NotInKitsu` when it is gone."""

    def delete_custom_action(self, action_id: str) -> None:
        """Delete a custom action; one that is gone already is no error."""
