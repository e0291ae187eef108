"""Files on the studio's shared storage: found by their path, and never outside the folders that the settings name."""

from __future__ import annotations

import hashlib
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from actions.contract import ActionError

PART = 1024 * 1024

FRAME = re.compile(r"(?P<before>.*[._ ])(?P<frame>[0-9]{3,})(?P<ending>\.[A-Za-z0-9]+)")
"""A frame of a sequence, such as `SH0010.1001.exr`; versions, such as `SH0010_v001.mov`, are none."""

SPELT = re.compile(r"%0?[0-9]*d|#{2,}|\$F[0-9]?|<UDIM>")
"""How programs write the number of a frame into a path."""

SEQUENCE = "These are frames of a sequence: Kitsu shows a movie or a single picture. Make a movie of them first."


def find_file(folders: Iterable[str], parts: Sequence[str]) -> tuple[Path, int]:
    """The file at this path, with all links in it followed, and its bytes.

    `parts` are what stands between the slashes; the last may have one star, and means the last of the files that fit, as
    people order versions. Raises `ActionError`.
    """
    for part in parts:
        _check(part)
    roots = [Path(folder).resolve() for folder in folders]
    folder = _within(roots, Path("/", *parts[:-1]))
    if SPELT.search(parts[-1]):
        raise ActionError(SEQUENCE)
    found = _within(roots, folder / (_last(folder, parts[-1]) if "*" in parts[-1] else parts[-1]))
    try:
        about = found.stat()
    except OSError as error:
        raise ActionError(f"{found} cannot be read: {error.strerror}.") from None
    if not stat.S_ISREG(about.st_mode):
        raise ActionError(f"{Path('/', *parts)} is no file{', but a folder' if stat.S_ISDIR(about.st_mode) else ''}.")
    return found, about.st_size


def checksum(path: Path, between: Callable[[], None]) -> str:
    """SHA-256 of a file, in hex; `between` is called after each piece of it and may end it by raising."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(PART):
                digest.update(part)
                between()
    except OSError as error:
        raise ActionError(f"{path} cannot be read: {error.strerror}.") from None
    return digest.hexdigest()


def _check(part: str) -> None:
    """A part stays one part, whatever a name in Kitsu is."""
    if part.strip() in {"", ".", ".."} or re.search(r"[/\\\x00-\x1f]", part):
        raise ActionError(f"“{part}” cannot be a part of a path. Write {{name|path}} in the action's path.")


def _within(roots: Sequence[Path], path: Path) -> Path:
    """The path with its links followed; it may not lead out of all roots."""
    try:
        real = path.resolve()
    except (OSError, RuntimeError):
        raise ActionError(f"{path} cannot be followed: its links go in circles.") from None
    if not any(real.is_relative_to(root) for root in roots):
        raise ActionError(f"{path} is outside the folders that may be published from (PUBLISH_FOLDERS).")
    return real


def _last(folder: Path, pattern: str) -> str:
    """The name that fits and comes last: `v9` before `v10`."""
    head, _, tail = pattern.partition("*")
    try:
        names = [entry.name for entry in folder.iterdir()]
    except OSError as error:
        raise ActionError(f"{folder} cannot be read: {error.strerror}.") from None
    fit = [one for one in names if len(one) > len(head + tail) and one.startswith(head) and one.endswith(tail)]
    frames = Counter((m["before"], m["ending"]) for m in map(FRAME.fullmatch, fit) if m)
    if any(count > 1 for count in frames.values()):
        raise ActionError(SEQUENCE)
    if not fit:
        raise ActionError(f"No file {pattern} is in {folder}.")
    return max(fit, key=_by_number)


def _by_number(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part) for part in parts]
