"""Render the selected tasks on CGRU Afanasy.

One job for each task, or one for the selection, with blocks for Blender, Nuke, Maya, Houdini, ffmpeg or any command, which may
wait for each other. The frames come from the shot. Nothing is sent that an afserver is known to die of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Annotated, Any

from actions.clients.afanasy import Afanasy, Place, Range, block_of, check
from actions.clients.secrets.references import lines_of
from actions.contract import ActionError, Call, Desk, Field, Outcome, Plan
from actions.doing.rendering import plan_jobs, send_jobs
from actions.filling.templates import parse
from actions.handlers.afanasy.jobs import job_of, templates_of
from actions.handlers.afanasy.options import Options
from actions.registry import handler

HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?|::1")

Frames = Annotated[
    str, Field(help="Such as 1001-1100, or 1001-1100x2 for every second. Empty: what the action says, else the shot's.")
]
Priority = Annotated[int | None, Field(least=0, most=250, help="Empty: what the action says.")]


@handler(title="Render on Afanasy")
def run(call: Call, options: Options, *, frames: Frames = "", priority: Priority = None) -> Outcome:
    """Send the jobs; the bridge looks at them from then on."""
    return send_jobs(call, farm(options, call.desk), options.once_for, partial(job_of, call, options, frames, priority))


def preview(call: Call, options: Options, *, frames: Frames = "", priority: Priority = None) -> Plan:
    """The commands of each job; nothing is sent."""
    _refuse(options)
    return plan_jobs(call, options.once_for, partial(job_of, call, options, frames, priority))


def farm(options: Options, desk: Desk) -> Afanasy:
    """The afserver of the options."""
    _refuse(options)
    return Afanasy(Place(options.host, options.port, options.transport))


def wrong(options: Options, settings: Mapping[str, Any]) -> Iterable[str]:
    """What can be known when the action is saved: blocks are made as for a task that has nothing strange in it."""
    try:
        _refuse(options)
        for lines in (options.users, options.path_mapping):
            lines_of(lines, "=")
        blocks = [block_of(_tried(block), Range(1, 2)) for block in templates_of(options)]
        mask = {"hosts_mask": options.hosts_mask} if options.hosts_mask else {}
        check({"name": "try", "user_name": "kitsu", "blocks": blocks, **mask})
    except ActionError as error:
        yield str(error)


def _refuse(options: Options) -> None:
    if not HOST.fullmatch(options.host):
        raise ActionError(f"“{options.host[:80]}” is no name or address of a host.")


def _tried(value: Any) -> Any:
    """A template with `x` for every variable."""
    if isinstance(value, dict):
        return {key: _tried(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_tried(one) for one in value]
    return "".join(one if isinstance(one, str) else "x" for one in parse(value)) if isinstance(value, str) else value
