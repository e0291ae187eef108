"""The figures of a production: pure functions from what was read of Kitsu to tables and charts (docs/statistics.md).

`FIGURES` has them in the order of the page, by slug; each takes a `Production` and gives a `Figure`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from actions.figures.figure import Column, Figure, Row, Series
from actions.figures.production import Production, read_production
from actions.figures.scope import Scope
from actions.figures.status import status

FIGURES: Mapping[str, Callable[[Production], Figure]] = {
    "status": status,
}

__all__ = ["FIGURES", "Column", "Figure", "Production", "Row", "Scope", "Series", "read_production"]
