"""How often something happened lately: calls of a person, calls from an address, attempts to sign in."""

from __future__ import annotations

from functools import lru_cache

import structlog
from django.conf import settings
from limits import parse
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

log = structlog.get_logger(__name__)


@lru_cache(maxsize=4)
def _limiter(url: str) -> FixedWindowRateLimiter:
    storage = storage_from_string(url or "memory://")
    assert isinstance(storage, Storage)
    return FixedWindowRateLimiter(storage)


def seconds_to_wait(limit: str, name: str, *, now: float) -> int:
    """Count one; 0 when it is within `limit` (such as `60/minute`), else the seconds until the next window.

    Without its storage nothing is counted: a cache that is down must not keep a studio from working.
    """
    limiter, item = _limiter(settings.CACHE_URL), parse(limit)
    try:
        if limiter.hit(item, name):
            return 0
        return max(1, int(limiter.get_window_stats(item, name).reset_time - now) + 1)
    except Exception as error:  # noqa: BLE001 - each storage has errors of its own
        log.warning("Rates cannot be counted", error=type(error).__name__)
        return 0
