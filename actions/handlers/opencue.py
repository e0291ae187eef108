"""Render the selected tasks on OpenCue, through its REST gateway.

One job for each task, or one for the selection with a layer for each task. The scene file comes from a template, the frames from
the shot.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

from actions.clients.opencue import OpenCue
from actions.contract import ActionError, Call, Desk, Field, Outcome, Plan, SecretName
from actions.doing.rendering import (
    FramesAsked,
    FramesWished,
    Job,
    OneJobFor,
    SceneFile,
    frames_of,
    name_of,
    one_line,
    plan_jobs,
    scene_of,
    send_jobs,
    wishes,
)
from actions.farms.asking import place_of
from actions.farms.contract import TellsKitsu
from actions.filling import fill, of_call, of_task
from actions.registry import handler
from kitsu_bridge.kitsu.tasks import Task

SCENE = "#SCENE#"

SHOT, USER, JOB, COMMAND = 64, 32, 255, 4_000
"""Characters that Cuebot's database has room for (V1__Initial_schema.sql, tables job and layer). A job is called there
`show-shot-user_name`."""

MARK = 27
"""Characters by which the client marks a name."""


@dataclass(frozen=True, kw_only=True)
class Options(TellsKitsu):
    """Which gateway, and what the jobs are."""

    url: Annotated[str, Field(label="REST gateway", placeholder="http://opencue:8448")]
    secret: Annotated[SecretName, Field(help="The secret that holds the gateway's JWT_SECRET.")]
    scene: SceneFile
    command: Annotated[
        str,
        Field(
            template="text",
            help="#SCENE# is the scene file, #IFRAME# the frame. Variables are quoted for the shell: put no quotes around them.",
            placeholder="blender -b #SCENE# -f #IFRAME#",
        ),
    ]
    show: Annotated[str, Field(template="text", help="It must be there in OpenCue.")] = "{project_name|slug}"
    shot: Annotated[str, Field(template="text")] = "{entity_name}"
    user: Annotated[str, Field(label="User on the farm", template="text")] = "{person_name|slug}"
    frames: FramesWished = ""
    chunk: Annotated[int, Field(label="Frames of one call of the command", least=1, most=10_000)] = 1
    service: Annotated[str, Field(help="Of OpenCue, such as blender, maya, shell.")] = "shell"
    tags: Annotated[str, Field(help="Which hosts take it, such as “general | gpu”. Empty: those of the service.")] = ""
    facility: Annotated[str, Field(help="Empty: Cuebot's own.")] = ""
    priority: Annotated[int, Field(least=1, most=1_000_000)] = 100
    once_for: OneJobFor = "task"


Priority = Annotated[int | None, Field(least=1, most=1_000_000, help="Empty: what the action says.")]


@handler(title="Render on OpenCue")
def run(call: Call, options: Options, *, frames: FramesAsked = "", priority: Priority = None) -> Outcome:
    """Send the jobs; the bridge looks at them from then on."""
    wished = replace(options, **wishes(frames, priority))
    return send_jobs(call, farm(options, call.desk), options.once_for, partial(_job, call, wished))


def preview(call: Call, options: Options, *, frames: FramesAsked = "", priority: Priority = None) -> Plan:
    """The jobs; nothing is sent."""
    wished = replace(options, **wishes(frames, priority))
    return plan_jobs(call, options.once_for, partial(_job, call, wished))


def farm(options: Options, desk: Desk) -> OpenCue:
    """The gateway of the options."""
    return OpenCue(options.url, desk.secret(options.secret))


def wrong(options: Options, settings: Mapping[str, Any]) -> Iterable[str]:
    """What can be known when the action is saved."""
    try:
        place_of(options.url)
    except ActionError as error:
        yield str(error)
    if re.search(r"['\"`\\\\]", options.command):
        yield "Write no quotes into the command: variables and the scene file are quoted already."


def _job(call: Call, options: Options, tasks: Sequence[Task]) -> Job:
    first, layers = tasks[0], [_layer(call, options, task, number) for number, task in enumerate(tasks, 1)]
    shows = {_name(fill(options.show, of_task(call, task))) for task in tasks}
    if len(shows) > 1:
        raise ActionError("The tasks are of different shows: one job of OpenCue is of one. Send one for each task.")
    name = name_of(tasks)
    show = shows.pop()
    shot = _name(fill(options.shot, of_task(call, first)), SHOT) if len(tasks) == 1 else "selection"
    user = _user(call, options)
    room = JOB - MARK - len(f"{show}-{shot}-{user}_")
    content = {"facility": options.facility, "show": show, "shot": shot, "user": user, "priority": options.priority}
    content |= {"name": _name(name, room), "layers": layers}
    said = "; ".join(f"{layer['cmd']}, frames {layer['range']}" for layer in layers[:3])
    more = f"; and {len(layers) - 3:,} more" if len(layers) > 3 else ""
    return Job(name, f"“{name}”: {said}{more}.", content)


def _layer(call: Call, options: Options, task: Task, number: int) -> dict[str, Any]:
    command = one_line(fill(options.command, of_task(call, task), _quoted))
    command = command.replace(SCENE, _quoted(scene_of(call, task, options.scene)))
    if len(command) > COMMAND:
        raise ActionError(f"The command has {len(command):,} characters; OpenCue keeps {COMMAND:,}.")
    return {
        "name": f"{_name(task.name, 80)}_{number}",
        "cmd": command,
        "range": frames_of(call, task, options.frames),
        "chunk": options.chunk,
        "tags": options.tags,
        "service": options.service,
    }


def _quoted(value: str) -> str:
    """For the shell of a render host; a number sign would be taken for one of Cuebot's own words, such as #IFRAME#."""
    if value.startswith("-"):
        raise ActionError(f"“{value[:80]}” begins with a hyphen, which a program would take for an option.")
    if "#" in value:
        raise ActionError(
            f"“{value[:80]}” holds a number sign, which Cuebot takes for the beginning of a word of its own."
        )
    return shlex.quote(value)


def _user(call: Call, options: Options) -> str:
    """Cuebot launches no jobs of root (JobSpec.java)."""
    user = _name(fill(options.user, of_call(call)), USER)
    if user == "root":
        raise ActionError("OpenCue takes no jobs of root: set the user on the farm.")
    return user


def _name(text: str, most: int = 100) -> str:
    """What Cuebot takes for a name: three signs at least (cuebot, JobSpec.java)."""
    return re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")[: max(most, 3)].ljust(3, "_")
