"""A long list of Zou's, row by row while it comes: a JSON array, or a line for each row. Neither is ever held as a whole."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from kitsu_bridge.kitsu.errors import NotKitsu

LARGEST_ROW = 16 * 1024 * 1024
"""Bytes of one row."""

_decoder = json.JSONDecoder()
_between = re.compile(r"[\s,]*")


def json_rows(pieces: Iterable[bytes]) -> Iterator[Any]:
    """The rows of a JSON array, or of lines of JSON. Raises `NotKitsu` for anything else, and for what breaks off."""
    coming = iter(pieces)
    head = next((piece.lstrip() for piece in coming if piece.strip()), b"")
    try:
        if head.startswith(b"["):
            yield from _of_array(chain([head[1:]], coming))
        else:
            yield from _of_lines(chain([head], coming))
    except ValueError:
        raise NotKitsu("Its list is no JSON, or breaks off.") from None


def _of_lines(pieces: Iterable[bytes]) -> Iterator[Any]:
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        yield from (json.loads(line) for line in lines if line.strip())
        _must_be_bearable(rest)
    if rest.strip():
        yield json.loads(rest)


def _of_array(pieces: Iterable[bytes]) -> Iterator[Any]:
    """Rows are objects: one that is not complete yet cannot be taken for another."""
    decoded, text = codecs.getincrementaldecoder("utf-8")(), ""
    for piece in pieces:
        text, at = text + decoded.decode(piece), 0
        while (at := _after(text, at)) < len(text) and text[at] != "]":
            try:
                row, at = _decoder.raw_decode(text, at)
            except ValueError:
                break  # Its rest is on the way.
            yield row
        if text[at : at + 1] == "]":
            return
        text = text[at:]
        _must_be_bearable(text)
    raise ValueError


def _after(text: str, at: int) -> int:
    found = _between.match(text, at)
    return found.end() if found else at


def _must_be_bearable(rest: str | bytes) -> None:
    if len(rest) > LARGEST_ROW:
        raise NotKitsu(f"One row of its list is larger than {LARGEST_ROW:,} bytes.")


def with_fields(rows: Iterator[Any], header: str) -> Iterator[dict[str, Any]]:
    """Rows of objects as they are; those of Zou's compact lists, whose first row names the fields of the others and of their
    `tasks`, with the names put back.
    """
    first = next(rows, None)
    if not isinstance(first, dict) or header not in first:
        yield from chain([first] if first is not None else [], rows)
        return
    names, of_tasks = first[header], first["task_fields"]
    for row in rows:
        named = dict(zip(names, row, strict=True))
        named["tasks"] = [dict(zip(of_tasks, task, strict=True)) for task in named["tasks"]]
        yield named
