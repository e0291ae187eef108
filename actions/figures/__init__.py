"""The figures of a production: pure functions from what was read of Kitsu to tables and charts (docs/statistics.md).

`FIGURES` has them in the order of the page, by slug; each takes a `Production` and gives a `Figure`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from actions.figures.burnup import burnup
from actions.figures.comeback import retakes_weeks
from actions.figures.due import due, due_tasks
from actions.figures.episodes import episodes
from actions.figures.estimates import estimates, estimates_tasks
from actions.figures.figure import Column, Figure, Row, Series
from actions.figures.load import load
from actions.figures.missing import missing
from actions.figures.production import Production, read_production
from actions.figures.quotas import quotas
from actions.figures.retakes import retakes, retakes_artists, retakes_sequences
from actions.figures.review import review, review_tasks
from actions.figures.scope import Scope
from actions.figures.status import status
from actions.figures.velocity import velocity

FIGURES: Mapping[str, Callable[[Production], Figure]] = {
    "status": status,
    "burn-up": burnup,
    "review": review,
    "review-tasks": review_tasks,
    "due": due,
    "due-tasks": due_tasks,
    "retakes": retakes,
    "retakes-weeks": retakes_weeks,
    "retakes-sequences": retakes_sequences,
    "retakes-artists": retakes_artists,
    "estimates": estimates,
    "estimates-tasks": estimates_tasks,
    "load": load,
    "quotas": quotas,
    "velocity": velocity,
    "episodes": episodes,
    "missing": missing,
}

__all__ = ["FIGURES", "Column", "Figure", "Production", "Row", "Scope", "Series", "read_production"]
