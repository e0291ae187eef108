"""A session with a real Zou: one token, lists of ids in chunks, several requests at a time."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from kitsu_bridge.kitsu.errors import KitsuError, NotInKitsu, TokenRejected
from kitsu_bridge.kitsu.reading import Record
from kitsu_bridge.kitsu.recent import recent
from kitsu_bridge.kitsu.resolve import is_id
from kitsu_bridge.kitsu.transport import WRITE, Transport

CHUNK = 92
"""Ids in one request: gunicorn in front of Zou takes 4,094 bytes of a request line, and an id takes 43 of them."""

AT_ONCE = 4
"""Requests at a time. Four fetch 1,000 tasks in half the time of one; more gain nothing (measured on two cores)."""

Answer = TypeVar("Answer")
Item = TypeVar("Item")

_pool = ThreadPoolExecutor(max_workers=4 * AT_ONCE, thread_name_prefix="kitsu")


class ZouSession:
    """One token and the way to Zou: what the parts of `ZouKitsu` ask with."""

    def __init__(self, transport: Transport, token: str, renew: Callable[[str], str] | None = None) -> None:
        self._transport, self._token, self._renew = transport, token, renew

    def _get(self, path: str, **params: Any) -> Any:
        return self._renewed(lambda token: self._transport.get(path, token, params or None))

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        """Write once. A rejected token has written nothing, so that a renewed one may try again."""
        return self._renewed(lambda token: self._transport.send(method, path, token, body, seconds=WRITE))

    def _upload(self, path: str, fields: Mapping[str, str], files: Sequence[tuple[str, Path]]) -> Any:
        """Write a form with files, once."""
        return self._renewed(lambda token: self._transport.upload(path, token, fields, files))

    def _stream(self, path: str, largest: int) -> Iterator[bytes]:
        """Read a file piece by piece."""
        return self._renewed(lambda token: self._transport.stream(path, token, largest))

    def _rows(self, path: str, **params: Any) -> Iterator[Any]:
        """Read a long list row by row."""
        return self._renewed(lambda token: self._transport.rows(path, token, params or None))

    def _renewed(self, ask: Callable[[str], Answer]) -> Answer:
        try:
            return ask(self._token)
        except TokenRejected:
            if self._renew is None:
                raise
            self._token = self._renew(self._token)
            return ask(self._token)

    def _by(self, path: str, field: str, ids: Iterable[str], **params: Any) -> list[Record]:
        """Rows whose field is one of these ids: 92 a request, four requests at a time."""
        return self._all(
            lambda chunk: self._get(path, **{field: json.dumps(chunk, separators=(",", ":"))}, **params),
            chunked(ids, CHUNK),
        )

    def _all(self, read: Callable[[Any], list[Record]], of: Sequence[Any]) -> list[Record]:
        if len(of) <= 1:
            return [row for one in of for row in read(one)]
        gate = threading.Semaphore(AT_ONCE)

        def one_at_a_time(one: Any) -> list[Record]:
            with gate:
                return read(one)

        return list(chain.from_iterable(_pool.map(one_at_a_time, of)))

    def _write_all(self, write: Callable[[Item], Sequence[Any]], of: Iterable[Item]) -> list[Any]:
        """What `write` returns of each, four at a time. The first failure ends it, and its `done` has what was written."""
        done: list[Any] = []
        left, taking, stopped = iter(of), threading.Lock(), threading.Event()

        def lane() -> None:
            while not stopped.is_set():
                with taking:
                    item = next(left, None)
                if item is None:
                    return
                try:
                    done.extend(write(item))
                except BaseException:
                    stopped.set()
                    raise

        running = [_pool.submit(lane) for _ in range(AT_ONCE)]
        try:
            failed = [one.exception() for one in running]
        finally:
            stopped.set()  # Whoever waits here may be interrupted: then nothing more is begun.
        for error in filter(None, failed):
            if isinstance(error, KitsuError):
                error.done = done
            raise error
        return done

    def _recent(self, path: str, **params: Any) -> list[Record]:
        """A list that changes seldom: read once in half a minute for each token."""
        return recent((self._transport.url, self._token, path), lambda: list(self._get(path, **params)))


def the_id(text: str) -> str:
    """An id may become part of a path; nothing else may."""
    if not is_id(text.lower()):
        raise NotInKitsu(f"{text[:60]!r} is no id.")
    return text


def chunked(ids: Iterable[str], size: int) -> list[list[str]]:
    """The ids, each once and without what is none, in lists of at most `size`."""
    wanted = [one for one in dict.fromkeys(ids) if is_id(one)]
    return [wanted[start : start + size] for start in range(0, len(wanted), size)]
