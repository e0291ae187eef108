"""How long to wait before the next try."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST = 0.5
"""Seconds before the second try; twice as many before each further one."""

LONGEST_PAUSE = 600.0
"""Seconds; a service that asks for more is not waited for."""

SLICE = 0.1


def pause_before(tried: int, headers: Mapping[str, str]) -> float:
    """Seconds after so many tries: what `Retry-After` asks for, else longer and longer, a little different each time."""
    asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    own: float = FIRST * 2 ** (tried - 1) * random.uniform(0.8, 1.2)  # noqa: S311 - spreads callers, no secret
    return max(own, _seconds(asked))


def _seconds(asked: str) -> float:
    """`Retry-After` is a number of seconds or a date (RFC 9110, section 10.2.3)."""
    if asked.strip().isdecimal() and len(asked.strip()) < 10:
        return float(asked)
    try:
        moment = parsedate_to_datetime(asked)
        return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError):  # Whoever answers may write anything.
        return 0.0


def paused(seconds: float, stop: Callable[[], None]) -> None:
    """Wait; `stop` is called meanwhile, and may raise."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        stop()
        time.sleep(min(SLICE, max(0.0, until - time.monotonic())))
