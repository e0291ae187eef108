"""Files on their way to Kitsu: a multipart form (RFC 7578) read piece by piece, so that a movie never stands in memory."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

PIECE = 256 * 1024
"""Bytes read at a time."""

LONGEST_NAME = 120
"""Characters of a file's name: Zou keeps it in 250 (zou/app/models/preview_file.py in 1.0.97) and refuses a longer one."""


class Multipart:
    """A form with fields and files, as a body that `requests` sends with its length."""

    def __init__(self, fields: Mapping[str, str], files: Sequence[tuple[str, Path]]) -> None:
        self._boundary = secrets.token_hex(16)
        self._parts: list[BinaryIO] = []
        self._length = 0
        for name, value in fields.items():
            self._add(f'name="{_quoted(name)}"', io.BytesIO(value.encode()), len(value.encode()))
        for name, path in files:
            said = f'name="{_quoted(name)}"; filename="{_quoted(short_name(path.name))}"'
            self._add(f"{said}\r\nContent-Type: application/octet-stream", path.open("rb"), path.stat().st_size)
        self._text(f"--{self._boundary}--\r\n")

    @property
    def content_type(self) -> str:
        """For the header."""
        return f"multipart/form-data; boundary={self._boundary}"

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(PIECE):
            yield piece

    def read(self, size: int = PIECE) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        while self._parts:
            if piece := self._parts[0].read(size):
                return piece
            self._parts.pop(0).close()
        return b""

    def __enter__(self) -> Multipart:
        return self

    def __exit__(self, *_: object) -> None:
        for part in self._parts:
            part.close()

    def _add(self, said: str, content: BinaryIO, size: int) -> None:
        self._text(f"--{self._boundary}\r\nContent-Disposition: form-data; {said}\r\n\r\n")
        self._parts.append(content)
        self._length += size
        self._text("\r\n")

    def _text(self, text: str) -> None:
        self._parts.append(io.BytesIO(text.encode()))
        self._length += len(text.encode())


def short_name(name: str) -> str:
    """A file's name that Kitsu can keep: not too long, its ending kept."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and stem else name[:LONGEST_NAME]


def _quoted(text: str) -> str:
    """As browsers write a name into a header: neither a quote nor a line break ends it (RFC 7578, section 4.2)."""
    clean = text.encode("utf-8", "replace").decode()
    return clean.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A").replace("\0", "")
