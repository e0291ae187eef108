"""Sends a request: resolves, checks, connects to the very address that was checked, follows and repeats where that is safe."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import urljoin

from actions.clients.web.exchange import Exchange, Received
from actions.clients.web.guard import Guard
from actions.clients.web.pause import LONGEST_PAUSE, pause_before, paused
from actions.clients.web.place import Place, place_of
from actions.clients.web.trouble import BrokenOff, NotAllowed, NotReached, WebTrouble
from actions.clients.web.waiting import TooSlow, waited

TOTAL = 60.0
"""Seconds that one try may take altogether, however slowly the answer drips."""

TRIES = 4
REDIRECTS = 3

BUSY = frozenset({429, 502, 503, 504})
"""Answers of a service, or of what stands before it, that may be another one soon."""

MOVED = frozenset({301, 302, 303, 307, 308})
KEEP_METHOD = frozenset({307, 308})
"""The others make of a POST a GET (RFC 9110, section 15.4): such a call would arrive without its content."""

Resolver = Callable[[str, int], Sequence[str]]


def unsigned(_body: bytes) -> Mapping[str, str]:
    """No further headers."""
    return {}


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. `fresh` gives the headers that are made anew for each try, such as a signature with its time."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    fresh: Callable[[bytes], Mapping[str, str]] = unsigned


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `seconds` and `tries` are of all tries together."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes
    cut: bool
    seconds: float
    tries: int

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")


def looked_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as this machine knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Web:
    """The way out. `opened`: hosts and networks of the studio that may be called, as in CALL_URL_PRIVATE."""

    def __init__(self, opened: Collection[str] = (), *, resolve: Resolver = looked_up) -> None:
        self._guard, self._resolve = Guard(opened), resolve

    def send(
        self,
        request: Request,
        *,
        repeat_on: Collection[int] = (),
        after_break: bool = False,
        seconds_left: float = TOTAL,
        stop: Callable[[], None] = lambda: None,
    ) -> Answer:
        """The answer, whatever its status. Raises `WebTrouble` when none came.

        `repeat_on`: answers after which it is tried again; `after_break`: also after a broken connection, when something may
        have arrived; when nothing was sent, it is in any case. `seconds_left`: for all tries together. `stop` is called while
        it waits, and may raise.
        """
        began = time.monotonic()
        until = began + seconds_left
        for number in range(1, TRIES + 1):
            found = self._tried(request, min(until, time.monotonic() + TOTAL), stop)
            again = number < TRIES and _may_repeat(found, repeat_on, after_break)
            pause = pause_before(number, found.headers if isinstance(found, Received) else {})
            if not again or pause > LONGEST_PAUSE or time.monotonic() + pause >= until:
                break
            paused(pause, stop)
        if isinstance(found, WebTrouble):
            raise found
        return _answer(found, time.monotonic() - began, number)

    def _tried(self, request: Request, until: float, stop: Callable[[], None]) -> Received | WebTrouble:
        try:
            return self._followed(request, until, stop)
        except WebTrouble as trouble:
            return trouble

    def _followed(self, request: Request, until: float, stop: Callable[[], None]) -> Received:
        """The answer, after redirects within the same server."""
        for _ in range(REDIRECTS + 1):
            place = place_of(request.url)
            received = self._exchanged(place, request, until, stop)
            target = received.headers.get("location", "") or received.headers.get("Location", "")
            if received.status not in MOVED or not target:
                return received
            request = _moved(request, place, received.status, target)
        raise WebTrouble(f"{place.host} sends on and on.")

    def _exchanged(self, place: Place, request: Request, until: float, stop: Callable[[], None]) -> Received:
        headers = {"Host": place.host_header, "Accept-Encoding": "identity", "User-Agent": "kitsu-bridge"}
        headers |= {**request.headers, **request.fresh(request.body)}
        trouble: WebTrouble = NotReached(f"{place.host} has no address.")
        for address in self._addresses(place, until, stop):
            try:
                exchange = Exchange(place, address, request.method, headers, request.body)
                return waited(exchange.run, until, stop, exchange.cut)
            except NotReached as error:
                trouble = error
            except TooSlow:
                raise BrokenOff(f"{place.host} did not answer completely in time.") from None
        raise trouble

    def _addresses(self, place: Place, until: float, stop: Callable[[], None]) -> list[str]:
        """Those of the place's addresses that may be called; what is connected to is one of these, whatever DNS says later."""
        try:
            found = waited(partial(self._resolve, place.host, place.port), until, stop)
        except (OSError, UnicodeError, TooSlow):
            raise NotReached(f"There is no host {place.host}.") from None
        allowed, refusal = [], None
        for address in found:
            try:
                self._guard.check(place, address)
                allowed.append(address)
            except NotAllowed as error:
                refusal = error
        if refusal and not allowed:
            raise refusal
        return allowed


def _may_repeat(found: Received | WebTrouble, repeat_on: Collection[int], after_break: bool) -> bool:
    if isinstance(found, Received):
        return found.status in repeat_on
    return isinstance(found, NotReached) or (after_break and isinstance(found, BrokenOff))


def _moved(request: Request, place: Place, status: int, target: str) -> Request:
    """The request for where the server sends on; `NotAllowed` for another server, which was never meant to get it."""
    url = urljoin(request.url, target)
    other = place_of(url)
    same = (other.host, other.port, other.scheme) == (place.host, place.port, place.scheme)
    if not same:
        raise NotAllowed(
            f"{place.host} sends on to {other.host_header}, another server. If that is right, correct the URL."
        )
    if status not in KEEP_METHOD and request.method not in {"GET", "HEAD"}:
        raise NotAllowed(f"{place.host} sends on to another address in a way that loses the content. Correct the URL.")
    return replace(request, url=url)


def _answer(found: Received, seconds: float, tries: int) -> Answer:
    return Answer(found.status, found.reason, found.headers, found.body, found.cut, seconds, tries)
