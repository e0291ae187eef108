"""Which Afanasy, and what its jobs are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from actions.clients.afanasy import Transport
from actions.contract import Field
from actions.doing.rendering import OneJobFor
from actions.farms.contract import TellsKitsu

TRANSPORTS = (("tcp", "Afanasy's own (TCP)"), ("http", "HTTP"), ("https", "HTTPS, through a reverse proxy"))


@dataclass(frozen=True, kw_only=True)
class Options(TellsKitsu):
    """Set once."""

    host: Annotated[str, Field(label="Host", help="Where afserver runs: a name or an address.", placeholder="afserver")]
    port: Annotated[int, Field(least=1, most=65_535)] = 51_000
    transport: Annotated[Transport, Field(choices=TRANSPORTS)] = "tcp"
    blocks: Annotated[
        str,
        Field(
            template="json",
            long=True,
            help="A list of blocks, each with a name, a program (blender, ffmpeg, nuke, maya, houdini or generic) and what that "
            "takes; docs/render-farms.md has them all.",
        ),
    ]
    once_for: OneJobFor = "task"
    frames: Annotated[
        str, Field(template="text", help="Such as 1001-1100, or 1001-1100x2 for every second. Empty: from the shot.")
    ] = ""
    working_folder: Annotated[
        str, Field(template="text", help="On the render hosts, for blocks that name none of their own.")
    ] = ""
    path_mapping: Annotated[
        str,
        Field(
            long=True,
            help="One a line, such as “/mnt/shows = /srv/shows”: how paths begin here, and on the render hosts.",
        ),
    ] = ""
    users: Annotated[
        str,
        Field(
            label="Users on the farm",
            long=True,
            help="One a line, such as “jane@studio.com = jdoe”. Others are the part of their e-mail address before the @.",
        ),
    ] = ""
    priority: Annotated[int, Field(least=0, most=250, help="Of Afanasy, from 0 to 250.")] = 99
    branch: Annotated[str, Field(template="text", help="Of Afanasy, such as /shows/{project_name|path}.")] = ""
    hosts_mask: Annotated[str, Field(help="A regular expression for the names of hosts that may render.")] = ""
    paused: Annotated[bool, Field(label="Paused until somebody starts it on the farm")] = False
    retries: Annotated[int, Field(label="Tries again of a failed task", least=0, most=100)] = 1
    avoid_host: Annotated[
        int, Field(label="Errors after which a block avoids a host", least=0, most=100, help="0: it never does.")
    ] = 3
