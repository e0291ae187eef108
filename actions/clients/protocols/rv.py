"""RV and OpenRV: `rvlink://baked/<hex of a command line>`, as OpenRV's own `parseURL` reads it.

It splits at spaces and knows `'...'` as the only quotes, with no way to write a `'` within; it takes options from anywhere in
the line, some of which run scripts. So nothing but absolute paths, always quoted, and options of the list below go in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from actions.clients.protocols.files import Clip
from actions.clients.protocols.scheme import checked_url
from actions.contract import ActionError

SCHEME = "rvlink"

NUMBER = re.compile(r"\d{1,4}(\.\d{1,4})?\Z")
WORD = re.compile(r"[^'\\\[\]\x00-\x1f-][^'\\\[\]\x00-\x1f]{0,79}\Z")

OPTIONS: dict[str, re.Pattern[str] | None] = {
    "-l": None,
    "-play": None,
    "-wipe": None,
    "-over": None,
    "-tile": None,
    "-fps": NUMBER,
    "-sessionName": WORD,
}
"""Options that an action may give, and what may stand behind each; `-eval`, `-init`, `-network` and their like are not here."""


def allowed_options(text: str) -> tuple[str, ...]:
    """Options such as `-l -play -fps 24`, one by one. Raises `ActionError` for one that is not in the list."""
    words, found = iter(text.split()), []
    for word in words:
        if word not in OPTIONS:
            raise ActionError(
                f"RV's option “{word[:40]}” is not among those that an action may give: {', '.join(OPTIONS)}."
            )
        found += [word, *_value(word, words)]
    return tuple(found)


def _value(option: str, words: Iterator[str]) -> list[str]:
    pattern = OPTIONS[option]
    if pattern is None:
        return []
    value = next(words, "")
    if not pattern.match(value):
        raise ActionError(f"RV's option “{option}” needs a value behind it.")
    return [value]


def argv(clips: Sequence[Clip], options: Sequence[str] = ()) -> tuple[str, ...]:
    """The arguments of RV: the options, then each file as a source, with its frames where they are known."""
    found = list(options)
    for clip in clips:
        found += _source(clip)
    return tuple(found)


def _source(clip: Clip) -> list[str]:
    cut = [
        word
        for option, frame in (("-in", clip.first), ("-out", clip.last))
        if frame is not None
        for word in (option, str(int(frame)))
    ]
    return ["[", clip.path, *cut, "]"] if cut else [clip.path]


def url(clips: Sequence[Clip], options: Sequence[str] = ()) -> str:
    """The link that opens these files in RV. Raises `ActionError` for a path that RV's reader would spoil."""
    line = "".join(f" {_quoted(word)}" for word in argv(clips, options))
    return checked_url(f"{SCHEME}://baked/{line.encode().hex()}", SCHEME, "baked")


def _quoted(word: str) -> str:
    return word if word in OPTIONS or word in PLAIN or NUMBER.match(word) else f"'{readable(word)}'"


PLAIN = {"[", "]", "-in", "-out"}


def readable(word: str) -> str:
    """The same path or word, if RV reads it as it stands. Raises `ActionError` for one with a `'` or a backslash in it."""
    for sign in ("'", "\\"):
        if sign in word:
            raise ActionError(f"RV cannot open a path with {sign} in it: “{word[:120]}”. Rename the file.")
    return word
