"""One request to an afserver, and its answer: a connection each, bounded in time and size."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from actions.clients.afanasy.framing import FRAMINGS, NoAfanasy, Take, page
from actions.contract import ActionError
from actions.farms.contract import FarmAway, FarmRefuses

CONNECT, ANSWER = 3.0, 10.0
"""Seconds to connect, and from then to the end of the answer."""

LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes. A listing of thousands of jobs has some."""

AT_ONCE = 64 * 1024

Transport = Literal["tcp", "http", "https"]


class NoAnswer(ActionError):
    """It was sent, or some of it, and no answer came that can be read: what came of it is not known."""


class EmptyAnswer(NoAnswer):
    """The connection was closed without a byte. This is also how an afserver dies."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an afserver listens, and how it is spoken to."""

    host: str
    port: int = 51000
    transport: Transport = "tcp"

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.transport == "tcp" else f"{self.transport}://{host}:{self.port}"


def ask(place: Place, message: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a message. Raises `FarmAway` before anything was sent, `NoAnswer` after, `FarmRefuses` for a no."""
    body = json.dumps(message, ensure_ascii=False).encode()
    framing = FRAMINGS[place.transport]
    with _connected(place) as connection:
        came = _exchanged(place, connection, framing.put(body, _host(place)), framing.take)
    return _read(place, came)


def file_of(place: Place, path: str) -> bytes:
    """A file that an afserver keeps, from the port on which it hears messages. Raises `FarmAway`, and `NoAnswer` for none."""
    with _connected(place) as connection:
        return _exchanged(place, connection, page(f"/@TMP@{path}", _host(place)), FRAMINGS["http"].take)


def _host(place: Place) -> str:
    return str(place).rpartition("/")[2]


def _connected(place: Place) -> socket.socket:
    plain = None
    try:
        plain = socket.create_connection((place.host, place.port), CONNECT)
        if place.transport != "https":
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=place.host)
    except (OSError, UnicodeError) as error:
        if plain is not None:
            plain.close()
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise FarmAway(f"Afanasy at {place} was not reached: {str(why)[:200]}.") from None


def _exchanged(place: Place, connection: socket.socket, sent: bytes, take: Take) -> bytes:
    """The body of the answer. Raises `NoAnswer`."""
    try:
        came, body = _heard(place, connection, sent, take)
    except TimeoutError:
        raise NoAnswer(f"Afanasy at {place} took the message and did not answer within {ANSWER:.0f} s.") from None
    except NoAfanasy as error:
        more = f" ({error})" if str(error) else ""
        raise NoAnswer(f"What answers at {place} is no Afanasy, or not over {place.transport}{more}.") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise NoAnswer(f"The connection to Afanasy at {place} broke: {why}.") from None
    if body is not None:
        return body
    if came:
        raise NoAnswer(f"The answer of Afanasy at {place} broke off.")
    raise EmptyAnswer(
        f"Afanasy at {place} closed the connection without an answer. It may have crashed: look at it first."
    )


def _heard(place: Place, connection: socket.socket, sent: bytes, take: Take) -> tuple[bytearray, bytes | None]:
    """What came, and the body in it when it is whole."""
    until = time.monotonic() + ANSWER
    came = bytearray()
    connection.settimeout(ANSWER)
    with suppress(ConnectionError):  # Who hangs up before all is sent may have answered first.
        connection.sendall(sent)
    while True:
        chunk = _received(connection, until)
        came += chunk
        if len(came) > LARGEST_ANSWER:
            raise NoAnswer(f"The answer of Afanasy at {place} has more than {LARGEST_ANSWER // 1024**2} MB.")
        body = take(came, not chunk)
        if body is not None or not chunk:
            return came, body


def _received(connection: socket.socket, until: float) -> bytes:
    """The next bytes, none at the end; however slowly they drip, not after `until`."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)
    try:
        return connection.recv(AT_ONCE)
    except ConnectionResetError:
        return b""


def _read(place: Place, body: bytes) -> dict[str, Any]:
    """What it says. afserver leaves line ends in its texts, which JSON forbids: it is read without minding them."""
    try:
        said = json.loads(body.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise NoAnswer(
            f"The answer of Afanasy at {place} cannot be read. A job of somebody whose name there has a "
            "quotation mark does that, until it is deleted."
        )
    info = said.get("info")
    if isinstance(info, dict) and info.get("kind") == "error":
        raise FarmRefuses(f"Afanasy says: {str(info.get('text'))[:500]}")
    return said
