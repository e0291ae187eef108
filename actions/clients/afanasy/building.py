"""Blocks of a job, from what a template says of each: `{"name": "movie", "program": "ffmpeg", "after": "render", ...}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.clients.afanasy.programs import PROGRAMS, Program, Range
from actions.contract import ActionError

PATTERN = re.compile(r"@#+@")
NUMERIC = 1

OWN = ("name", "program", "after", "frames_per_task", "images", "working_folder")
"""What every block may say, besides what its program takes and Afanasy's own fields in `PASSED`."""

PASSED = (
    *("service", "parser", "capacity", "hosts_mask", "tasks_depend_mask", "need_memory", "need_gpu_mem_mb"),
    *("errors_retries", "errors_avoid_host", "errors_task_same_host", "errors_forgive_time"),
    *("task_max_run_time", "max_running_tasks", "max_running_tasks_per_host"),
)
"""Fields that go to Afanasy as they are."""

LONGEST = 60
"""Characters of a block's name."""


def block_of(said: Mapping[str, Any], frames: Range, *, ending: str = "") -> dict[str, Any]:
    """A block as Afanasy wants it. Raises `ActionError`. `ending`: of its name, where a job has the same block for many tasks."""
    program = _program(said)
    values = {name: _value(said, name) for name in (*program.needs, *program.may) if name in said}
    command = program.command(values, frames)
    block = {name: said[name] for name in PASSED if name in said}
    block |= {"name": block_name(said["name"], ending), "service": block.get("service", program.service)}
    block.setdefault("parser", block["service"])
    if said.get("after"):
        block["depend_mask"] = block_name(said["after"], ending)
    if said.get("working_folder"):
        block["working_directory"] = _value(said, "working_folder")
    images = [_value(said, "images")] if said.get("images") else []
    if program.by_frame and PATTERN.search(command):
        return block | _numeric(command, images, said, frames)
    task = {"name": str(said["name"])[:LONGEST], "command": command} | ({"files": images} if images else {})
    return block | {"flags": 0, "tasks": [task]}


def block_name(name: Any, ending: str = "") -> str:
    """Letters, digits and `_`: it is listed as it is, and stands in expressions of those that wait for it."""
    plain = re.sub(
        r"[^A-Za-z0-9]+", "_", f"{str(name)[:LONGEST]}_{ending[:LONGEST]}" if ending else str(name)[:LONGEST]
    )
    if not plain.strip("_"):
        raise ActionError(f"A block cannot be named “{str(name)[:LONGEST]}”: use letters and digits.")
    return plain.strip("_")


def frame_patterns(text: str) -> int:
    """How many of Afanasy's signs for a frame a text has: `@#@`, `@####@`."""
    return len(PATTERN.findall(text))


def _program(said: Mapping[str, Any]) -> Program:
    if not said.get("name"):
        raise ActionError("A block has no name.")
    program = PROGRAMS.get(str(said.get("program", "")))
    if program is None:
        raise ActionError(f"Block “{said['name']}” names no program of these: {', '.join(PROGRAMS)}.")
    may = (*OWN, *PASSED, *program.needs, *program.may)
    if unknown := [name for name in said if name not in may]:
        raise ActionError(f"Block “{said['name']}” has “{str(unknown[0])[:60]}”, which is none of: {', '.join(may)}.")
    return program


def _value(said: Mapping[str, Any], name: str) -> str:
    """As text; a list is an argument a line."""
    value = said[name]
    if isinstance(value, list):
        if any("\n" in str(one) for one in value):
            raise ActionError(f"“{name}” has a line end within an argument.")
        return "\n".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else ""
    return str(value)


def _numeric(command: str, images: list[str], said: Mapping[str, Any], frames: Range) -> dict[str, Any]:
    found: dict[str, Any] = {
        "flags": NUMERIC,
        "command": command,
        "frame_first": frames.first,
        "frame_last": frames.last,
    }
    found |= {"frames_per_task": said.get("frames_per_task", 1), "frames_inc": frames.step}
    return found | ({"files": images} if images else {})
