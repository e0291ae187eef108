"""Cuts what a program writes into lines for people: bounded, without control characters, and with its last words kept."""

from __future__ import annotations

import re
from collections.abc import Callable

LONGEST = 4_000
"""Characters of a line; the rest of it is not kept."""

LONGEST_READ = 8 * LONGEST
"""Bytes of an unfinished line that are held."""

LAST = 20
"""Lines of the end that are always kept."""

LAST_BYTES = 16 * 1024

ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-_])")
"""Colours and titles for terminals (ECMA-48, section 5.4; xterm's OSC)."""

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Lines:
    """`say` is called for each line, at most `most` times; `readable` takes secrets out."""

    def __init__(self, say: Callable[[str], None], most: int, readable: Callable[[str], str] = str) -> None:
        self._say, self._most, self._readable = say, most, readable
        self._begun = b""
        self._cut = False
        self._said = 0
        self._end = b""
        self.size = 0
        """Bytes that were written."""

    def hear(self, chunk: bytes) -> None:
        """A piece of what was written, wherever it begins and ends."""
        self.size += len(chunk)
        self._end = (self._end + chunk[-LAST_BYTES:])[-LAST_BYTES:]
        if self._said >= self._most:
            return
        *whole, rest = (self._begun + chunk).split(b"\n")
        for line in whole:
            self._line(line)
        self._hold(rest)

    def ended(self) -> None:
        """Nothing more comes: the unfinished line is said, and after too many lines the last ones."""
        if self._said < self._most:
            if self._begun:
                self._line(self._begun)
            return
        self._say(f"… it wrote {self.size:,} bytes, more than is kept. Its last lines:")
        for line in self.last:
            self._say(line)

    @property
    def last(self) -> list[str]:
        """The last lines that are not empty."""
        lines = self._end.split(b"\n")
        whole = lines[1:] if self.size > LAST_BYTES else lines  # Half a line may begin with half a secret.
        return [text for line in whole[-2 * LAST :] if (text := self._text(line)).strip()][-LAST:]

    def _hold(self, rest: bytes) -> None:
        """What is not a whole line yet; of an endless one, the beginning."""
        self._begun = rest[:LONGEST_READ]

    def _line(self, line: bytes) -> None:
        if self._said < self._most:
            self._said += 1
            self._say(self._text(line))

    def _text(self, line: bytes) -> str:
        """As a terminal would show it: what stands behind the last return to the line's beginning, without colours."""
        shown = line.rstrip(b"\r").rpartition(b"\r")[2][:LONGEST_READ]
        text = self._readable(CONTROL.sub("", ESCAPES.sub("", shown.decode("utf-8", "replace"))))
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
