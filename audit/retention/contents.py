"""The contents of files in an archive: whether each is what its SHA-256 and its size say."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from hashlib import sha256

from audit.retention.archive import Line


class Contents:
    """Takes files and pieces of them as they come, and compares at the end. `expected`: the archive says that it has them."""

    def __init__(self, *, expected: bool = False) -> None:
        self._expected = expected
        self._named: dict[str, Line] = {}
        self._found: dict[str, tuple[int, str]] = {}
        self._reading, self._hash, self._size = "", sha256(), 0

    def named(self, line: Line) -> None:
        """A file of which this is the row. In archives of before, rows say no SHA-256; an erased one says none any more."""
        self._named[str(line["id"])] = line

    def add(self, line: Line) -> None:
        """The next piece: those of a file stand together."""
        if line["file"] != self._reading:
            self._close()
            self._reading = str(line["file"])
        piece = b64decode(line["base64"], validate=True)
        self._hash.update(piece)
        self._size += len(piece)

    def troubles(self) -> Iterator[str]:
        """A sentence for each file that is not what its row says."""
        self._close()
        for pk, line in self._named.items():
            right = (line["size"], line.get("sha256", ""))
            if not right[1]:
                continue
            found = self._found.get(pk) or ((0, sha256().hexdigest()) if right[0] == 0 else None)
            if found is None and self._expected:
                yield f"The content of the file {pk} is missing."
            elif found is not None and found != right:
                yield f"The content of the file {pk} was altered."
        for pk in self._found.keys() - self._named.keys():
            yield f"There is a content of the file {pk}, and no such file."

    def _close(self) -> None:
        if self._reading:
            self._found[self._reading] = (self._size, self._hash.hexdigest())
        self._reading, self._hash, self._size = "", sha256(), 0
