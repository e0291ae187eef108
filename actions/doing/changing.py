"""What all kinds that change tasks have in common: what would be done to each task, told before it is done.

A kind makes a `Doing`: how it decides about tasks as Kitsu has them now, and how it writes what it decided. The preview and
the run share the decisions, so that they never disagree; a task that is as it should be is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from actions.contract import Call, Outcome, Plan, Step
from actions.doing.rights import Rights, rights_of
from kitsu_bridge.kitsu.errors import KitsuForbids, KitsuRefuses, KitsuUnavailable, NotInKitsu
from kitsu_bridge.kitsu.tasks import Task
from kitsu_bridge.kitsu.visibility import BLANK_FOR_CLIENTS

CHUNK = 20
"""Tasks that are read, decided about and written together; Zou takes about a tenth of a second for each comment."""

FORESEEN = 200
"""Tasks that a preview reads in one go."""

SKEW = timedelta(seconds=5)
"""By how much Kitsu's clock may be behind the bridge's."""

GONE = "Kitsu does not know it any more, or does not show it to you."
PERHAPS = (
    "Kitsu stopped answering, and this may have been written or not. "
    "Look in Kitsu, or retry what is not done: what stands there already is not written twice."
)
HIDDEN = "As a client you do not see what this would change."
REFUSED = "Kitsu did not take it:"
REFUSED_BEFORE = "Kitsu would not take it:"
SAME = "Is so already."


@dataclass(frozen=True, slots=True)
class Change:
    """What is decided for one task.

    `write`: it is to be written. `there`: it stands in Kitsu already, of an earlier try or with another task. `same`: nothing
    is to be done. `blocked`: it cannot be done, and the message says why. `before` and `after` are shown to people; `value`
    is whatever the kind writes.
    """

    task: Task
    verdict: Literal["write", "there", "same", "blocked"]
    message: str
    before: str = ""
    after: str = ""
    value: Any = None

    @property
    def words(self) -> str:
        """For a place that has room for text only: `Priority: Normal → High`."""
        return f"{self.message}: {self.before} → {self.after}" if self.before or self.after else self.message


@dataclass(frozen=True, slots=True)
class Refused:
    """A task for which Kitsu did not take what was to be written, and why."""

    task_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Doing:
    """How a kind changes tasks.

    `decide` gets tasks whose `record` has just been read. `write` yields the id of each task when it stands in Kitsu, or why
    Kitsu refused it; what it leaves out was dropped, and `dropped` says why that may be. When it raises, the rest of the
    group is tried again one by one, for the reason of each. `reads` are the fields of a task it goes by, `at_once` how many
    tasks are written in a group. `may` says whether the person's rights let them write what is to be written.
    """

    what: str
    decide: Callable[[Sequence[Task]], Iterable[Change]]
    write: Callable[[Sequence[Change]], Iterator[str | Refused]]
    dropped: str
    reads: frozenset[str] = frozenset()
    at_once: int = CHUNK
    may: Callable[[Rights, Change], bool] = lambda _rights, _change: True


def foresee(call: Call, doing: Doing) -> Plan:
    """What a run would do to each task, without doing it."""
    steps = []
    for start in range(0, len(call.tasks), FORESEEN):
        tasks, gone = _now(call, call.tasks[start : start + FORESEEN])
        changes = {change.task.id: change for change in (*gone, *_decided(call, doing, tasks))}
        steps += [_step(changes[task.id]) for task in call.tasks[start : start + FORESEEN]]
    free = sum(not (step.blocked or step.same) for step in steps)
    return Plan(f"{doing.what}: {_tasks(free)} of {len(steps):,}.", steps)


def carry_out(call: Call, doing: Doing) -> Outcome:
    """Do it, task by task, with a result for each. Raises `KitsuUnavailable` with the results so far told."""
    tally = Tally(call)
    for chunk in call.chunks(CHUNK, doing.what):
        tasks, gone = _now(call, chunk)
        changes = [*gone, *_decided(call, doing, tasks)]
        for change in changes:
            if change.verdict != "write":
                tally.tell(change)
        todo = [change for change in changes if change.verdict == "write"]
        for start in range(0, len(todo), doing.at_once):
            call.stop_if_cancelled()
            _write(call, doing, todo[start : start + doing.at_once], tally)
    return Outcome(tally.sentence(doing.what))


class Tally:
    """Tells what became of each task, and counts."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self.done = sum(task.id in call.done_before for task in call.tasks)
        self.same = self.failed = 0

    def tell(self, change: Change) -> None:
        """The end of a task, as it was decided or as it was written."""
        if change.verdict == "blocked":
            self.fail(change, change.message)
        elif change.verdict == "same":
            self.same += 1
            self._call.task_skipped(change.task, change.message, **_values(change))
        else:
            self.done += 1
            self._call.task_done(change.task, change.message, **_values(change))

    def fail(self, change: Change, reason: str) -> None:
        """A task for which nothing, or nothing for sure, was written."""
        self.failed += 1
        self._call.task_failed(change.task, reason)

    def sentence(self, what: str) -> str:
        """What became of all of them."""
        parts = [f"{_tasks(self.done)} done"] if self.done or not (self.same or self.failed) else []
        parts += [f"{_tasks(self.same)} so already"] if self.same else []
        parts += [f"{_tasks(self.failed)} not done"] if self.failed else []
        return f"{what}: {', '.join(parts)}."


def written_since(call: Call, moment: Any) -> bool:
    """Whether what Kitsu wrote at this moment may be an earlier try's own; never at the first try.

    Zou writes moments in UTC and does not say so. What is no moment may be of any time.
    """
    if call.tried_since is None:
        return False
    try:
        written = datetime.fromisoformat(str(moment))
    except ValueError:
        return True
    return (written if written.tzinfo else written.replace(tzinfo=UTC)) >= call.tried_since - SKEW


def _now(call: Call, chosen: Sequence[Task]) -> tuple[list[Task], list[Change]]:
    """The tasks with what Kitsu says of them at this moment, and those that are gone."""
    rows = {row["id"]: row for row in call.kitsu.tasks([task.id for task in chosen])}
    there = [replace(task, record=rows[task.id]) for task in chosen if task.id in rows]
    return there, [Change(task, "blocked", GONE) for task in chosen if task.id not in rows]


def _decided(call: Call, doing: Doing, tasks: Sequence[Task]) -> list[Change]:
    blind = {task.id for task in tasks if _is_blind(call, doing, task)}
    changes = [_if_allowed(call, doing, change) for change in doing.decide([t for t in tasks if t.id not in blind])]
    return changes + [Change(task, "blocked", HIDDEN) for task in tasks if task.id in blind]


def _if_allowed(call: Call, doing: Doing, change: Change) -> Change:
    rights = rights_of(call) if change.verdict == "write" else None
    if rights is None or doing.may(rights, change):
        return change
    return Change(change.task, "blocked", f"{REFUSED_BEFORE} {doing.dropped}")


def _is_blind(call: Call, doing: Doing, task: Task) -> bool:
    """Zou blanks a client's tasks: what looks as if it were so already may be otherwise."""
    person = call.person
    roles = {person.role, person.role_in(task.project.id)} if person else set()
    return "client" in roles and bool(doing.reads & BLANK_FOR_CLIENTS.keys())


def _write(call: Call, doing: Doing, changes: Sequence[Change], tally: Tally) -> None:
    left = {change.task.id: change for change in changes}
    try:
        for written in doing.write(changes):
            if isinstance(written, Refused):
                tally.fail(left.pop(written.task_id), f"{REFUSED} {written.reason}")
            else:
                tally.tell(left.pop(written))
    except (KitsuForbids, KitsuRefuses, NotInKitsu) as error:
        _one_by_one(call, doing, left, tally, error)
        return
    except KitsuUnavailable as error:
        for change in left.values():
            tally.fail(change, PERHAPS if error.may_be_written else str(error))
        raise
    _name_dropped(call, doing, left, tally)


def _one_by_one(call: Call, doing: Doing, left: dict[str, Change], tally: Tally, error: Exception) -> None:
    if len(left) == 1:
        words: dict[type[Exception], str] = {NotInKitsu: GONE, KitsuForbids: f"{REFUSED} {doing.dropped}"}
        tally.fail(next(iter(left.values())), words.get(type(error), str(error)))
        return
    for change in left.values():
        call.stop_if_cancelled()
        _write(call, doing, [change], tally)


def _name_dropped(call: Call, doing: Doing, left: dict[str, Change], tally: Tally) -> None:
    """Zou leaves out what it did not write and does not say why."""
    there = {row["id"] for row in call.kitsu.tasks(list(left))} if left else set()
    for task_id, change in left.items():
        tally.fail(change, f"{REFUSED} {doing.dropped}" if task_id in there else GONE)


def _step(change: Change) -> Step:
    return Step(change.task, change.words, blocked=change.verdict == "blocked", same=change.verdict == "same")


def _values(change: Change) -> dict[str, Any]:
    return {"before": change.before, "after": change.after} if change.before or change.after else {}


def _tasks(count: int) -> str:
    return f"{count:,} task{'' if count == 1 else 's'}"
