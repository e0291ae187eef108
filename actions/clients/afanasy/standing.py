"""How a job stands, read from the bits that afserver shows (libafanasy/name_af.h, AFJOB; seen on 3.4.1)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from actions.farms.contract import JobState, Seen

READY, RUNNING, DONE, ERROR, OFFLINE, POST_FAILED = 1, 2, 16, 32, 512, 16384

Renders = Sequence[Mapping[str, Any]] | None
"""Of the farm; None where they were not asked for, or it did not say."""

LONG = 120
"""Seconds after which it is strange that a free host has not taken a job."""

CANCELLED = "Cancelled from Kitsu"
"""The annotation of a job that we stopped: to afserver it is a paused one like any other."""


def whole(value: Any) -> int:
    """A number of an answer; what is none counts for nothing."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def rows_of(said: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects in a list of an answer."""
    found = said.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def seen(job: Mapping[str, Any], renders: Renders = None) -> Seen:
    """The job in words of all farms; it counts tasks, each of some frames. `renders`: of the farm, where they were asked for."""
    blocks = rows_of(job, "blocks")
    done, failed, total = (_sum(blocks, name) for name in ("p_tasks_done", "p_tasks_error", "tasks_num"))
    state = _state(job)
    stuck = _stuck(job, blocks, renders) if waits(job) else ""
    return Seen(state, done, failed, total, _message(state, whole(job.get("st")), failed), stuck)


def waits(job: Mapping[str, Any]) -> bool:
    """Whether it is ready and nothing of it runs."""
    bits = whole(job.get("st"))
    return bool(bits & READY) and not bits & (RUNNING | OFFLINE)


def _state(job: Mapping[str, Any]) -> JobState:
    bits = whole(job.get("st"))
    if bits & DONE and not bits & (READY | RUNNING):
        return "done"
    if bits & OFFLINE and not bits & RUNNING:
        return "cancelled" if job.get("annotation") == CANCELLED else "paused"
    if bits & ERROR and not bits & (READY | RUNNING):
        return "failed"
    return "running" if bits & RUNNING else "queued"


def _message(state: JobState, bits: int, failed: int) -> str:
    if state == "done" and bits & POST_FAILED:
        return "It is done; what was to come after it, such as a thumbnail, failed."
    tasks = f"{failed:,} of its tasks failed." if failed != 1 else "One of its tasks failed."
    return tasks if failed and state in {"failed", "running", "queued"} else ""


def _stuck(job: Mapping[str, Any], blocks: Sequence[Mapping[str, Any]], renders: Renders) -> str:
    """Why nothing happens. A job that fails on every host stays ready: afserver avoids the hosts, and never calls it failed."""
    there = None if renders is None else [render for render in renders if "ONL" in str(render.get("state"))]
    if there == []:
        return "No render of the farm is there."
    avoided = max((whole(block.get("p_avoid_hosts")) for block in blocks), default=0)
    if avoided and (there is None or avoided >= len(there)):
        return f"It failed on {avoided:,} host{'' if avoided == 1 else 's'}, which Afanasy avoids for it now. No other is there."
    free = sum(str(render.get("state")).strip() == "ONL" for render in there or ())
    if free and not job.get("time_started") and time.time() - whole(job.get("time_creation")) > LONG:
        return f"{free:,} host{' is' if free == 1 else 's are'} free, and none takes it: look at its hosts, memory, and service."
    return ""


def _sum(blocks: Sequence[Mapping[str, Any]], name: str) -> int:
    return sum(max(0, whole(block.get(name))) for block in blocks)
