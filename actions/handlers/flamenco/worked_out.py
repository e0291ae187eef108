"""Settings that Blender's add-on works out of the open file. It is not open here: they come from Kitsu and from each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from actions.clients.flamenco import JobType
from actions.handlers.flamenco.paths import PARTS
from kitsu_bridge.kitsu.frames import frames_a_second
from kitsu_bridge.kitsu.tasks import Task

EXTENSIONS = {
    "BMP": ".bmp", "CINEON": ".cin", "DPX": ".dpx", "HDR": ".hdr", "IRIS": ".rgb", "JPEG": ".jpg", "JPEG2000": ".jp2",
    "OPEN_EXR": ".exr", "OPEN_EXR_MULTILAYER": ".exr", "PNG": ".png", "TARGA": ".tga", "TARGA_RAW": ".tga",
    "TIFF": ".tif", "WEBP": ".webp",
}  # fmt: skip
"""Endings that Blender writes, by the names of its formats (`ImageFormatSettings.file_format` in its manual of Python)."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a value can be worked out of: the settings so far, the task, and the name of the job."""

    settings: Mapping[str, Any]
    task: Task
    name: str
    scene_key: str = "blendfile"


def worked_out(kind: JobType, work: Work) -> dict[str, Any]:
    """The settings with those that can be worked out, where the job type evaluates them and nobody gave them."""
    found = dict(work.settings)
    for key, find in WORKED_OUT.items():
        setting = kind[key]
        if setting is not None and setting.evaluated and key not in found:
            value = find(Work(found, work.task, work.name, work.scene_key))
            if value is not None:
                found[key] = value
    return found


def _fps(work: Work) -> float:
    found = frames_a_second(work.task)
    return int(found) if found.is_integer() else found


def _output(work: Work) -> str | None:
    """As `render_output_path` of simple-blender-render puts it together (simple_blender_render.js in 3.9-alpha)."""
    root, count = work.settings.get("render_output_root"), work.settings.get("add_path_components", 0)
    if not isinstance(root, str) or not isinstance(count, int):
        return None
    folders = [part for part in PARTS.split(str(work.settings.get(work.scene_key, ""))) if part][:-1]
    name = re.sub(r"[^\w-]+", "_", work.name).strip("_")[:100] or "job"
    return "/".join([root.rstrip("/\\"), *(folders[-count:] if count > 0 else []), name, "{timestamp}", "######"])


WORKED_OUT: Mapping[str, Callable[[Work], Any]] = {
    "format": lambda work: "PNG",
    "image_file_extension": lambda work: EXTENSIONS.get(str(work.settings.get("format"))),
    "fps": _fps,
    "has_previews": lambda work: False,
    "scene": lambda work: "Scene",
    "render_output_path": _output,
}
"""In the order in which they need each other. `Scene` is what Blender calls the scene of a new file."""
