"""Render the selected tasks on Deadline, through its Web Service.

One job for each task, or one for the selection. The scene file comes from a template, the frames from the shot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

from actions.clients.deadline import Deadline
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
    same_for_all,
    scene_of,
    send_jobs,
    wishes,
)
from actions.farms.asking import place_of
from actions.farms.contract import TellsKitsu
from actions.filling import fill, of_task
from actions.registry import handler
from kitsu_bridge.kitsu.tasks import Task

KEY = re.compile(r"[A-Za-z]\w{0,99}")
IN_COMMANDS = re.compile(r"(?!-)[\w @+=:,./-]*")
"""What a value may hold where it ends up in a command line, under any system's quoting."""


@dataclass(frozen=True, kw_only=True)
class Options(TellsKitsu):
    """Which Web Service, and what the jobs are."""

    url: Annotated[str, Field(label="Web Service", placeholder="http://deadline:8081")]
    login: Annotated[str, Field(help="Where the Web Service asks for a name and a password.")] = ""
    password: Annotated[SecretName | None, Field(help="The secret that holds the password.")] = None
    plugin: Annotated[str, Field(help="Of Deadline, such as Blender, MayaBatch, Nuke.", placeholder="Blender")]
    scene: SceneFile
    scene_key: Annotated[str, Field(label="Name of the scene file among the plugin's settings")] = "SceneFile"
    settings: Annotated[
        str,
        Field(
            label="Further settings of the plugin",
            long=True,
            template="text",
            help="One a line, such as “Version=4.2”. In a line that begins with “Arguments”, a variable is quoted.",
        ),
    ] = ""
    frames: FramesWished = ""
    chunk: Annotated[int, Field(label="Frames of one task", least=1, most=10_000)] = 1
    pool: str = ""
    group: str = ""
    priority: Annotated[int, Field(least=0, most=100)] = 50
    user: Annotated[str, Field(label="User on the farm", template="text")] = "{person_name}"
    once_for: OneJobFor = "task"


Priority = Annotated[int | None, Field(least=0, most=100, help="Empty: what the action says.")]


@handler(title="Render on Deadline")
def run(call: Call, options: Options, *, frames: FramesAsked = "", priority: Priority = None) -> Outcome:
    """Send the jobs; the bridge looks at them from then on."""
    wished = replace(options, **wishes(frames, priority))
    return send_jobs(call, farm(options, call.desk), options.once_for, partial(_job, call, wished))


def preview(call: Call, options: Options, *, frames: FramesAsked = "", priority: Priority = None) -> Plan:
    """The jobs; nothing is sent."""
    wished = replace(options, **wishes(frames, priority))
    return plan_jobs(call, options.once_for, partial(_job, call, wished))


def farm(options: Options, desk: Desk) -> Deadline:
    """The Web Service of the options."""
    login = (options.login, desk.secret(options.password) if options.password else "") if options.login else None
    return Deadline(options.url, login)


def wrong(options: Options, settings: Mapping[str, Any]) -> Iterable[str]:
    """What can be known when the action is saved."""
    try:
        place_of(options.url)
        _lines(options)
    except ActionError as error:
        yield str(error)


def _job(call: Call, options: Options, tasks: Sequence[Task]) -> Job:
    """One job has one scene: tasks that share a job must agree on it, and on all that is filled."""
    info, plugin = same_for_all([_of_task(call, options, task) for task in tasks])
    name = name_of(tasks)
    content = {"JobInfo": {**info, "Name": name}, "PluginInfo": plugin}
    said = f"“{name}”, {options.plugin}: {plugin[options.scene_key]}, frames {info['Frames']}."
    return Job(name, said, content)


def _of_task(call: Call, options: Options, task: Task) -> tuple[dict[str, Any], dict[str, str]]:
    variables = of_task(call, task)
    info = {
        "Plugin": one_line(options.plugin),
        "Frames": frames_of(call, task, options.frames),
        "ChunkSize": options.chunk,
        "Priority": options.priority,
        "UserName": one_line(fill(options.user, variables)),
        "Comment": "Sent from Kitsu",
    }
    info |= {key: one_line(value) for key, value in (("Pool", options.pool), ("Group", options.group)) if value}
    plugin = {options.scene_key: scene_of(call, task, options.scene)}
    for key, template in _lines(options):
        plugin[key] = one_line(fill(template, variables, _quoted if key.startswith("Arguments") else str))
    return info, plugin


def _lines(options: Options) -> list[tuple[str, str]]:
    found = []
    for line in filter(None, map(str.strip, options.settings.splitlines())):
        key, equals, template = line.partition("=")
        if not equals or not KEY.fullmatch(key.strip()):
            raise ActionError(f"“{line[:80]}” is no setting of a plugin: write Name=value.")
        found.append((key.strip(), template.strip()))
    if not KEY.fullmatch(options.scene_key):
        raise ActionError(f"“{options.scene_key[:80]}” is no name of a plugin's setting.")
    return found


def _quoted(value: str) -> str:
    """For a command line on any system; what one of them could read as more than a value is refused."""
    if not IN_COMMANDS.fullmatch(value):
        raise ActionError(f"“{value[:80]}” cannot stand in a command line of Deadline.")
    return f'"{value}"' if " " in value else value
