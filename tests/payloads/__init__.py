"""Requests of Kitsu 1.0.56, recorded byte for byte; the session cookie is replaced by the word TOKEN."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent


class Recorded(NamedTuple):
    """One request: its method, its headers in small letters, its body."""

    method: str
    headers: dict[str, str]
    body: bytes


def recorded(name: str) -> Recorded:
    """`form`, `ajax` or `preflight`, as Kitsu 1.0.56 in Chromium 156 sent it."""
    head, _, body = (HERE / f"kitsu-1.0.56-{name}.http").read_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")
    first, *lines = head.decode().splitlines()
    headers = dict(line.split(": ", 1) for line in lines)
    return Recorded(first.split()[0], {key.lower(): value for key, value in headers.items()}, body.rstrip(b"\n"))
