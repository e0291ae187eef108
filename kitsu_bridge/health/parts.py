"""The parts that are looked at, each by one function; apps add theirs with `@part`.

What asks the network is asked in threads, all at once and for three seconds at most: a part that hangs is down.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, replace
from typing import TypeVar

import structlog
from django.core.cache import cache

log = structlog.get_logger(__name__)

KEPT = 10
"""Seconds for which an answer is given again."""

LONGEST = 3.0
"""Seconds that one part may take."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the whole: its state in words that anybody may read. `where` is for studio managers only."""

    name: str
    good: bool
    text: str
    where: str = ""
    needed: bool = False
    """Without it no call can be taken and kept."""
    took: float = 0.0
    """Seconds that it took to say so."""


Look = Callable[[], Part]


@dataclass(frozen=True, slots=True)
class Known:
    """A part, as it was registered."""

    name: str
    place: int
    network: bool
    look: Look


_known: dict[str, Known] = {}
_Any = TypeVar("_Any", bound=Look)


def part(name: str, *, place: int, network: bool = False) -> Callable[[_Any], _Any]:
    """Have a function say how a part is. `place`: in lists, small first. `network`: it asks no database of ours."""

    def add(look: _Any) -> _Any:
        _known[name] = Known(name, place, network, look)
        return look

    return add


def parts() -> list[Part]:
    """All of them in order, from the cache where it is fresh."""
    found: list[Part] | None = _cached()
    if found is None:
        found = look_at_all()
        _keep(found)
    return found


def look_at_all() -> list[Part]:
    """Ask every part now."""
    order = sorted(_known.values(), key=lambda one: one.place)
    pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="health")
    asked = {one.name: pool.submit(_look, one) for one in order if one.network}
    pool.shutdown(wait=False)
    deadline = time.monotonic() + LONGEST
    return [_answer(one.name, asked[one.name], deadline) if one.network else _look(one) for one in order]


def _answer(name: str, asked: Future[Part], deadline: float) -> Part:
    try:
        return asked.result(timeout=max(0.0, deadline - time.monotonic()))
    except TooLate:
        return Part(name, False, f"It did not answer within {LONGEST:g} seconds.", took=LONGEST)


def _look(one: Known) -> Part:
    """What the part says of itself. What it raises may hold a password, so only the error's name is told."""
    began = time.monotonic()
    try:
        found = one.look()
    except Exception as error:  # noqa: BLE001 - each part has errors of its own
        log.warning("A part of the bridge cannot be asked", part=one.name, error=type(error).__name__)
        found = Part(one.name, False, f"It cannot be asked: {type(error).__name__}.")
    return replace(found, took=time.monotonic() - began)


def _cached() -> list[Part] | None:
    try:
        return cache.get("health")  # type: ignore[no-any-return]
    except Exception:  # noqa: BLE001 - a cache that is down keeps nothing
        return None


def _keep(found: list[Part]) -> None:
    try:
        cache.set("health", found, KEPT)
    except Exception:  # noqa: BLE001
        return
