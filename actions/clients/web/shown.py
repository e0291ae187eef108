"""What was sent and what came back, as a page shows it: JSON with its levels, other text as it is, nothing endless."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress


def pretty(text: str, most: int, hidden: Callable[[str], str] = str) -> str:
    """The text, indented where it is JSON, of at most so many characters. `hidden` takes secrets out.

    It is asked again after the reading: within JSON, each sign may be written as an escape.
    """
    text = hidden(text)
    with suppress(ValueError, RecursionError):
        text = hidden(json.dumps(json.loads(text), indent=2, ensure_ascii=False))
    return shortened(text, most)


def shortened(text: str, most: int) -> str:
    """Cut, and said so."""
    return text if len(text) <= most else f"{text[:most]}\n… and {len(text) - most:,} more characters"


def in_a_line(text: str, most: int) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text[: most * 4].split())
    return line if len(line) <= most else f"{line[:most]}…"
