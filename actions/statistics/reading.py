"""Does slow work in the background, once for all who wait for it, and says how far it is: reading Kitsu, and counting."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, Protocol, TypeVar

import structlog
from django.conf import settings
from django.core.cache import cache

from actions.figures.production import Progress
from actions.statistics.keeping import keep, kept
from kitsu_bridge.kitsu.errors import KitsuError

log = structlog.get_logger(__name__)

AT_ONCE = 2
"""Readings of one process at a time: each asks Kitsu for everything it has of a production."""

MOST_WAITING = 20
"""Readings of one process that run or wait; who comes then tries again."""

SILENT = 90
"""Seconds without a word after which a reading counts as dead, its process with it."""

TOLD = 15
"""Seconds for which a reading that failed is not tried again, so that a page does not press a Kitsu that is down."""

TOO_LARGE = "This production is too large to be kept: STATISTICS_CACHE has to be raised (docs/settings.md)."
BUSY = "Many statistics are being read at this moment. Try again in a little while."
BROKEN = "The figures could not be made; the bridge's log says why."


class Made(Protocol):
    """What is made in the background: as old as what was read for it."""

    @property
    def read_at(self) -> datetime:
        """When it was read from Kitsu."""


Of = TypeVar("Of", bound=Made)
Make = Callable[[Progress], Of]

_pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="statistics")
_running: dict[str, Future[None]] = {}


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is: `done` of `total`, 0 of 0 before it has begun."""

    done: int = 0
    total: int = 0
    text: str = "Asking Kitsu"


@dataclass(frozen=True, slots=True)
class Look(Generic[Of]):
    """What there is to show: what was made last, how far its successor is, and what went wrong with one."""

    found: Of | None = None
    step: Step | None = None
    trouble: str = ""

    @property
    def age(self) -> timedelta:
        """How long ago it was read."""
        return datetime.now(UTC) - self.found.read_at if self.found else timedelta()


def look(
    name: str, make: Make[Of], *, patience: float = 1.0, anew: bool = False, since: datetime | None = None
) -> Look[Of]:
    """What is kept under a name; where that is old, missing, read before `since`, or wanted `anew`, it is made again.

    `patience`: seconds to wait for it. What takes longer goes on in the background, and a later look finds it.
    """
    step = step_of(name)  # Before what is kept: where nothing is being made any more, what was made is there.
    found: Of | None = kept(name)
    trouble = "" if anew else cache.get(_trouble(name)) or ""
    if step is None and (trouble or (fresh(found, since) and not anew)):
        return Look(found, None, trouble)
    if step is None:
        _begin(name, make)
    if running := _running.get(name):
        wait_for([running], patience)
    step = step_of(name)
    return Look(kept(name), step, cache.get(_trouble(name)) or "")


def fresh(found: Made | None, since: datetime | None = None) -> bool:
    """Whether something was read lately enough to be shown as it is."""
    if found is None or (since is not None and found.read_at < since):
        return False
    return datetime.now(UTC) - found.read_at < timedelta(seconds=settings.STATISTICS_FRESH)


def step_of(name: str) -> Step | None:
    """How far what is made under this name is, in whichever process; None where nothing is."""
    step = cache.get(_step(name))
    return step if isinstance(step, Step) else None


def tell_of_trouble(name: str, trouble: str) -> None:
    """Say what went wrong to whoever looks in the next seconds."""
    cache.set(_trouble(name), trouble, TOLD)


def _begin(name: str, make: Make[Of]) -> None:
    """`add` is atomic: of several who look at once, one begins."""
    if len(_running) >= MOST_WAITING:
        tell_of_trouble(name, BUSY)
    elif cache.add(_step(name), Step(), SILENT):
        cache.delete(_trouble(name))
        running = _running[name] = _pool.submit(_carry_out, name, make)
        running.add_done_callback(lambda _: _running.pop(name, None))


def _carry_out(name: str, make: Make[Of]) -> None:
    def say(done: int, total: int, text: str) -> None:
        cache.set(_step(name), Step(done, total, text), SILENT)

    begun = time.monotonic()
    try:
        if not keep(name, make(say)):
            tell_of_trouble(name, TOO_LARGE)
        log.info("Statistics were made", seconds=round(time.monotonic() - begun, 2))
    except KitsuError as error:
        tell_of_trouble(name, str(error))
    except Exception:
        log.exception("Statistics could not be made")
        tell_of_trouble(name, BROKEN)
    finally:
        cache.delete(_step(name))


def _step(name: str) -> str:
    return f"statistics:step:{name}"


def _trouble(name: str) -> str:
    return f"statistics:trouble:{name}"
