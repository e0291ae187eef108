"""Waits for what cannot be interrupted, without being stuck in it: at the time limit, or when cancelled, it goes on without."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

LOOK_EVERY = 0.1
"""Seconds between two looks at whether to stop waiting."""


class TooSlow(Exception):
    """The time is over."""


def waited(
    work: Callable[[], Found], until: float, stop: Callable[[], None], cut: Callable[[], None] = lambda: None
) -> Found:
    """What `work` returns or raises, from a thread of its own. Raises `TooSlow` at `until` (`time.monotonic()`).

    `stop` is called often, and may raise; `cut` is called at the end in every case.
    """
    found: list[Found] = []
    trouble: list[Exception] = []
    over = threading.Event()

    def run() -> None:
        try:
            found.append(work())
        except Exception as error:  # noqa: BLE001 - raised again in the thread that waits
            trouble.append(error)
        finally:
            over.set()

    threading.Thread(target=run, name="call outward", daemon=True).start()
    try:
        while not over.wait(LOOK_EVERY):
            stop()
            if time.monotonic() > until:
                raise TooSlow
    finally:
        cut()
    if trouble:
        raise trouble[0]
    return found[0]
