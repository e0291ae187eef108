"""Which task's output tells why a job failed."""

from __future__ import annotations

from typing import Any

from actions.clients.afanasy.standing import ERROR, whole


def task_to_read(progress: Any) -> tuple[int, int] | None:
    """Block and task, by their places: the first that failed, else the first that failed at some try."""
    blocks = progress.get("progress") if isinstance(progress, dict) else None
    tasks = [
        (b, t, task)
        for b, block in enumerate(blocks if isinstance(blocks, list) else ())
        for t, task in enumerate(block if isinstance(block, list) else ())
        if isinstance(task, dict)
    ]
    failed = [(b, t) for b, t, task in tasks if whole(task.get("st")) & ERROR]
    tried = [(b, t) for b, t, task in tasks if whole(task.get("err")) > 0]
    return next(iter([*failed, *tried]), None)
