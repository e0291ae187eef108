"""The figures of one page, counted once for its filters and kept: what is shown, without the production behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.core.cache import cache

from actions.figures import Production, Scope, read_production
from actions.figures.drawn import drawn
from actions.figures.production import Progress
from actions.statistics.asked import Asked, session_of
from actions.statistics.filters import Filter, filters
from actions.statistics.keeping import KEPT, keep, kept
from actions.statistics.reading import Look, fresh, look, tell_of_trouble
from kitsu_bridge.kitsu.errors import KitsuError


@dataclass(frozen=True, slots=True)
class Counted:
    """What a page shows. `scope` is what was asked for, as far as the production has it."""

    read_at: datetime
    zone: tzinfo
    scope: Scope
    filters: list[Filter]
    figures: list[dict[str, Any]]


def page_of(asked: Asked, *, anew: bool = False) -> Look[Counted]:
    """The figures for these filters, as of the last reading of the production by this person."""
    return look(asked.page_name, lambda say: _count(asked, say, anew), anew=anew, since=_last(asked))


def production_of(asked: Asked, *, patience: float = 1.0) -> Look[Production]:
    """The production itself, whole."""
    return look(asked.name, lambda say: _read(asked, say), patience=patience)


def _count(asked: Asked, say: Progress, anew: bool) -> Counted:
    production = _newest(asked, say, anew)
    say(0, 0, "Counting")
    asked = asked.within(production)
    narrowed = production.within(asked.scope)
    shown = [drawn(figure) for figure in asked.sight.draw(narrowed)]
    lists = filters(production, asked.scope, asked.sight)
    return Counted(production.read_at, production.zone, asked.scope, lists, shown)


def _newest(asked: Asked, say: Progress, anew: bool) -> Production:
    """What is kept while it is fresh, else read again; what is kept stands in while Kitsu does not answer."""
    found: Production | None = kept(asked.name)
    if found is not None and not anew and fresh(found):
        return found
    try:
        production = _read(asked, say)
    except KitsuError as error:
        if found is None:
            raise
        tell_of_trouble(asked.page_name, str(error))
        return found
    keep(asked.name, production)
    return production


def _read(asked: Asked, say: Progress) -> Production:
    production = read_production(session_of(asked.identity), asked.scope.project_id, progress=say)
    cache.set(_last_key(asked), production.read_at, KEPT)
    return production


def _last(asked: Asked) -> datetime | None:
    """When the production was read last, whatever the filters were."""
    found = cache.get(_last_key(asked))
    return found if isinstance(found, datetime) else None


def _last_key(asked: Asked) -> str:
    return f"statistics:last:{asked.name}"
