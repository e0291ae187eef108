"""Asks a farm over HTTP and JSON, and says of every trouble whether the farm may have got what was sent."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationValueError,
    NewConnectionError,
    SSLError,
)

from actions.farms.contract import FarmAway, FarmRefuses, FarmUnsure

CONNECT, READ = 3.0, 10.0
"""Seconds: for a connection, and for the whole answer after it."""

LARGEST = 64 * 1024 * 1024
"""Bytes of an answer; a farm lists thousands of jobs."""

NOTHING_SENT = (NewConnectionError, ConnectTimeoutError, SSLError, LocationValueError)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whatever its status. The names of `headers` are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def beginning(self) -> str:
        """Of its text, for people."""
        return self.body[:2_000].decode("utf-8", "replace").strip()[:300]


class Asking:
    """The way to one farm. `headers` are made anew for each request, such as a token with its time."""

    def __init__(self, title: str, place: str, headers: Callable[[], Mapping[str, str]]) -> None:
        self._title, self._place, self._headers = title, place, headers
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=CONNECT, read=READ), retries=False)

    def ask(self, method: str, path: str, content: Any = None, *, sends: bool = False, words: bool = False) -> Any:
        """What the farm answers. `sends`: a job, so that without a plain answer it is `FarmUnsure`; else it is `FarmAway`.

        `words`: an answer that is no JSON is one all the same, and given as it is.
        """
        lost = FarmUnsure if sends else FarmAway
        reply = self.exchange(method, path, content, sends=sends)
        status, said = reply.status, reply.beginning
        if status in {401, 403}:
            raise FarmRefuses(f"{self._title} does not let the bridge in ({status}). Check the secret of the action.")
        if 300 <= status < 500:
            raise FarmRefuses(f"{self._title} says no ({status}): {said}")
        if status >= 500:
            raise lost(f"{self._title} has trouble ({status}): {said}")
        try:
            return json.loads(reply.body)
        except ValueError:
            if words:
                return said
            raise lost(f"What answers at {self._place} is no JSON: {said[:100]}") from None

    def exchange(self, method: str, path: str, content: Any = None, *, sends: bool = False) -> Reply:
        """The reply, for farms whose statuses say more. Raises as `ask` does where none came."""
        lost = FarmUnsure if sends else FarmAway
        headers = {"Accept": "application/json", **self._headers()}
        body = None if content is None else json.dumps(content).encode()
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            answer = self._pool.request(
                method, self._place + path, body=body, headers=headers, redirect=False, preload_content=False
            )
            try:
                said = {name.lower(): value for name, value in answer.headers.items()}
                return Reply(answer.status, said, _bounded(answer))
            finally:
                answer.close()
        except NOTHING_SENT as error:
            raise FarmAway(f"{self._title} at {self._place} is not reached: {_reason(error)}.") from None
        except (HTTPError, OSError) as error:
            raise lost(f"{self._title} at {self._place} did not answer: {_reason(error)}.") from None


def place_of(url: str) -> str:
    """Where a farm stands, without a slash at its end. Raises `FarmRefuses` for what is no plain http or https address."""
    try:
        parts = urlsplit(url.strip())
        plain = parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        plain = False
    if not plain or parts.username is not None or parts.query or parts.fragment:
        raise FarmRefuses("The address of the farm is http:// or https://, a host and a port; a password is a secret.")
    return url.strip().rstrip("/")


def some_of(ids: list[str], size: int) -> Iterator[list[str]]:
    """Parts of a list for which one request has room."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _bounded(answer: urllib3.BaseHTTPResponse) -> bytes:
    """The body, which may neither drip for ever nor be of any size. What is not whole is taken for no answer."""
    until, body = time.monotonic() + READ, bytearray()
    for chunk in answer.stream(64 * 1024):
        body += chunk
        if len(body) > LARGEST or time.monotonic() > until:
            raise HTTPError("too much, or too slow")
    return bytes(body)


def _reason(error: BaseException) -> str:
    """In words that hold no header."""
    if isinstance(error, (TimeoutError, urllib3.exceptions.TimeoutError)) and not isinstance(error, NewConnectionError):
        return "it took too long"
    if isinstance(error, NewConnectionError):
        return "no connection"
    return "its certificate is not accepted" if isinstance(error, SSLError) else "the connection broke"
