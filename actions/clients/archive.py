"""ZIP files that are written as they are read: however large they become, only a piece is in memory."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, cast

PIECE = 1024 * 1024

FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""What Windows takes for a device, with any ending ("Naming Files, Paths, and Namespaces", learn.microsoft.com)."""

LONGEST = 120
"""Characters of a name; most file systems end at 255 bytes."""


def zipped(files: Iterable[tuple[str, IO[bytes]]]) -> Iterator[bytes]:
    """The bytes of a ZIP of these names and contents; each file is closed when it is in. Nothing is compressed: pictures and
    movies are already."""
    pipe = _Pipe()
    with zipfile.ZipFile(cast(IO[bytes], pipe), "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, time.localtime()[:6])
            entry.external_attr = 0o644 << 16
            with content, archive.open(entry, "w", force_zip64=True) as into:
                while piece := content.read(PIECE):
                    into.write(piece)
                    yield from pipe.drain()
            yield from pipe.drain()
    yield from pipe.drain()


class Names:
    """Names of files in one folder that any system takes, no two of them the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, wish: str, ending: str) -> str:
        """The wish as a name, with a number when it is taken."""
        plain = "".join(sign if sign.isprintable() else "_" for sign in FORBIDDEN.sub("_", wish))
        plain = plain.strip(". ")[:LONGEST].rstrip(". ") or "file"
        plain = f"_{plain}" if RESERVED.fullmatch(plain) else plain
        number = 1
        name = f"{plain}.{ending}"
        while name.casefold() in self._taken:
            number += 1
            name = f"{plain}_{number}.{ending}"
        self._taken.add(name.casefold())
        return name


class _Pipe:
    """What `zipfile` writes into: a file that cannot seek, emptied between two pieces."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Keep it until it is drained."""
        self._pieces.append(bytes(piece))
        return len(self._pieces[-1])

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def drain(self) -> Iterator[bytes]:
        """What was written since."""
        pieces, self._pieces = self._pieces, []
        yield from pieces
