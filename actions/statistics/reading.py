"""Reads a production in the background, once for all who wait for it, and says how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from django.core.cache import cache

from actions.figures.production import Production, Progress
from actions.statistics.keeping import keep, kept
from kitsu_bridge.kitsu.errors import KitsuError

log = structlog.get_logger(__name__)

Read = Callable[[Progress], Production]

AT_ONCE = 2
"""Readings of one process at a time: each asks Kitsu for everything it has of a production."""

SILENT = 90
"""Seconds without a word after which a reading counts as dead, its process with it."""

TOLD = 15
"""Seconds for which a reading that failed is not tried again, so that a page does not press a Kitsu that is down."""

TOO_LARGE = "This production is too large to be kept: STATISTICS_CACHE has to be raised (docs/settings.md)."
BROKEN = "The figures could not be read; the bridge's log says why."

_pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="statistics")
_running: dict[str, Future[None]] = {}


@dataclass(frozen=True, slots=True)
class Step:
    """How far a reading is: `done` of `total`, 0 of 0 before it has begun."""

    done: int = 0
    total: int = 0
    text: str = "Asking Kitsu"


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to show: the last reading, how far a new one is, and what went wrong with one."""

    production: Production | None = None
    step: Step | None = None
    trouble: str = ""

    @property
    def age(self) -> timedelta:
        """How long ago it was read."""
        return datetime.now(UTC) - self.production.read_at if self.production else timedelta()


def look(name: str, read: Read, *, patience: float = 1.0, anew: bool = False) -> Look:
    """What is kept under a name; where that is old, missing, or wanted `anew`, a reading begins and is waited for.

    `patience`: seconds. What takes longer goes on in the background, and a later look finds it.
    """
    found: Production | None = kept(name)
    step, trouble = reading(name), cache.get(_trouble(name)) or ""
    fresh = found is not None and datetime.now(UTC) - found.read_at < timedelta(seconds=settings.STATISTICS_FRESH)
    if step is None and not trouble and (anew or not fresh):
        _begin(name, read)
    if running := _running.get(name):
        wait_for([running], patience)
    elif step is None:
        return Look(found, None, trouble)
    return Look(kept(name), reading(name), cache.get(_trouble(name)) or "")


def reading(name: str) -> Step | None:
    """How far the reading of this name is, in whichever process; None where there is none."""
    step = cache.get(_step(name))
    return step if isinstance(step, Step) else None


def forget_trouble(name: str) -> None:
    """Somebody asks for it at once."""
    cache.delete(_trouble(name))


def _begin(name: str, read: Read) -> None:
    """`add` is atomic: of several who look at once, one begins."""
    if cache.add(_step(name), Step(), SILENT):
        _running[name] = _pool.submit(_carry_out, name, read)


def _carry_out(name: str, read: Read) -> None:
    def say(done: int, total: int, text: str) -> None:
        cache.set(_step(name), Step(done, total, text), SILENT)

    begun = time.monotonic()
    try:
        production = read(say)
        if not keep(name, production):
            cache.set(_trouble(name), TOO_LARGE, TOLD)
        log.info("Statistics were read", tasks=len(production.tasks), seconds=round(time.monotonic() - begun, 2))
    except KitsuError as error:
        cache.set(_trouble(name), str(error), TOLD)
    except Exception:
        log.exception("Statistics could not be read")
        cache.set(_trouble(name), BROKEN, TOLD)
    finally:
        cache.delete(_step(name))
        _running.pop(name, None)


def _step(name: str) -> str:
    return f"statistics:step:{name}"


def _trouble(name: str) -> str:
    return f"statistics:trouble:{name}"
