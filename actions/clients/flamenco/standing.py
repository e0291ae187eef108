"""How a job stands, from what the Manager says of it and of its tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from actions.farms.contract import JobState, Seen

STATES: Mapping[str, JobState] = {
    "under-construction": "queued",
    "queued": "queued",
    "requeueing": "queued",
    "active": "running",
    "pause-requested": "running",
    "cancel-requested": "running",
    "paused": "paused",
    "completed": "done",
    "failed": "failed",
    "canceled": "cancelled",
}
"""States of jobs (`JobStatus` in pkg/api/flamenco-openapi.yaml); one that is not here is said in the message."""

FAILED = frozenset({"failed", "soft-failed"})
NAMED = 5
"""Tasks that failed which are named."""


def whole(value: Any) -> int:
    """A count as the Manager gives it; 0 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else 0


def seen(job: Mapping[str, Any], tasks: Sequence[Mapping[str, Any]] = (), stuck: str = "") -> Seen:
    """The job in our words. Its steps are mostly frames; they are 0 of 0 before it begins."""
    status = str(job.get("status") or "")
    return Seen(
        STATES.get(status, "queued"),
        whole(job.get("steps_completed")),
        sum(task.get("status") == "failed" for task in tasks),
        whole(job.get("steps_total")),
        _message(status, job, tasks),
        stuck,
    )


def _message(status: str, job: Mapping[str, Any], tasks: Sequence[Mapping[str, Any]]) -> str:
    if status not in STATES:
        return f"Flamenco says of it: {status[:80]}."
    failed = [_name(task) for task in tasks if task.get("status") in FAILED]
    if failed:
        more = f" and {len(failed) - NAMED:,} more" if len(failed) > NAMED else ""
        return f"Failed of {len(tasks):,} tasks: {', '.join(failed[:NAMED])}{more}.{_only_the_film(tasks)}"
    return str(job.get("activity") or "")[:500] if status in {"failed", "canceled"} else ""


def _only_the_film(tasks: Sequence[Mapping[str, Any]]) -> str:
    """A job fails as a whole when only its preview could not be made; people should know that the frames are there."""
    counts = Counter(task.get("status") for task in tasks if task.get("task_type") == "blender")
    only = len(counts) == 1 and "completed" in counts
    return " The frames are there: only what was to be made of them failed." if only else ""


def task_to_read(tasks: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The task whose log tells most: one that failed, else one that will be tried again, else one that runs."""
    for status in ("failed", "soft-failed", "active"):
        for task in tasks:
            if task.get("status") == status:
                return task
    return None


def _name(task: Mapping[str, Any]) -> str:
    return str(task.get("name") or "a task")[:80]


def seconds_since(stamp: Any, now: datetime) -> float:
    """Seconds since a moment as the Manager writes it; 0 where it cannot be read."""
    try:
        found = datetime.fromisoformat(str(stamp))
    except ValueError:
        return 0.0
    return (now - found.replace(tzinfo=found.tzinfo or UTC)).total_seconds()
