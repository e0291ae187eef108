"""What clients are not shown: Zou hands them tasks with the studio's side blank, and figures of blanks would be wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from actions.figures.figure import Figure
from actions.figures.production import Production

HIDDEN = "Kitsu does not show this to clients."


def of_the_studio(make: Callable[[Production], Figure]) -> Callable[[Production], Figure]:
    """A figure of assignees, dates, estimates, time or retakes: for clients it has no rows, and says so."""

    @wraps(make)
    def shown(production: Production) -> Figure:
        if production.sees_studio:
            return make(production)
        nothing = make(replace(production, tasks=(), spents=()))
        return replace(nothing, rows=(), total=None, note="", empty=HIDDEN)

    return shown
