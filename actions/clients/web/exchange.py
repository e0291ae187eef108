"""One request and its answer, with the one address that was checked."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from actions.clients.web.place import Place
from actions.clients.web.trouble import BrokenOff, NotAllowed, NotReached, WebTrouble

CONNECT = 10.0
"""Seconds for a connection."""

READ = 30.0
"""Seconds of silence within an answer."""

LARGEST = 1024 * 1024
"""Bytes that are read of an answer."""


@dataclass(frozen=True, slots=True)
class Received:
    """What came back. `cut`: there was more than is read."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes
    cut: bool


@dataclass(slots=True)
class Exchange:
    """One try at one address. Another thread may `cut` it at any moment."""

    place: Place
    address: str
    method: str
    headers: Mapping[str, str]
    body: bytes
    _ended: bool = False
    _socket: socket.socket | None = None

    def cut(self) -> None:
        """End it: a read that hangs returns at once, and what is not connected yet will not send."""
        self._ended = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def run(self) -> Received:
        """Connect, send, read."""
        with closing(self._new()) as connection:
            self._connect(connection)
            with _named(BrokenOff, f"{self.place.host} did not answer"):
                connection.request(
                    self.method,
                    self.place.target,
                    self.body or None,
                    self.headers,
                    preload_content=False,
                    decode_content=False,
                )
                with closing(connection.getresponse()) as response:
                    body, cut = _bounded(response)
                    return Received(response.status, response.reason or "", dict(response.headers), body, cut)

    def _connect(self, connection: HTTPConnection) -> None:
        with _named(NotReached, f"{self.place.host} cannot be reached"):
            connection.connect()
            self._socket = connection.sock  # The connection itself forgets it when the answer begins.
            connection.timeout = READ
            if self._ended:
                raise TimeoutError

    def _new(self) -> HTTPConnection:
        """To the address; the certificate must be of the host. No proxy of the environment is used."""
        if self.place.scheme == "http":
            return HTTPConnection(self.address, self.place.port, timeout=CONNECT)
        return HTTPSConnection(
            self.address,
            self.place.port,
            timeout=CONNECT,
            ssl_context=ssl.create_default_context(),
            server_hostname=self.place.host,
        )


def _bounded(response: BaseHTTPResponse) -> tuple[bytes, bool]:
    """The body as it came, not unpacked: a small packed answer may be a huge one."""
    body = bytearray()
    for chunk in response.stream(64 * 1024, decode_content=False):
        body += chunk
        if len(body) > LARGEST:
            return bytes(body[:LARGEST]), True
    return bytes(body), False


@contextmanager
def _named(kind: type[WebTrouble], what: str) -> Iterator[None]:
    """Every failure of the network in words; the reason is shown, never the address or a header."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise NotAllowed(f"{what}: its certificate is not accepted ({error.verify_message}).") from None
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        raise kind(f"{what}: {_reason(error)}.") from None


def _reason(error: BaseException) -> str:
    cause = error.__cause__ or error
    if isinstance(cause, TimeoutError):
        return "it took too long"
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror.lower()
    return "what came is no proper answer"
