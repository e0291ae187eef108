"""Checks the seals themselves: that none is missing, each follows the one before it, and our key signed it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audit.models import Seal
from audit.seals.file import NoSeal, seals_in
from audit.seals.keys import PublicKeys, signed_by
from audit.seals.ranges import count_in
from audit.seals.trouble import Trouble


class Chain:
    """The chain as it is walked, seal by seal."""

    def __init__(self, keys: PublicKeys, before: Seal | None = None) -> None:
        self._keys = keys
        self._number, self._hash = (before.number, before.hash()) if before else (0, "")

    def troubles(self, seal: Seal) -> Iterator[Trouble]:
        """What is wrong with the next seal."""
        for sentence in self._wrong(seal):
            yield Trouble(seal.number, 0, sentence)
        self._number, self._hash = seal.number, seal.hash()

    def _wrong(self, seal: Seal) -> Iterator[str]:
        if seal.number != self._number + 1:
            yield f"Seal {self._number + 1} is missing: seal {seal.number} follows seal {self._number}."
        elif seal.previous != self._hash:
            yield f"Seal {seal.number} does not follow the seal {self._number} that stands before it."
        key = self._keys.get(seal.key)
        if key is None:
            yield f"Seal {seal.number} is signed with the key {seal.key}, which is not known."
        elif not signed_by(key, seal.signature, seal.signed_content()):
            yield f"Seal {seal.number} was altered: its signature is not that of the key {seal.key}."
        elif count_in(seal.events) != seal.count:
            yield f"Seal {seal.number} counts {seal.count} events and names {count_in(seal.events)}."


class Exported:
    """A seals file beside the chain: each seal must stand in it as it stands in the database."""

    def __init__(self, path: Path) -> None:
        self._path, self._seals = path, seals_in(path)
        self._next: dict[str, Any] | None = None
        self._last = 0
        self._broken = ""

    def troubles(self, seal: Seal) -> Iterator[Trouble]:
        """Where the file says otherwise of this seal."""
        while (found := self._peek()) is not None and found["number"] < seal.number:
            self._take()
        if found is not None and found["number"] == seal.number:
            self._take()
            if found != {**seal.body(), "signature": seal.signature}:
                yield Trouble(seal.number, 0, f"Seal {seal.number} is another one in {self._path.name}.")
        elif found is not None:
            yield Trouble(seal.number, 0, f"Seal {seal.number} is missing in {self._path.name}.")

    def rest(self, last: Seal | None) -> Iterator[Trouble]:
        """What the file has beyond the last seal of the database, or has lost."""
        if (found := self._peek()) is not None:
            number = found["number"]
            yield Trouble(
                number,
                0,
                f"{self._path.name} holds seal {number}, the database does not: what it sealed was taken away.",
            )
        elif self._broken:
            yield Trouble(self._last + 1, 0, self._broken)
        elif last is not None and self._last < last.number:
            text = f"{self._path.name} ends at seal {self._last}; the database goes on to seal {last.number}."
            yield Trouble(self._last + 1, 0, text)

    def _peek(self) -> dict[str, Any] | None:
        if self._next is None:
            try:
                self._next = next(self._seals, None)
            except NoSeal as error:
                self._broken = str(error)
        return self._next

    def _take(self) -> None:
        assert self._next is not None
        self._last, self._next = self._next["number"], None
