"""How a message looks on the way: raw, or as HTTP. Both seen on afserver 3.4.1."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any, cast

HEADER = re.compile(rb"AFANASY (\d{1,12}) JSON")
HEAD_END = b"\r\n\r\n"
LONGEST_HEADER = 64
"""Bytes within which the raw header must have ended."""


Take = Callable[[bytearray, bool], bytes | None]


class NoAfanasy(Exception):
    """What came is no answer of an afserver."""


@dataclass(frozen=True, slots=True)
class Framing:
    """`put` makes of a body what is sent to a host; `take` finds the body in what came, None while some is missing.

    `take` is told whether the connection has ended, and raises `NoAfanasy`.
    """

    put: Callable[[bytes, str], bytes]
    take: Take


def _raw(body: bytes, _host: str) -> bytes:
    """The length is that of the body's bytes, not of its characters."""
    return b"AFANASY %d JSON%b" % (len(body), body)


def _of_raw(came: bytearray, ended: bool) -> bytes | None:
    found = HEADER.match(came)
    if found is None:
        if came and (ended or len(came) > LONGEST_HEADER):
            raise NoAfanasy
        return None
    end = found.end() + int(found.group(1))
    return bytes(came[found.end() : end]) if len(came) >= end else None


def _http(body: bytes, host: str) -> bytes:
    """In one piece: afserver does not understand headers that arrive in two, nor `AFANASY:` without the space after it."""
    lines = (
        "POST / HTTP/1.1",
        f"Host: {host}",
        f"AFANASY: {len(body)}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode("ascii") + body


def _of_http(came: bytearray, ended: bool) -> bytes | None:
    """Read as soon as it is whole: afserver waits about ten seconds for the other side to close the connection first
    (`af_server_http_wait_close` in server/socketsprocessing.cpp; seen on 3.4.1)."""
    if not came or not (ended or HEAD_END in came):
        return None
    response = HTTPResponse(cast("Any", _Came(came)), method="POST")
    try:
        response.begin()
        if not ended and (
            response.length is None or len(came) < came.index(HEAD_END) + len(HEAD_END) + response.length
        ):
            return None
        body = response.read()
    except (HTTPException, ValueError):
        raise NoAfanasy from None
    if response.status != 200:
        raise NoAfanasy(f"{response.status} {response.reason}"[:100])
    return body


class _Came:
    """Bytes that have come already, for a reader that wants a socket."""

    def __init__(self, came: bytearray) -> None:
        self._came = came

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._came)


def page(path: str, host: str) -> bytes:
    """What a browser asks for a file. afserver decodes nothing in a path, and a space ends it (server/httpget.cpp)."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("ascii")


FRAMINGS = {"tcp": Framing(_raw, _of_raw), "http": Framing(_http, _of_http), "https": Framing(_http, _of_http)}
"""By the name of the transport; afserver itself speaks the first two, https is for a reverse proxy."""
