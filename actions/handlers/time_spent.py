"""Log time spent on the selected tasks on one day, for oneself or for somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from actions.contract import ActionError, Call, Field, Outcome, PersonId, Plan
from actions.doing.changing import SAME, Change, Doing, carry_out, foresee, written_since
from actions.doing.crew import Crew
from actions.doing.rights import Rights
from actions.registry import handler
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.tasks import Task

Amount = Annotated[float, Field(label="Time spent on each task", least=0.01, most=1440)]
Unit = Annotated[Literal["hours", "minutes"], Field(label="Time spent in")]
Day = Annotated[date | None, Field(label="Day", help="Empty: today.")]
Who = Annotated[PersonId | None, Field(label="Person", help="Empty: yourself. Managers may log time for others.")]
How = Annotated[
    Literal["add", "set"],
    Field(label="What is logged for that day already", choices=(("add", "Is added to"), ("set", "Is replaced"))),
]

A_DAY = 24 * 60
NOT_ALLOWED = "this person's time is not yours to log, or they are not assigned any more."
"""Zou answers that with 403 (`check_time_spent_access` in zou/app/services/permissions_service.py in 1.0.97)."""


@handler(title="Log time spent")
def run(
    call: Call, *, amount: Amount, unit: Unit = "hours", day: Day = None, person: Who = None, how: How = "add"
) -> Outcome:
    """The same time on each task."""
    return carry_out(call, Logging(call, amount, unit, day, person, how).doing())


def preview(
    call: Call, *, amount: Amount, unit: Unit = "hours", day: Day = None, person: Who = None, how: How = "add"
) -> Plan:
    """What that day would have on each task; tasks to which the person is not assigned are blocked."""
    return foresee(call, Logging(call, amount, unit, day, person, how).doing())


class Logging:
    """How one run logs time."""

    def __init__(self, call: Call, amount: float, unit: str, day: date | None, person: str | None, how: str) -> None:
        self._call, self._crew, self._add = call, Crew(call), how == "add"
        self._minutes = round(amount * (60 if unit == "hours" else 1))
        self._day = (day or _today(call)).isoformat()
        self._person = person or (call.person.id if call.person else "")
        if not self._person:
            raise ActionError("Nobody is known to have started this: choose a person.")
        if not 1 <= self._minutes <= A_DAY:
            raise ActionError("A day has between one minute and 24 hours to log.")

    def doing(self) -> Doing:
        """How to change tasks; one by one, as Kitsu takes them."""
        what = f"Log {_shown(self._minutes)} of {self._crew.name(self._person)} on {self._day}"
        return Doing(what, self.decide, self.write, NOT_ALLOWED, frozenset({"assignees"}), at_once=1, may=self._may)

    def decide(self, tasks: Sequence[Task]) -> list[Change]:
        """What that day would have on each task."""
        rows = self._call.kitsu.time_spents([task.id for task in tasks])
        mine = {
            row["task_id"]: row for row in rows if row["person_id"] == self._person and row["date"][:10] == self._day
        }
        return [self._change(task, mine.get(task.id)) for task in tasks]

    def write(self, changes: Sequence[Change]) -> Iterator[str]:
        """What is added is added by Kitsu, so that what somebody logs at the same moment counts as well."""
        for change in changes:
            self._call.kitsu.set_time_spent(change.task.id, self._person, self._day, self._minutes, add=self._add)
            yield change.task.id

    def _change(self, task: Task, row: Record | None) -> Change:
        now = round(row["duration"]) if row else 0
        if self._person not in (task.record.get("assignees") or []):
            return Change(
                task, "blocked", f"{self._crew.name(self._person)} is not assigned to it: Kitsu takes no time then."
            )
        if row is not None and self._add and self._logged_since(row):
            return Change(task, "there", f"Was there already: {_shown(now)} for that day, logged since the first try.")
        after = now + self._minutes if self._add else self._minutes
        if after == now:
            return Change(task, "same", SAME)
        if after > A_DAY:
            return Change(task, "blocked", f"With the {_shown(now)} logged already it would be more than 24 hours.")
        return Change(task, "write", "Time spent", _shown(now), _shown(after))

    def _may(self, rights: Rights, change: Change) -> bool:
        return rights.says_time(change.task.record, self._person)

    def _logged_since(self, row: Record) -> bool:
        """Whether an earlier try may have added it: Kitsu keeps one sum for a person, a task and a day."""
        return written_since(self._call, row.get("updated_at"))


def _today(call: Call) -> date:
    """The day it is where the person is."""
    with suppress(ValueError, KeyError, OSError):
        return datetime.now(ZoneInfo(call.person.timezone if call.person else "UTC")).date()
    return datetime.now(ZoneInfo("UTC")).date()


def _shown(minutes: int) -> str:
    """`1 h 30 min`."""
    hours, rest = divmod(minutes, 60)
    return (
        " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part) or "nothing"
    )
