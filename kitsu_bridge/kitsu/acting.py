"""Writing in a person's place: the bot writes, the person's right decides, and their name stands under it.

What Zou would refuse the person is refused here, and what it would leave out is left out. Nobody writes what they do not see.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path

from kitsu_bridge.kitsu.errors import KitsuForbids, NotInKitsu
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.reading import Record
from kitsu_bridge.kitsu.rights import Rights, statuses_of_clients
from kitsu_bridge.kitsu.tasks import KINDS
from kitsu_bridge.kitsu.writing import Written

FORBIDDEN = str(KitsuForbids())


class Acting(ABC):
    """`Writing` for one person, over a session that may write everything."""

    _all: Kitsu
    _person: Person
    _own: bool
    _previews: dict[str, Record]
    """Previews that the person was shown already."""

    @abstractmethod
    def role_in(self, project_id: str) -> str | None:
        """The role that counts in a project; None outside its team."""

    @abstractmethod
    def in_sight(self, ids: Sequence[str]) -> list[Record]:
        """The tasks among these that the person sees, as the bot reads them: nothing is blanked."""

    @abstractmethod
    def preview_files(self, ids: Sequence[str]) -> list[Record]:
        """The previews that the person sees."""

    @cached_property
    def rights(self) -> Rights:
        """The person's rights, with what Kitsu knows of them now. In their own session nothing is forbidden here: Zou does."""
        departments = {row["id"]: row.get("department_id") for row in self._all.task_types()}
        return Rights(
            self._person.id,
            frozenset(self._person.departments),
            (lambda _: "admin") if self._own else self.role_in,
            departments.get,
            statuses_of_clients(self._all.open_projects()),
        )

    def _one(self, task_id: str) -> Record:
        found = self.in_sight([task_id])
        if not found:
            raise NotInKitsu
        return found[0]

    def _made_by(self, tasks: Sequence[Record]) -> dict[str, str | None]:
        """Task id -> who made its entity."""
        makers = {row["id"]: row.get("created_by") for row in self._all.entities([row["entity_id"] for row in tasks])}
        return {row["id"]: makers.get(row["entity_id"]) for row in tasks}

    # Comments

    def post_comments(self, drafts: Sequence[Record]) -> Written:
        """Those that the person may write, in their name."""
        allowed, refused = self._allowed(drafts)
        if drafts and not allowed and set(refused.values()) == {FORBIDDEN}:
            raise KitsuForbids
        found = self._all.post_comments(allowed)
        return Written(found, found.refused | refused)

    def post_comment(self, draft: Record, attachments: Sequence[Path] = ()) -> Record:
        """One, in the person's name."""
        allowed, refused = self._allowed([draft])
        if not allowed:
            raise KitsuForbids if set(refused.values()) == {FORBIDDEN} else NotInKitsu
        return self._all.post_comment(allowed[0], attachments)

    def _allowed(self, drafts: Sequence[Record]) -> tuple[list[Record], dict[str, str]]:
        """Those that may be written, signed; and of the others why not."""
        tasks = {row["id"]: row for row in self.in_sight([draft["object_id"] for draft in drafts])}
        statuses = {row["id"]: row for row in self._all.task_statuses()}
        acts = self._acts_on(list(tasks.values()))
        answers = self._mentioned_in([one for one in tasks.values() if one["id"] not in acts])
        allowed, refused = [], {}
        for draft in drafts:
            task, status = tasks.get(draft["object_id"]), statuses.get(draft["task_status_id"])
            if task is None or status is None:
                refused[draft["object_id"]] = str(NotInKitsu())
                continue
            same = status["id"] == task["task_status_id"]
            may = task["id"] in acts or (same and task["id"] in answers)
            if may and self.rights.uses_status(status, task["project_id"]):
                allowed.append(self._signed(draft, task["project_id"]))
            else:
                refused[task["id"]] = FORBIDDEN
        return allowed, refused

    def _acts_on(self, tasks: Sequence[Record]) -> set[str]:
        makers = self._made_by(tasks)
        return {task["id"] for task in tasks if self.rights.acts_on(task, makers[task["id"]])}

    def _mentioned_in(self, tasks: Sequence[Record]) -> set[str]:
        """Where somebody mentioned the person, they may answer, and nothing else."""
        task_ids = [row["id"] for row in tasks if self.rights.answers(row["project_id"])]
        if not task_ids:
            return set()
        return {row["object_id"] for row in self._all.comments(task_ids) if self.rights.is_mentioned(row)}

    def _signed(self, draft: Record, project_id: str) -> Record:
        """A manager may write in another's name, and for clients; everybody else in their own (`CommentTaskResource`)."""
        if self.rights.leads(project_id):
            return {**draft, "person_id": draft.get("person_id") or self._person.id}
        return {**draft, "person_id": self._person.id, "for_client": False}

    # Tasks

    def assign(self, task_ids: Sequence[str], person_id: str) -> list[str]:
        """On the tasks where the person may."""
        person = next((row for row in self._all.persons() if row["id"] == person_id), None)
        if person is None:
            raise NotInKitsu
        tasks = self.in_sight(task_ids)
        return self._all.assign([task["id"] for task in tasks if self.rights.assigns(task, person)], person_id)

    def unassign(self, task_ids: Sequence[str], person_id: str = "") -> list[str]:
        """On the tasks where the person may."""
        tasks = self.in_sight(task_ids)
        return self._all.unassign([task["id"] for task in tasks if self.rights.unassigns(task, person_id)], person_id)

    def set_priority(self, task_ids: Sequence[str], priority: int) -> list[str]:
        """On the tasks where the person may."""
        tasks = self.in_sight(task_ids)
        may = [task["id"] for task in tasks if self.rights.changes_task(task, ["priority"])]
        return self._all.set_priority(may, priority)

    def update_task(self, task_id: str, data: Record) -> Record:
        """Where the person may change all these fields."""
        _demand(self.rights.changes_task(self._one(task_id), data))
        return self._all.update_task(task_id, data)

    def set_time_spent(self, task_id: str, person_id: str, day: str, minutes: int, *, add: bool = False) -> Record:
        """The person's own time, or as a manager."""
        _demand(self._own or self.rights.says_time(self._one(task_id), person_id))
        return self._all.set_time_spent(task_id, person_id, day, minutes, add=add)

    # Entities

    def metadata_descriptors(self, project_id: str) -> list[Record]:
        """A client's those for clients, a vendor's those of their departments or of none (`get_descriptor_visibility`)."""
        role = self.role_in(project_id)
        _demand(role is not None)
        rows = self._all.metadata_descriptors(project_id)
        if role == "client":
            return [row for row in rows if row.get("for_client")]
        if role == "vendor":
            return [
                row
                for row in rows
                if not row["departments"] or not self.rights.departments.isdisjoint(row["departments"])
            ]
        return rows

    def update_entity_data(self, entity_id: str, data: Record) -> Record:
        """Where the person may change all these fields."""
        entity = self._entity(entity_id)
        names = {row["id"]: row["name"] for row in self._all.entity_types()}
        kind = names[entity["entity_type_id"]]
        kind = kind if kind in KINDS else "Asset"
        descriptors = [
            row
            for row in self._descriptors(entity["project_id"])
            if row["entity_type"] == kind and kind in {"Shot", "Asset", "Edit"}
        ]
        _demand(self.rights.changes_entity(entity, data, descriptors))
        return self._all.update_entity_data(entity_id, data)

    @cached_property
    def _descriptors(self) -> Callable[[str], list[Record]]:
        """All custom fields of a production: read once, as the rights are, and not for each of 1,000 entities."""
        return cache(self._all.metadata_descriptors)

    def set_casting(self, project_id: str, entity_id: str, casting: Sequence[Record]) -> list[Record]:
        """Managers alone."""
        _demand(self.rights.leads(project_id) and self._entity(entity_id)["project_id"] == project_id)
        return self._all.set_casting(project_id, entity_id, casting)

    def _entity(self, entity_id: str) -> Record:
        found = next(iter(self._all.entities([entity_id])), None)
        if found is None or self.role_in(found["project_id"]) is None:
            raise NotInKitsu
        return found

    # Playlists

    def playlists(self, project_id: str) -> list[Record]:
        """Not for vendors; a client's those for clients."""
        _demand(self.rights.reads_playlist(project_id, for_client=True))
        rows = self._all.playlists(project_id)
        return [row for row in rows if self.rights.reads_playlist(project_id, bool(row.get("for_client")))]

    def playlist(self, project_id: str, playlist_id: str) -> Record:
        """Not for vendors; a client's those for clients."""
        _demand(self.rights.reads_playlist(project_id, for_client=True))
        row = self._all.playlist(project_id, playlist_id)
        _demand(self.rights.reads_playlist(project_id, bool(row.get("for_client"))))
        return row

    def playlist_row(self, playlist_id: str) -> Record:
        """Not for vendors; a client's those for clients."""
        row = self._all.playlist_row(playlist_id)
        _demand(self.rights.reads_playlist(row["project_id"], bool(row.get("for_client"))))
        return row

    def create_playlist(self, data: Record) -> Record:
        """Supervisors and managers, in their name."""
        _demand(self.rights.reviews(data["project_id"]))
        return self._all.create_playlist({**data, "created_by": self._person.id})

    def add_to_playlist(self, playlist_id: str, entries: Sequence[Record]) -> Record:
        """Managers, and supervisors to their own."""
        _demand(self.rights.changes_playlist(self._all.playlist_row(playlist_id)))
        return self._all.add_to_playlist(playlist_id, entries)

    # Previews

    def create_preview(self, task_id: str, comment_id: str, *, person_id: str = "") -> Record:
        """On a task that the person may comment on, in their name."""
        task = self._one(task_id)
        _demand(bool(self._acts_on([task])))
        manager = self.rights.leads(task["project_id"])
        return self._all.create_preview(task_id, comment_id, person_id=(manager and person_id) or self._person.id)

    def upload_preview(self, preview_id: str, path: Path) -> Record:
        """On a task that the person may comment on."""
        _demand(bool(self._acts_on([self._task_of(preview_id)])))
        return self._all.upload_preview(preview_id, path)

    def set_main_preview(self, preview_id: str) -> Record:
        """Whoever sees the task, but for clients."""
        _demand(self.rights.sets_main_preview(self._task_of(preview_id)["project_id"]))
        return self._all.set_main_preview(preview_id)

    def preview_content(self, preview: Record, largest: int) -> Iterator[bytes]:
        """Of a task that the person sees."""
        self._preview(preview["id"])
        return self._all.preview_content(preview, largest)

    def thumbnail(self, preview_id: str, *, large: bool = False) -> bytes:
        """Of a task that the person sees."""
        self._preview(preview_id)
        return self._all.thumbnail(preview_id, large=large)

    def _task_of(self, preview_id: str) -> Record:
        return self._one(self._preview(preview_id)["task_id"])

    def _preview(self, preview_id: str) -> Record:
        """A preview in sight; each is asked for once."""
        if preview_id not in self._previews:
            self.preview_files([preview_id])
        if preview_id not in self._previews:
            raise NotInKitsu
        return self._previews[preview_id]


def _demand(allowed: bool) -> None:
    if not allowed:
        raise KitsuForbids
