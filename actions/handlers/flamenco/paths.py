"""Paths: what they become on the farm, and what none may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.clients.flamenco import JobType
from actions.contract import ActionError
from actions.doing.rendering import one_line

UNIX = re.compile(r"/|\{")
WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\|//|\{")
WHOLE: Mapping[str, re.Pattern[str]] = {"linux": UNIX, "darwin": UNIX, "windows": WINDOWS}
ANY = re.compile(f"{UNIX.pattern}|{WINDOWS.pattern}")
"""How whole paths begin: with a variable of Flamenco's own, too. One with a hyphen there would be an option of Blender."""

PARTS = re.compile(r"[\\/]")


@dataclass(frozen=True, slots=True)
class PathMap:
    """Beginnings of paths and what stands for them on the farm, the longest first."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, text: str) -> PathMap:
        """From lines such as `/mnt/proj = P:/proj`. Raises `ActionError` for a line that says nothing."""
        found = []
        for line in filter(None, map(str.strip, text.splitlines())):
            before, equals, after = (part.strip() for part in line.partition("="))
            if not equals or not before or not after:
                raise ActionError(f"“{line[:80]}” replaces no path: write a line such as /mnt/proj = P:/proj.")
            found.append((before.rstrip("/\\") or before, after))
        return cls(tuple(sorted(found, key=lambda pair: -len(pair[0]))))

    def __call__(self, value: Any) -> Any:
        """A path as the farm sees it; anything else as it is."""
        if isinstance(value, str):
            for before, after in self.pairs:
                rest = value[len(before) :]
                if value.startswith(before) and (not rest or rest[0] in "/\\"):
                    return after.rstrip("/\\") + rest if rest else after
        return value


def plain(value: str) -> str:
    """A value from Kitsu that may stand in a setting: Flamenco takes what stands in braces for a variable of its own."""
    if "{" in value or "}" in value:
        raise ActionError(f"“{value[:80]}” has a brace, which Flamenco would take for one of its variables.")
    return one_line(value)


def check_paths(kind: JobType, settings: Mapping[str, Any], scene_key: str, platform: str) -> None:
    """Raises `ActionError` for a path that is not whole, or that leads upwards, be it by the name of a shot."""
    for key, value in settings.items():
        if not isinstance(value, str):
            continue
        if ".." in PARTS.split(value):
            raise ActionError(f"{key} leads upwards: “{value[:200]}”. Write the path without “..”.")
        setting = kind[key]
        is_path = key == scene_key or (setting is not None and setting.is_path)
        if is_path and not WHOLE.get(platform, ANY).match(value):
            raise ActionError(f"{key} is no whole path there: “{value[:200]}”.")


def check_there(scene: str) -> None:
    """Raises `ActionError` for a scene file that the worker of the bridge does not see."""
    try:
        there = Path(scene).is_file()
    except (OSError, ValueError):
        there = False
    if not there:
        raise ActionError(f"There is no file {scene[:300]}.")
