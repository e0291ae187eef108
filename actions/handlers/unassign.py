"""Take people off the selected tasks: some of them, oneself, or everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated

from actions.contract import ActionError, Call, Field, Outcome, PersonId, Plan
from actions.doing.changing import Change, Doing, carry_out, foresee
from actions.doing.crew import Crew, chosen
from actions.doing.rights import Rights
from actions.registry import handler
from kitsu_bridge.kitsu.tasks import Task

People = Annotated[tuple[PersonId, ...], Field(label="People", help="Whom to take off.")]
Me = Annotated[bool, Field(label="Me", help="Take yourself off.")]
Everybody = Annotated[bool, Field(label="Everybody", help="Take all people off; then nobody is to be chosen.")]

NOT_ALLOWED = (
    "this task's people are not yours to take off. Managers take off anybody; supervisors on tasks of their departments; "
    "artists themselves."
)


@handler(title="Take people off")
def run(call: Call, *, people: People = (), me: Me = False, everybody: Everybody = False) -> Outcome:
    """Whoever of the chosen ones is assigned."""
    return carry_out(call, Unassigning(call, people, me, everybody).doing())


def preview(call: Call, *, people: People = (), me: Me = False, everybody: Everybody = False) -> Plan:
    """Who would be left on each task."""
    return foresee(call, Unassigning(call, people, me, everybody).doing())


class Unassigning:
    """How one run takes people off."""

    def __init__(self, call: Call, people: Sequence[str], me: bool, everybody: bool) -> None:
        if everybody and (people or me):
            raise ActionError("Choose people, or everybody, not both.")
        self._kitsu, self._crew, self._everybody = call.kitsu, Crew(call), everybody
        self._chosen = [] if everybody else chosen(call, people, me)

    def doing(self) -> Doing:
        """How to change tasks."""
        who = "everybody" if self._everybody else self._crew.names(self._chosen)
        return Doing(f"Take {who} off", self.decide, self.write, NOT_ALLOWED, frozenset({"assignees"}), may=_may)

    def decide(self, tasks: Sequence[Task]) -> list[Change]:
        """Who goes from each task."""
        return [self._change(task) for task in tasks]

    def write(self, changes: Sequence[Change]) -> Iterator[str]:
        """Person by person; those who go are named, so that somebody assigned at this very moment stays."""
        groups: dict[str, list[str]] = defaultdict(list)
        for change in changes:
            for person_id in change.value:
                groups[person_id].append(change.task.id)
        dropped: set[str] = set()
        for person_id, ids in groups.items():
            dropped |= set(ids) - set(self._kitsu.unassign(ids, person_id))
        yield from (change.task.id for change in changes if change.task.id not in dropped)

    def _change(self, task: Task) -> Change:
        now = list(task.record.get("assignees") or [])
        go = [one for one in now if self._everybody or one in self._chosen]
        if not go:
            return Change(task, "same", "Nobody of them is assigned.")
        names = self._crew.names
        return Change(task, "write", "Taken off", names(now), names([one for one in now if one not in go]), go)


def _may(rights: Rights, change: Change) -> bool:
    return all(rights.unassigns(change.task.record, one) for one in change.value)
