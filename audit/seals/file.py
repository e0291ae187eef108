"""The seals file: each seal as one line, appended and brought to disk. Copies of it elsewhere prove what stood here."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from audit.models import Seal

TAIL = 1024 * 1024
"""Bytes at the end of the file in which the last seal is looked for."""


class NoSeal(Exception):
    """A line that is no seal; its number in the file is in the message."""


def append_missing(path: Path) -> int:
    """Write the seals that the file does not hold yet, however long nobody could write it; how many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o640), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        missing = Seal.objects.filter(number__gt=_last_number(file)).order_by("number").defer("leaves")
        count = 0
        for seal in missing.iterator(chunk_size=500):
            file.write(seal.line() + b"\n")
            count += 1
        if count:
            file.flush()
            os.fsync(file.fileno())
        return count


def seals_in(path: Path) -> Iterator[dict[str, Any]]:
    """The seals of a file, in its order. Raises `NoSeal` for a line that is cut short or none at all."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                found = json.loads(line)
            except ValueError:
                found = None
            if not isinstance(found, dict) or not isinstance(found.get("number"), int) or not line.endswith(b"\n"):
                raise NoSeal(f"Line {number} of {path.name} is no seal.")
            yield found


def _last_number(file: BinaryIO) -> int:
    """Of the last whole line; a line that a crash cut short is ended, so that the next one begins on its own."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - TAIL))
    lines = file.read().split(b"\n")
    if lines[-1]:
        file.write(b"\n")
    for line in reversed(lines[:-1]):
        try:
            return int(json.loads(line)["number"])
        except (ValueError, KeyError, TypeError):
            continue
    return 0
