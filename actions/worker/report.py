"""Writes what a running handler says into the record, as it says it."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from actions.contract import Level, ResultState, Step
from actions.worker.watch import Watch
from audit.models import Invocation, LogLine, TaskResult
from kitsu_bridge.kitsu.tasks import Missing, Task
from kitsu_bridge.masking import masked, masked_text

PROGRESS_EVERY = 0.2
"""Seconds between two writings of the progress; a handler may say it a thousand times a second."""

LONGEST_LINE = 4000
MOST_LINES = 10_000
UPDATED = ["position", "name", "state", "message", "data", "at"]


class RecordedReport:
    """The `Report` of the contract for a run in a worker."""

    def __init__(self, invocation: Invocation, watch: Watch) -> None:
        self._invocation, self._watch = invocation, watch
        self._positions = {task_id: place for place, task_id in enumerate(invocation.task_ids)}
        self._progress_at = float("-inf")
        self._lines = 0

    @property
    def ends_at(self) -> float:
        """When the time limit ends the run, on the clock of `time.monotonic()`."""
        return self._watch.ends_at

    @property
    def cancelled(self) -> bool:
        """Whether the person asked to stop."""
        return self._watch.cancelled

    def log(self, text: str, level: Level) -> None:
        """One line for the page; after ten thousand of them only silence, and a line that says so."""
        self._lines += 1
        if self._lines > MOST_LINES:
            return
        if self._lines == MOST_LINES:
            text, level = "Too many lines: what follows is not kept.", "warning"
        with self._watch.undisturbed():
            LogLine.objects.create(invocation=self._invocation, level=level, text=clean(text)[:LONGEST_LINE])

    def progress(self, done: int, total: int, text: str) -> None:
        """How far it is. The last step is always written."""
        now = time.monotonic()
        if now - self._progress_at < PROGRESS_EVERY and done < total:
            return
        self._progress_at = now
        with self._watch.undisturbed():
            Invocation.objects.filter(pk=self._invocation.pk, **self._watch.mine).update(
                done_count=max(0, done), total_count=max(0, total), progress_text=clean(text)[:200]
            )

    def result(self, task: Task, state: ResultState, message: str, data: Mapping[str, Any]) -> None:
        """What became of one task; said again, the later word counts."""
        self._write([self._row(task.id, task.name, TaskResult.State(state), message, data)])

    def begin(self) -> None:
        """What was planned is about to be done, or to be planned anew."""
        planned = (TaskResult.State.PLANNED, TaskResult.State.BLOCKED)
        self._invocation.results.filter(state__in=planned).delete()

    def planned(self, steps: Sequence[Step]) -> None:
        """What will be done to each task."""
        self._write([self._row(one.task.id, one.task.name, _foreseen(one), one.message, {}) for one in steps])

    def missing(self, missing: tuple[Missing, ...]) -> None:
        """The ids that came to nothing, before the handler begins."""
        self._write([self._row(one.id, "", TaskResult.State.MISSING, one.reason, {}) for one in missing])

    def _row(
        self, task_id: str, name: str, state: TaskResult.State, message: str, data: Mapping[str, Any]
    ) -> TaskResult:
        return TaskResult(
            invocation=self._invocation,
            position=self._positions.setdefault(task_id, len(self._positions)),
            task_id=task_id,
            name=clean(name)[:400],
            state=state,
            message=clean(message)[:LONGEST_LINE],
            data=jsonable(data),
            at=timezone.now(),
        )

    def _write(self, rows: list[TaskResult]) -> None:
        with self._watch.undisturbed():
            TaskResult.objects.bulk_create(
                rows,
                batch_size=500,
                update_conflicts=True,
                unique_fields=["invocation", "task_id"],
                update_fields=UPDATED,
            )


def clean(text: str) -> str:
    """Text that any database keeps, without secrets."""
    return masked_text(str(text).replace("\x00", "").encode("utf-8", "replace").decode())


def jsonable(data: Mapping[str, Any]) -> Any:
    """Data as JSON that any database keeps, without secrets: what JSON has no word for becomes text."""
    return _plain(masked(dict(data)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key).replace("\x00", ""): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return str(value)


def _foreseen(step: Step) -> TaskResult.State:
    if step.blocked:
        return TaskResult.State.BLOCKED
    return TaskResult.State.SKIPPED if step.same else TaskResult.State.PLANNED
