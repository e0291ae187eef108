"""Assign people to the selected tasks, beside those who are assigned already or in their place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from actions.contract import Call, Field, Outcome, PersonId, Plan
from actions.doing.changing import SAME, Change, Doing, carry_out, foresee
from actions.doing.crew import Crew, chosen
from actions.doing.rights import Rights
from actions.registry import handler
from kitsu_bridge.kitsu.tasks import Task

People = Annotated[tuple[PersonId, ...], Field(label="People", help="Whom to assign.")]
Me = Annotated[bool, Field(label="Me", help="Assign yourself.")]
How = Annotated[
    Literal["add", "replace"],
    Field(
        label="Those who are assigned already",
        choices=(("add", "Stay assigned"), ("replace", "Are taken off the task")),
    ),
]

NOT_ALLOWED = (
    "this task is not yours to assign. Managers assign anybody; supervisors people of their own departments, on tasks of "
    "these; artists themselves, on tasks of their departments."
)


@handler(title="Assign people")
def run(call: Call, *, people: People = (), me: Me = False, how: How = "add") -> Outcome:
    """Each of the people to each of the tasks."""
    return carry_out(call, Assigning(call, people, me, how).doing())


def preview(call: Call, *, people: People = (), me: Me = False, how: How = "add") -> Plan:
    """Who would be on each task; who is not in the production's team blocks it, another department is said."""
    return foresee(call, Assigning(call, people, me, how).doing())


class Assigning:
    """How one run assigns."""

    def __init__(self, call: Call, people: Sequence[str], me: bool, how: str) -> None:
        self._kitsu, self._crew = call.kitsu, Crew(call)
        self._chosen, self._replace = chosen(call, people, me), how == "replace"

    def doing(self) -> Doing:
        """How to change tasks."""
        what = f"Assign {self._crew.names(self._chosen)}"
        return Doing(what, self.decide, self.write, NOT_ALLOWED, frozenset({"assignees"}), may=self._may)

    def decide(self, tasks: Sequence[Task]) -> list[Change]:
        """Who comes to each task, and who goes."""
        return [self._change(task) for task in tasks]

    def write(self, changes: Sequence[Change]) -> Iterator[str]:
        """Person by person; those who come first, so that nobody is missing in between."""
        dropped: set[str] = set()
        for person_id, ids in _by_person(changes, "come").items():
            dropped |= set(ids) - set(self._kitsu.assign(ids, person_id))
        for person_id, ids in _by_person(changes, "go").items():
            if wanted := [one for one in ids if one not in dropped]:
                dropped |= set(wanted) - set(self._kitsu.unassign(wanted, person_id))
        yield from (change.task.id for change in changes if change.task.id not in dropped)

    def _change(self, task: Task) -> Change:
        now = list(task.record.get("assignees") or [])
        come = [one for one in self._chosen if one not in now]
        go = [one for one in now if one not in self._chosen] if self._replace else []
        if not come and not go:
            return Change(task, "same", SAME)
        if reason := next(filter(None, (self._why_not(task, one) for one in come)), ""):
            return Change(task, "blocked", reason)
        after = [one for one in [*now, *come] if one not in go]
        names = self._crew.names
        return Change(task, "write", self._message(task, come), names(now), names(after), {"come": come, "go": go})

    def _why_not(self, task: Task, person_id: str) -> str:
        """Zou itself takes anybody, and puts them into the team (zou/app/blueprints/tasks/resources.py in 1.0.97)."""
        if not self._crew.may_be_in(task, person_id):
            return f"{self._crew.name(person_id)} is not in the team of {task.project.name}."
        if not self._crew.is_active(person_id):
            return f"The account of {self._crew.name(person_id)} is not active."
        if self._crew.is_bot(person_id) and not task.project.record.get("is_bot_collaboration_enabled"):
            return f"{self._crew.name(person_id)} is a bot, and {task.project.name} is not open to bots."
        return ""

    def _may(self, rights: Rights, change: Change) -> bool:
        row, people = change.task.record, self._crew.people
        return all(rights.assigns(row, people.get(one) or {"id": one}) for one in change.value["come"]) and all(
            rights.unassigns(row, one) for one in change.value["go"]
        )

    def _message(self, task: Task, come: Sequence[str]) -> str:
        strangers = self._crew.strangers(task, come)
        if not strangers:
            return "Assigned"
        department = self._crew.departments.get(task.task_type.department_id or "", "of the task")
        return f"Assigned ({self._crew.names(strangers)}: not of the department {department})"


def _by_person(changes: Sequence[Change], which: Literal["come", "go"]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        for person_id in change.value[which]:
            groups[person_id].append(change.task.id)
    return groups
