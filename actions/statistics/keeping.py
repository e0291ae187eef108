"""What was read of Kitsu, kept in the cache: compressed, within a bound of bytes, and for a day at the longest."""

from __future__ import annotations

import pickle
import zlib
from typing import Any

from django.conf import settings
from django.core.cache import cache

from kitsu_bridge import __version__

KEPT = 24 * 3600
"""Seconds: a page about yesterday is better than none while Kitsu is down."""

LEDGER = "statistics:ledger"
"""Names and bytes of what is kept, oldest first. Two processes that write it at once may forget an entry: it goes by its age."""


def keep(name: str, what: object) -> bool:
    """Keep something under a name, in place of what is oldest where there is no room; False where it is too large."""
    content = zlib.compress(pickle.dumps(what, protocol=5), 1)
    if len(content) > settings.STATISTICS_CACHE:
        return False
    _make_room(name, len(content))
    cache.set(_key(name), content, KEPT)
    return True


def kept(name: str) -> Any:
    """What is kept under a name, or None."""
    content = cache.get(_key(name))
    if not isinstance(content, bytes):
        return None
    return pickle.loads(zlib.decompress(content))  # noqa: S301 - Django pickles all that it keeps in this cache


def _make_room(name: str, size: int) -> None:
    ledger: dict[str, int] = {key: bytes_ for key, bytes_ in (cache.get(LEDGER) or {}).items() if key != name}
    ledger[name] = size
    over = sum(ledger.values()) - settings.STATISTICS_CACHE
    for oldest in list(ledger)[:-1]:
        if over <= 0:
            break
        over -= ledger.pop(oldest)
        cache.delete(_key(oldest))
    cache.set(LEDGER, ledger, KEPT)


def _key(name: str) -> str:
    """Another version of the bridge may read and count otherwise: it has shelves of its own."""
    return f"statistics:{__version__}:{name}"
