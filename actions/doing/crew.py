"""The people that a run is about: who was chosen, what they are called, and in whose team they are."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property

from actions.contract import ActionError, Call
from kitsu_bridge.kitsu.errors import KitsuForbids, NotInKitsu
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.tasks import Task


def chosen(call: Call, people: Sequence[str], me: bool) -> list[str]:
    """The ids of the chosen people, each once; `me`: with the person of the call. Raises `ActionError` for nobody."""
    if me and call.person is None:
        raise ActionError("Nobody is known to have started this: choose people.")
    ids = [*people, *([call.person.id] if me and call.person else [])]
    if not ids:
        raise ActionError("Choose people, or yourself.")
    return list(dict.fromkeys(ids))


class Crew:
    """People, departments and teams as the person of the call may see them; what was asked once is kept for the run."""

    def __init__(self, call: Call) -> None:
        self._kitsu = call.kitsu
        self._teams: dict[str, frozenset[str] | None] = {}

    @cached_property
    def people(self) -> dict[str, Record]:
        """Everybody, by id."""
        return {row["id"]: row for row in self._kitsu.persons()}

    @cached_property
    def departments(self) -> dict[str, str]:
        """The names of the departments, by id."""
        return {row["id"]: row["name"] for row in self._kitsu.departments()}

    def name(self, person_id: str) -> str:
        """What somebody is called."""
        row = self.people.get(person_id) or {}
        return str(row.get("full_name") or row.get("email") or "somebody")

    def names(self, ids: Sequence[str]) -> str:
        """`Noa Bar-Lev, Juno Park`; `nobody`."""
        return ", ".join(self.name(one) for one in ids) or "nobody"

    def is_active(self, person_id: str) -> bool:
        """Whether the account may sign in."""
        return bool((self.people.get(person_id) or {}).get("active", True))

    def is_bot(self, person_id: str) -> bool:
        """Whether it is a program's account."""
        return bool((self.people.get(person_id) or {}).get("is_bot"))

    def may_be_in(self, task: Task, person_id: str) -> bool:
        """Whether somebody is in the team of a task's production; true where the team may not be read."""
        team = self._team(task.project.id)
        return team is None or person_id in team

    def strangers(self, task: Task, ids: Sequence[str]) -> list[str]:
        """Those who have departments, and not the one of the task's type."""
        wanted = task.task_type.department_id
        if not wanted:
            return []
        return [one for one in ids if wanted not in ((self.people.get(one) or {}).get("departments") or [wanted])]

    def _team(self, project_id: str) -> frozenset[str] | None:
        if project_id not in self._teams:
            self._teams[project_id] = None
            with suppress(KitsuForbids, NotInKitsu):
                self._teams[project_id] = frozenset(row["id"] for row in self._kitsu.team(project_id))
        return self._teams[project_id]
