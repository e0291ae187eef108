"""Paths of files on shared storage, as each system writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from actions.clients.protocols.scheme import CONTROL
from actions.contract import ActionError

Platform = Literal["windows", "macos", "linux"]
PLATFORMS: tuple[Platform, ...] = get_args(Platform)

OF_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\[^\\/]|//[^/]")
ABSOLUTE = re.compile(r"/|[A-Za-z]:/|\$\{RV_PATHSWAP_[A-Z0-9_]{1,60}\}/")
LONGEST_PATH = 1000

USER_AGENTS: tuple[tuple[str, Platform | None], ...] = (
    ("iphone", None),
    ("ipad", None),
    ("android", None),
    ("windows", "windows"),
    ("macintosh", "macos"),
    ("linux", "linux"),
    ("x11", "linux"),
)
"""What stands in a browser's User-Agent, the first that is found counts; telephones have none of the programs."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One file to open: its path with `/`, and the frames to cut it to, where they are known."""

    path: str
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Storage:
    """One shared storage, by the prefix under which each system has it; empty where a system has it not."""

    prefixes: Mapping[Platform, str]

    def holds(self, path: str) -> str | None:
        """The rest of a path below any of its prefixes, or None for a path elsewhere."""
        for platform, prefix in self.prefixes.items():
            if prefix and (rest := _below(path, prefix, either_case=platform == "windows")) is not None:
                return rest
        return None


def storages(table: str) -> tuple[Storage, ...]:
    """Read a table of lines `windows | macos | linux`. Raises `ActionError` naming the line that cannot be read."""
    lines = [line for line in table.splitlines() if line.strip()]
    return tuple(_storage(line) for line in lines)


def _storage(line: str) -> Storage:
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) != len(PLATFORMS) or not any(cells):
        raise ActionError(f"“{line[:80]}”: write three prefixes between bars: Windows | macOS | Linux.")
    return Storage({name: _prefix(cell) if cell else "" for name, cell in zip(PLATFORMS, cells, strict=True)})


def _prefix(text: str) -> str:
    """Without a slash at its end: `P:\\` becomes `P:`."""
    return absolute(text if text.endswith(("/", "\\")) else f"{text}/").rstrip("/") or "/"


def absolute(path: str) -> str:
    """A path with `/` throughout. Raises `ActionError` for one that is relative, climbs with `..`, or is no path."""
    text = path.strip()
    if OF_WINDOWS.match(text):
        text = text.replace("\\", "/")
    if not text:
        raise ActionError("There is no file.")
    if CONTROL.search(text):
        raise ActionError("The path holds control characters.")
    if len(text) > LONGEST_PATH:
        raise ActionError(f"The path has {len(text):,} characters; at most {LONGEST_PATH:,} can be opened.")
    if not ABSOLUTE.match(text):
        raise ActionError(f"“{text[:120]}” is no absolute path.")
    if ".." in text.split("/"):
        raise ActionError(f"“{text[:120]}” climbs with “..”, which is not followed.")
    return text


def on_each(path: str, table: Sequence[Storage], *, nowhere_else: bool = False) -> dict[Platform, str]:
    """The path as each system has it; a system that has not the storage is left out. Elsewhere it is the same for all.

    `nowhere_else`: raises `ActionError` for a path that is on none of these storages.
    """
    for storage in table:
        if (rest := storage.holds(path)) is not None:
            return {name: prefix.rstrip("/") + rest for name, prefix in storage.prefixes.items() if prefix}
    if nowhere_else:
        raise ActionError(f"“{path[:120]}” is on none of the storages that this action opens files from.")
    return dict.fromkeys(PLATFORMS, path)


def native(path: str) -> str:
    """As a person of that system writes it: with `\\` on Windows."""
    return path.replace("/", "\\") if OF_WINDOWS.match(path) else path


def platform_of(user_agent: str) -> Platform | None:
    """The system that a browser says it runs on, if programs can be opened there."""
    said = user_agent.lower()
    return next((platform for word, platform in USER_AGENTS if word in said), None)


def _below(path: str, prefix: str, *, either_case: bool) -> str | None:
    start, text = (prefix.casefold(), path.casefold()) if either_case else (prefix, path)
    start = start.rstrip("/")
    if text != start and not text.startswith(f"{start}/"):
        return None
    return path[len(start) :]
