"""What an afserver must never be sent. 3.4.1 dies, and the whole farm with it, of jobs that are not whole (seen, each of them).

The rest of what is refused here it takes without a word, and it goes wrong later: a list of all jobs that nobody can read,
frames that never come, a block that waits for itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from actions.clients.afanasy.fields import BLOCK, JOB, TASK, Fields
from actions.farms.contract import FarmRefuses

LARGEST = 4 * 1024 * 1024
"""Bytes of a job. Commands and frames of a long job are some kilobytes."""

MOST_BLOCKS, MOST_TASKS = 2_000, 50_000
"""Of a job: each task costs afserver memory for as long as the job is there."""

NUMERIC = 1
"""The bit of `flags` that makes tasks of frames."""


def check(job: Any) -> None:
    """Raises `FarmRefuses` for a job that is not whole; nothing may be sent that has not come through here."""
    fields = _object(job, JOB, "The job")
    _demand(fields, "name", "The job")
    if not fields.get("user_name"):
        raise FarmRefuses("The job has no user name: afserver dies of that.")
    blocks = fields.get("blocks")
    if not isinstance(blocks, list) or not 1 <= len(blocks) <= MOST_BLOCKS:
        raise FarmRefuses(f"The job needs a list of 1 to {MOST_BLOCKS:,} blocks: afserver dies of one without.")
    tasks = sum(_check_block(block, number) for number, block in enumerate(blocks, 1))
    if tasks > MOST_TASKS:
        raise FarmRefuses(f"The job has {tasks:,} tasks; {MOST_TASKS:,} are the most.")
    _check_order({block["name"]: block.get("depend_mask", "") for block in blocks}, len(blocks))
    _check_size(job)


def _check_block(block: Any, number: int) -> int:
    """How many tasks it makes."""
    whose = f"Block {number}"
    fields = _object(block, BLOCK, whose)
    for name in ("name", "service"):
        _demand(fields, name, whose)
    if fields.get("flags", 0) & NUMERIC:
        return _check_frames(fields, whose)
    return _check_tasks(fields, whose)


def _check_frames(block: Mapping[str, Any], whose: str) -> int:
    _demand(block, "command", whose)
    if "tasks" in block:
        raise FarmRefuses(f"{whose} has frames and tasks; it can have one of them.")
    if missing := [
        name for name in ("frame_first", "frame_last", "frames_per_task", "frames_inc") if name not in block
    ]:
        raise FarmRefuses(f"{whose} has no {missing[0]}.")
    first, last, step = block["frame_first"], block["frame_last"], block["frames_per_task"] * block["frames_inc"]
    if last < first:
        raise FarmRefuses(f"{whose} would render backwards, from {first} to {last}.")
    return int((last - first) // step) + 1


def _check_tasks(block: Mapping[str, Any], whose: str) -> int:
    tasks = block.get("tasks")
    if not isinstance(tasks, list) or not tasks:
        raise FarmRefuses(f"{whose} has neither frames nor tasks: afserver dies of that.")
    for number, task in enumerate(tasks, 1):
        fields = _object(task, TASK, f"Task {number} of {whose.lower()}")
        for name in ("name", "command"):
            _demand(fields, name, f"Task {number} of {whose.lower()}")
    return len(tasks)


def _object(value: Any, fields: Fields, whose: str) -> Mapping[str, Any]:
    """What it is, when it is an object of these fields and no others, each as it must be."""
    if not isinstance(value, dict):
        raise FarmRefuses(f"{whose} is no object: afserver dies of that.")
    for name, found in value.items():
        if name not in fields:
            raise FarmRefuses(f"{whose} has a field {str(name)[:60]!r}, which Afanasy does not know.")
        if wrong := fields[name](found):
            raise FarmRefuses(f"{whose}: {name} {wrong}.")
    return value


def _demand(fields: Mapping[str, Any], name: str, whose: str) -> None:
    if not str(fields.get(name, "")).strip():
        raise FarmRefuses(f"{whose} has no {name}.")


def _check_order(waits: Mapping[str, str], count: int) -> None:
    """Blocks wait for others of the same job by their names, and none for itself, however far round."""
    if len(waits) < count:
        raise FarmRefuses("Two blocks of the job have the same name.")
    before = {name: _meant(name, mask, waits) for name, mask in waits.items() if mask}
    for start in before:
        seen, left = set[str](), [start]
        while left:
            for name in before.get(left.pop(), ()):
                if name == start:
                    raise FarmRefuses(f"Block {start!r} would wait for itself.")
                if name not in seen:
                    seen.add(name)
                    left.append(name)


def _meant(name: str, mask: str, waits: Mapping[str, str]) -> list[str]:
    """The blocks that a mask names. Only whole names with `|` between them: a regular expression could be a bad one."""
    wanted = mask.split("|")
    if unknown := [one for one in wanted if one not in waits]:
        raise FarmRefuses(f"Block {name!r} waits for a block {unknown[0]!r}, which is not in the job.")
    return wanted


def _check_size(job: Mapping[str, Any]) -> None:
    try:
        size = len(json.dumps(job, ensure_ascii=False, allow_nan=False).encode())
    except (ValueError, TypeError, RecursionError) as error:
        raise FarmRefuses(f"The job cannot be written as JSON: {type(error).__name__}.") from None
    if size > LARGEST:
        raise FarmRefuses(f"The job has {size:,} bytes; {LARGEST:,} are the most.")
