"""How long a shot is: its frame range, its frames a second, and the frames of a preview, as Zou 1.0.97 keeps them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.tasks import Task

FPS = 25.0
"""Where neither shot nor production says (`get_preview_file_fps` in zou/app/services/preview_files_service.py)."""


@dataclass(frozen=True, slots=True)
class FrameRange:
    """The first frame and how many there are; the last one is included, as in Kitsu's columns In, Out and Frames."""

    first: int
    frames: int

    @property
    def last(self) -> int:
        """The number of the last frame."""
        return self.first + self.frames - 1


def frame_range(task: Task) -> FrameRange | None:
    """From `frame_in` and `frame_out` of the shot's data, else from `nb_frames`; None where neither makes a range."""
    data = task.entity.record.get("data") or {}
    first, last = _whole(data.get("frame_in")), _whole(data.get("frame_out"))
    if first is not None and last is not None:
        return FrameRange(first, last - first + 1) if last >= first else None
    frames = _whole(task.entity.record.get("nb_frames"))
    return FrameRange(0 if first is None else first, frames) if frames and frames > 0 else None


def frames_a_second(task: Task) -> float:
    """The shot's own, else the production's, as Zou encodes its previews."""
    for value in ((task.entity.record.get("data") or {}).get("fps"), task.project.record.get("fps")):
        found = _number(str(value).replace(",", ".") if value is not None else None)
        if found and found > 0:
            return found
    return FPS


def preview_frames(task: Task, preview: Record) -> int | None:
    """How many frames a movie has: Zou keeps the seconds. None for pictures, and where Zou does not know."""
    seconds = _number(preview.get("duration"))
    return round(seconds * frames_a_second(task)) if seconds and seconds > 0 else None


def _number(value: Any) -> float | None:
    """A number, also one that somebody typed as text into a field of Kitsu."""
    if isinstance(value, bool):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and abs(found) < 10**9 else None


def _whole(value: Any) -> int | None:
    found = _number(value)
    return int(found) if found is not None and found == int(found) else None
