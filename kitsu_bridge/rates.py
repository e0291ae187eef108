"""How often something happened lately: calls of a person, calls from an address, attempts to sign in."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import structlog
from django.conf import settings
from limits import RateLimitItem, parse
from limits.storage import RedisStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from kitsu_bridge.cache import PATIENCE

log = structlog.get_logger(__name__)

# As the script of limits' RedisStorage, but for all that is counted in one round trip.
COUNT = b"""
local counts = {}
for i, key in ipairs(KEYS) do
    counts[i] = redis.call('INCR', key)
    if counts[i] == 1 then redis.call('EXPIRE', key, ARGV[i]) end
end
return counts
"""


@lru_cache(maxsize=4)
def _limiter(url: str) -> FixedWindowRateLimiter:
    # Django writes a Redis behind a socket as unix://, limits (5.8) as redis+unix://.
    place = f"redis+{url}" if url.startswith("unix:") else url
    storage = storage_from_string(place, **PATIENCE) if place else storage_from_string("memory://")
    assert isinstance(storage, Storage)
    return FixedWindowRateLimiter(storage)


def seconds_to_wait(counted: Iterable[tuple[str, str]], *, now: float) -> int:
    """Count one for each limit (such as `60/minute`) and name; 0 within all, else the seconds until the next window.

    Without its storage nothing is counted: a cache that is down must not keep a studio from working.
    """
    items = [(_parsed(limit), name) for limit, name in counted]
    try:
        limiter = _limiter(settings.CACHE_URL)
        counts = _count(limiter.storage, items)
        over = [(item, name) for (item, name), count in zip(items, counts, strict=True) if count > item.amount]
        resets = [limiter.get_window_stats(item, name).reset_time for item, name in over]
    except Exception as error:  # noqa: BLE001 - each storage has errors of its own
        log.warning("Rates cannot be counted", error=type(error).__name__)
        return 0
    return max((max(1, int(reset - now) + 1) for reset in resets), default=0)


def is_over(limit: str, name: str, *, now: float) -> int:
    """Seconds to wait where as many as the limit were counted; 0 below it. Nothing is counted."""
    try:
        limiter, item = _limiter(settings.CACHE_URL), _parsed(limit)
        if limiter.test(item, name):
            return 0
        return max(1, int(limiter.get_window_stats(item, name).reset_time - now) + 1)
    except Exception as error:  # noqa: BLE001 - each storage has errors of its own
        log.warning("Rates cannot be read", error=type(error).__name__)
        return 0


def _count(storage: Storage, items: list[tuple[RateLimitItem, str]]) -> list[int]:
    """How often each happened in its window, this time included."""
    keys = [item.key_for(name) for item, name in items]
    seconds = [item.get_expiry() for item, _ in items]
    if isinstance(storage, RedisStorage):
        counts: list[int] = _script(storage)([storage.prefixed_key(key) for key in keys], seconds)
        return counts
    return [storage.incr(key, expiry) for key, expiry in zip(keys, seconds, strict=True)]


@lru_cache(maxsize=4)
def _script(storage: RedisStorage) -> Any:
    return storage.get_connection().register_script(COUNT)


@lru_cache(maxsize=64)
def _parsed(limit: str) -> RateLimitItem:
    return parse(limit)
