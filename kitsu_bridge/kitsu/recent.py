"""Lists of Kitsu's that change seldom, kept for half a minute: task types, statuses, people."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.secrets import fingerprint

KEPT = 30.0
"""Seconds."""

MOST = 500
"""Lists kept at a time; beyond that all are forgotten."""

_kept: dict[str, tuple[float, list[Record]]] = {}
_lock = threading.Lock()


def recent(name: tuple[str, ...], read: Callable[[], list[Record]]) -> list[Record]:
    """The list of this name (which may hold a token: only its fingerprint is kept), read anew when it is older.

    Every caller gets a list of its own with the same rows in it: rows are for reading.
    """
    key, now = fingerprint(*name), time.monotonic()
    with _lock:
        at, rows = _kept.get(key, (float("-inf"), []))
    if now - at > KEPT:
        rows = read()
        with _lock:
            if len(_kept) >= MOST:
                _kept.clear()
            _kept[key] = (now, rows)
    return list(rows)


def forget() -> None:
    """Read everything anew: for tests, and after a change of our own."""
    with _lock:
        _kept.clear()
