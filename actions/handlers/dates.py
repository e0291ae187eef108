"""Set start, due date and estimate of the selected tasks, clear them, or shift their dates by some days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from actions.contract import ActionError, Call, Field, Outcome, Plan
from actions.doing.changing import SAME, Change, Doing, carry_out, foresee, written_since
from actions.doing.rights import Rights
from actions.registry import handler
from kitsu_bridge.kitsu.tasks import Task

Start = Annotated[date | None, Field(label="Start date", help="Empty: stays as it is.")]
Due = Annotated[date | None, Field(label="Due date", help="Empty: stays as it is.")]
Estimate = Annotated[float | None, Field(label="Estimate", help="Empty: stays as it is.", least=0, most=10_000)]
Unit = Annotated[Literal["days", "hours"], Field(label="Estimate in", help="A day has the hours set in Kitsu.")]
Shift = Annotated[
    int, Field(label="Shift both dates by", unit="days", help="-2: two days earlier.", least=-3650, most=3650)
]
Weekends = Annotated[bool, Field(label="Shift over weekends", help="Count working days only, Monday to Friday.")]
Clear = Annotated[
    tuple[Literal["start_date", "due_date", "estimation"], ...],
    Field(label="Clear", choices=(("start_date", "Start date"), ("due_date", "Due date"), ("estimation", "Estimate"))),
]

WORDS = {"start_date": "start", "due_date": "due", "estimation": "estimate"}

NOT_ALLOWED = "the dates of this task are not yours to set. Supervisors of its department and managers may."
TOUCHED = (
    "It was changed in Kitsu since the first try, which may have shifted it already: it is not shifted again. "
    "Look at its dates; shift it in a run of its own."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person wants: values to set by their names at Zou, or days to shift by."""

    values: dict[str, Any]
    shift: int = 0
    skip_weekends: bool = True


@handler(title="Set dates and estimate")
def run(
    call: Call,
    *,
    start: Start = None,
    due: Due = None,
    estimate: Estimate = None,
    unit: Unit = "days",
    shift: Shift = 0,
    skip_weekends: Weekends = True,
    clear: Clear = (),
) -> Outcome:
    """The same dates for all of them, or each task's own dates moved."""
    asked = _asked(call, start, due, estimate, unit, shift, skip_weekends, clear)
    return carry_out(call, Dating(call, asked).doing())


def preview(
    call: Call,
    *,
    start: Start = None,
    due: Due = None,
    estimate: Estimate = None,
    unit: Unit = "days",
    shift: Shift = 0,
    skip_weekends: Weekends = True,
    clear: Clear = (),
) -> Plan:
    """The dates that each task has, and those it would have; a start after the due date blocks it."""
    asked = _asked(call, start, due, estimate, unit, shift, skip_weekends, clear)
    return foresee(call, Dating(call, asked).doing())


class Dating:
    """How one run sets dates."""

    def __init__(self, call: Call, asked: Asked) -> None:
        self._call, self._asked = call, asked
        self._day = _minutes_of_a_day(call)

    def doing(self) -> Doing:
        """How to change tasks; one by one, as Kitsu takes them."""
        reads = frozenset({"start_date", "due_date", "estimation"})
        return Doing(self._what(), self.decide, self.write, NOT_ALLOWED, reads, at_once=1, may=_may)

    def decide(self, tasks: Sequence[Task]) -> list[Change]:
        """The dates that each task would have."""
        return [self._change(task) for task in tasks]

    def write(self, changes: Sequence[Change]) -> Iterator[str]:
        """Only what differs is sent, so that a person who changes another date meanwhile keeps theirs."""
        for change in changes:
            self._call.kitsu.update_task(change.task.id, change.value)
            yield change.task.id

    def _change(self, task: Task) -> Change:
        now = _values_of(task)
        try:
            wanted = now | self._asked.values | self._shifted(now)
        except (ValueError, OverflowError):
            return Change(task, "blocked", "A calendar has no day for its dates so many days away.")
        new = {name: value for name, value in wanted.items() if value != now[name]}
        if not new:
            return Change(task, "same", "It has no dates to shift." if self._asked.shift else SAME)
        if reason := self._why_not(task, wanted, new):
            return Change(task, "blocked", reason)
        return Change(task, "write", "Dates", self._shown(now, new), self._shown(wanted, new), new)

    def _why_not(self, task: Task, wanted: dict[str, Any], new: dict[str, Any]) -> str:
        """A shift that may have been written already; or an order of dates that this run would make."""
        start, due = wanted["start_date"], wanted["due_date"]
        if self._asked.shift and written_since(self._call, task.record.get("updated_at")):
            return TOUCHED
        if start and due and start > due and new.keys() & {"start_date", "due_date"}:
            return f"It would start on {start}, after it is due on {due}."
        return ""

    def _shifted(self, now: dict[str, Any]) -> dict[str, Any]:
        if not self._asked.shift:
            return {}
        dates = {name: now[name] for name in ("start_date", "due_date") if now[name]}
        return {name: moved(day, self._asked.shift, self._asked.skip_weekends) for name, day in dates.items()}

    def _shown(self, values: dict[str, Any], names: dict[str, Any]) -> str:
        return ", ".join(f"{word} {self._word(name, values[name])}" for name, word in WORDS.items() if name in names)

    def _word(self, name: str, value: Any) -> str:
        if not value:
            return "–"
        if name != "estimation":
            return str(value)
        return "1 day" if value == self._day else f"{value / self._day:.4g} days"

    def _what(self) -> str:
        days = f"{self._asked.shift:+} {'working ' if self._asked.skip_weekends else ''}days"
        parts = [f"Shift dates by {days}"] if self._asked.shift else []
        parts += [f"Set {self._shown(self._asked.values, self._asked.values)}"] if self._asked.values else []
        return "; ".join(parts)


def _may(rights: Rights, change: Change) -> bool:
    return rights.changes_task(change.task.record, change.value)


def moved(day: str, days: int, skip_weekends: bool) -> str:
    """A date so many days later, or earlier; `skip_weekends`: Saturdays and Sundays do not count."""
    found = date.fromisoformat(day)
    step = timedelta(days=1 if days > 0 else -1)
    left = abs(days)
    while left:
        found += step
        left -= not skip_weekends or found.weekday() < 5
    return found.isoformat()


def _asked(
    call: Call,
    start: date | None,
    due: date | None,
    estimate: float | None,
    unit: str,
    shift: int,
    skip_weekends: bool,
    clear: Sequence[str],
) -> Asked:
    """Raises `ActionError` for nothing at all, and for what contradicts itself."""
    values: dict[str, Any] = {}
    values |= {"start_date": start.isoformat()} if start else {}
    values |= {"due_date": due.isoformat()} if due else {}
    if estimate is not None:
        values["estimation"] = round(estimate * (60 if unit == "hours" else _minutes_of_a_day(call)))
    _refuse_contradictions(values, shift, clear)
    values |= {name: 0 if name == "estimation" else None for name in clear}
    return Asked(values, shift, skip_weekends)


def _refuse_contradictions(values: dict[str, Any], shift: int, clear: Sequence[str]) -> None:
    dates = {"start_date", "due_date"} & {*values, *clear}
    if not values and not shift and not clear:
        raise ActionError("Give a date, an estimate, days to shift by, or what to clear.")
    if shift and dates:
        raise ActionError("Give dates or days to shift by, not both.")
    if set(values) & set(clear):
        raise ActionError("The same value cannot be set and cleared.")
    if "start_date" in values and "due_date" in values and values["start_date"] > values["due_date"]:
        raise ActionError("The start date is after the due date.")


def _values_of(task: Task) -> dict[str, Any]:
    """Zou sends days as moments: `2026-01-05T00:00:00`."""
    row = task.record
    days = {name: str(row[name])[:10] if row.get(name) else None for name in ("start_date", "due_date")}
    return {**days, "estimation": row.get("estimation") or 0}


def _minutes_of_a_day(call: Call) -> float:
    """As Kitsu counts them: the hours that its settings give a day."""
    return 60 * float(call.kitsu.organisation().get("hours_by_day") or 8)
