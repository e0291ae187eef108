"""Command lines of render programs, each an argument list: every value is quoted for the shell of the render host.

`@#@` is Afanasy's sign for a frame: the first, third, ... one in a command is a task's first frame, the second, fourth, ... its
last. Blender's and ffmpeg's are like ones that ran on a farm; Nuke's, Maya's and Houdini's are as their manuals have them.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from actions.contract import ActionError

FRAME = "@#@"

Values = Mapping[str, str]
"""What a block says of its program, filled."""


@dataclass(frozen=True, slots=True)
class Range:
    """The frames of a shot or of a wish: the last one is rendered as well."""

    first: int
    last: int
    step: int = 1


@dataclass(frozen=True, slots=True)
class Program:
    """A program: Afanasy's service and parser for it, what a block must say and may say, and its arguments.

    `by_frame`: its block has a task for some frames each, else one task for all.
    """

    service: str
    needs: tuple[str, ...]
    may: tuple[str, ...]
    arguments: Callable[[Values, Range], list[str]]
    by_frame: bool = True

    def command(self, values: Values, frames: Range) -> str:
        """For the shell of a render host. Raises `ActionError` naming what is missing."""
        if missing := [name for name in self.needs if not values.get(name)]:
            raise ActionError(f"A block of {self.service} needs “{missing[0]}”.")
        return shlex.join(self.arguments(values, frames))


def _given(values: Values, **flags: str) -> list[str]:
    """An option and its value, for each that is given."""
    return [one for name, flag in flags.items() if values.get(name) for one in (flag, values[name])]


def _blender(values: Values, frames: Range) -> list[str]:
    """Arguments are carried out in their order: the scene and the output stand before `-a` (Blender's manual, Command Line)."""
    return [
        *("blender", "-b", *(["-y"] if values.get("scripts") else []), values["file"]),
        *_given(values, scene="-S", engine="-E"),
        *("-o", values["output"]),
        *_given(values, format="-F"),
        *("-s", FRAME, "-e", FRAME, "-j", str(frames.step), "-a"),
    ]


def _ffmpeg(values: Values, frames: Range) -> list[str]:
    return [
        *("ffmpeg", "-y", "-start_number", str(frames.first), "-framerate", values.get("fps") or "25"),
        *("-i", values["input"], *_given(values, codec="-c:v")),
        *("-pix_fmt", values.get("pixels") or "yuv420p", values["output"]),
    ]


def _nuke(values: Values, frames: Range) -> list[str]:
    """`-X`: only this write node (Nuke's manual, Command Line Operations)."""
    which = ["-X", values["node"]] if values.get("node") else ["-x"]
    return ["nuke", *which, "-F", f"{FRAME}-{FRAME}x{frames.step}", values["file"]]


def _maya(values: Values, frames: Range) -> list[str]:
    return [
        *("Render", "-r", values.get("renderer") or "file", "-s", FRAME, "-e", FRAME, "-b", str(frames.step)),
        *_given(values, folder="-rd", image="-im", format="-of", camera="-cam", project="-proj", layer="-rl"),
        values["file"],
    ]


def _houdini(values: Values, frames: Range) -> list[str]:
    """Houdini's own `hrender`."""
    more = _given(values, output="-o")
    return ["hrender", "-e", "-f", FRAME, FRAME, "-i", str(frames.step), "-d", values["node"], *more, values["file"]]


def _ran(values: Values, _frames: Range) -> list[str]:
    return values["command"].split("\n")


PROGRAMS = {
    "blender": Program("blender", ("file", "output"), ("scene", "engine", "format", "scripts"), _blender),
    "ffmpeg": Program("ffmpeg", ("input", "output"), ("fps", "codec", "pixels"), _ffmpeg, by_frame=False),
    "nuke": Program("nuke", ("file",), ("node",), _nuke),
    "maya": Program("maya", ("file",), ("renderer", "folder", "image", "format", "camera", "project", "layer"), _maya),
    "houdini": Program("hbatch", ("file", "node"), ("output",), _houdini),
    "generic": Program("generic", ("command",), (), _ran),
}
"""What a block may name as its `program`. `generic`: any command, an argument a line."""
