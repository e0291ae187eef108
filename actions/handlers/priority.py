"""Set the priority of the selected tasks to one of Kitsu's four levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from actions.contract import Call, Field, Outcome, Plan
from actions.doing.changing import SAME, Change, Doing, carry_out, foresee
from actions.doing.rights import Rights
from actions.registry import handler
from kitsu_bridge.kitsu.tasks import Priority, Task, priority_name

Level = Annotated[Priority, Field(label="Priority", help="Emergencies stand first in everybody's list of tasks.")]

NOT_ALLOWED = "the priority of this task is not yours to set. Supervisors of its department and managers may."


@handler(title="Set the priority")
def run(call: Call, *, priority: Level = Priority.HIGH) -> Outcome:
    """The same level for all of them."""
    return carry_out(call, _doing(call, priority))


def preview(call: Call, *, priority: Level = Priority.HIGH) -> Plan:
    """Which tasks change, and from what."""
    return foresee(call, _doing(call, priority))


def _doing(call: Call, level: Priority) -> Doing:
    def decide(tasks: Sequence[Task]) -> list[Change]:
        return [_change(task, level) for task in tasks]

    def write(changes: Sequence[Change]) -> Iterator[str]:
        yield from call.kitsu.set_priority([change.task.id for change in changes], int(level))

    what = f"Priority {priority_name(level).lower()}"
    return Doing(what, decide, write, NOT_ALLOWED, frozenset({"priority"}), may=_may)


def _may(rights: Rights, change: Change) -> bool:
    return rights.changes_task(change.task.record, ["priority"])


def _change(task: Task, level: Priority) -> Change:
    now = task.record.get("priority") or 0
    if now == level:
        return Change(task, "same", SAME)
    return Change(task, "write", "Priority", priority_name(now), priority_name(level))
