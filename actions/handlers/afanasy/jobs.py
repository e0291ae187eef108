"""A job of Afanasy for some tasks: frames, blocks with their values filled in, and whose it is."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

from actions.clients.afanasy import PROGRAMS, Range, block_of, check, farm_user, frame_patterns, job_name
from actions.clients.secrets.references import lines_of
from actions.contract import ActionError, Call
from actions.doing.interpreters import is_interpreter, refuse_code
from actions.doing.rendering import Job, one_line
from actions.filling import Variables, fill, of_task
from actions.filling.bodies import parsed
from actions.filling.templates import WrongTemplate, parse
from actions.handlers.afanasy.options import Options
from kitsu_bridge.kitsu.frames import frame_range
from kitsu_bridge.kitsu.tasks import Task

FRAMES = re.compile(r"(-?\d{1,7})(?:-(-?\d{1,7})(?:x(\d{1,4}))?)?")

FILLED = ("images", "working_folder", *{name for one in PROGRAMS.values() for name in (*one.needs, *one.may)})
"""What of a block may hold variables; its name, its program and Afanasy's own fields are the same for every task."""

MASKS = "regex"
"""What `hosts_mask` is, of the job and of its blocks. Without it, afserver 3.4.1 looks for the signs of `node.*` in hosts' names
(libafanasy/regexp.cpp), finds none, and the job waits for ever."""

LONGEST_SAID = 2_000
"""Characters of what a person is told of a job."""


def job_of(call: Call, options: Options, frames: str, priority: int | None, tasks: Sequence[Task]) -> Job:
    """The job for these tasks, each with blocks of its own. Raises `ActionError` where one cannot be made or must not be sent."""
    several = len(tasks) > 1
    blocks = [
        block
        for number, task in enumerate(tasks, 1)
        for block in _blocks(call, options, frames, task, f"{number}_{task.entity.name}" if several else "")
    ]
    more = f" and {len(tasks) - 1:,} more" if several else ""
    name = job_name(one_line(f"{tasks[0].project.name} / {tasks[0].name}"), more)
    job = {
        "name": name,
        "user_name": user_of(call, options),
        "host_name": "kitsu-bridge",
        "time_creation": int(time.time()),
        "priority": options.priority if priority is None else priority,
        "offline": options.paused,
        "hosts_mask_type": MASKS,
        "blocks": blocks,
    }
    branch = one_line(_filled(options.branch, of_task(call, tasks[0]), "branch")) if options.branch else ""
    job |= {key: value for key, value in (("branch", branch), ("hosts_mask", options.hosts_mask)) if value}
    check(job)
    return Job(name, _said(job), job)


def user_of(call: Call, options: Options) -> str:
    """Who the person is on the farm."""
    email = call.person.email if call.person else ""
    listed = {one.lower(): login for one, login in lines_of(options.users, "=")}
    return farm_user(listed.get(email.lower()) or email.partition("@")[0])


def templates_of(options: Options) -> list[dict[str, Any]]:
    """The blocks as the option has them. Raises `WrongTemplate`."""
    found = parsed(options.blocks)
    if not isinstance(found, list) or not found or not all(isinstance(block, dict) for block in found):
        raise WrongTemplate('Blocks are a list of objects: [{"name": "render", "program": "blender", ...}].')
    for block in found:
        _refuse_code(block)
    return found


def range_of(task: Task, wished: str) -> Range:
    """The frames of a wish such as `1001-1100x2`, else of the shot. Raises `ActionError` where neither says."""
    if wished:
        found = FRAMES.fullmatch(wished.replace(" ", ""))
        if found is None or int(found[3] or 1) < 1:
            raise ActionError(f"“{wished[:80]}” are no frames: write 1001-1100, or 1001-1100x2 for every second one.")
        return Range(int(found[1]), int(found[2] or found[1]), int(found[3] or 1))
    shot = frame_range(task)
    if shot is None:
        raise ActionError(f"Kitsu has no frames of {task.name}: fill its In and Out there, or say which ones.")
    return Range(shot.first, shot.last)


def _blocks(call: Call, options: Options, frames: str, task: Task, ending: str) -> list[dict[str, Any]]:
    variables = of_task(call, task)
    wished = frames or (fill(options.frames, variables) if options.frames else "")
    shot = range_of(task, wished)
    made = []
    for template in templates_of(options):
        said = {"working_folder": options.working_folder, "errors_retries": options.retries}
        said |= {"errors_avoid_host": options.avoid_host, **template}
        made.append(block_of(_of_task(said, variables, options), shot, ending=ending))
    return made


def _of_task(said: Mapping[str, Any], variables: Variables, options: Options) -> dict[str, Any]:
    """A block with the values of a task, its paths as the render hosts have them."""
    mapping = lines_of(options.path_mapping, "=")

    def of(name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [of(name, one) for one in value]
        return _mapped(_filled(value, variables, name), mapping) if isinstance(value, str) and name in FILLED else value

    return {name: of(name, value) for name, value in said.items()}


def _filled(template: str, variables: Variables, name: str) -> str:
    """A value, in which nothing that came from Kitsu is an option of the program or a frame of Afanasy."""
    value = fill(template, variables, _harmless)
    literal = "\n".join(piece for piece in parse(template) if isinstance(piece, str))
    if frame_patterns(value) != frame_patterns(literal):
        raise ActionError(f"“{name}” would be “{value[:80]}”, in which Afanasy would see frames.")
    if template.startswith("{") and value.startswith("-"):
        raise ActionError(f"“{name}” would be “{value[:80]}”, which the program would take for an option.")
    return value


def _harmless(value: str) -> str:
    if "@#" in value:
        raise ActionError(f"“{value[:80]}” has “@#” in it, which Afanasy would take for a frame.")
    return one_line(value)


def _mapped(value: str, mapping: Sequence[tuple[str, str]]) -> str:
    """The longest beginning that fits counts, and only whole folders."""
    for here, there in sorted(mapping, key=lambda pair: -len(pair[0])):
        begin = here.rstrip("/")
        if value == begin or value.startswith(f"{begin}/"):
            return there.rstrip("/") + value[len(begin) :]
    return value


def _refuse_code(block: Mapping[str, Any]) -> None:
    """The program itself is never a variable; nor is what an interpreter runs."""
    command = block.get("command")
    if command is None:
        return
    if not isinstance(command, list) or not command or not all(isinstance(one, str) for one in command):
        raise WrongTemplate('A command is a list of its arguments: ["/studio/bin/render", "{entity_name}"].')
    if "{" in command[0]:
        raise WrongTemplate(f"“{command[0][:80]}” is the program: it must not come from a variable.")
    if is_interpreter(command[0]):
        refuse_code(command[1:])


def _said(job: Mapping[str, Any]) -> str:
    lines = [f"“{job['name']}” of {job['user_name']}, priority {job['priority']}."]
    for block in job["blocks"]:
        command = block.get("command") or block["tasks"][0]["command"]
        frames = f" {block['frame_first']}-{block['frame_last']}" if "frame_first" in block else ""
        after = f" after {block['depend_mask']}" if "depend_mask" in block else ""
        lines.append(f"{block['name']}{frames}{after}: {command}")
    return " · ".join(lines)[:LONGEST_SAID]
