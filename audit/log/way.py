"""The way through time on which the log is sought: from where to where, and in which steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db import connection
from django.db.models import Q

from audit.models import Invocation

NEAR = 1000
"""So many invocations of any kind are in the first step."""

TICK = timedelta(microseconds=1)
Stretch = tuple[datetime, datetime]
"""After the first of both until and with the second."""


@dataclass(frozen=True, slots=True)
class Way:
    """From the first moment there is to the last, in the order in which they are walked."""

    begin: datetime
    end: datetime
    step: timedelta
    newest_first: bool

    @classmethod
    def through(cls, times: Q, order: tuple[str, ...]) -> Self | None:
        """None where there is nothing at these times."""
        rows = Invocation.objects.filter(times).values_list("received_at").order_by(*order)
        asked = [part.query.sql_with_params() for part in (rows[:1], rows[NEAR : NEAR + 1], rows.reverse()[:1])]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(f'({sql})' for sql, _ in asked)}",
                [value for _, values in asked for value in values],
            )
            first, near, last = cursor.fetchone()
        if first is None:
            return None
        newest_first = order[0].startswith("-")
        step = abs((last if near is None else near) - first) + TICK
        return cls(first if newest_first else first - TICK, last, step, newest_first)

    def stretch(self, edge: datetime, step: timedelta) -> Stretch:
        """The next step from an edge, no farther than to the end."""
        far = min(step, abs(self.end - edge) + TICK)
        return (edge - far, edge) if self.newest_first else (edge, edge + far)

    def behind(self, stretch: Stretch) -> datetime:
        """The edge from which the way goes on."""
        return stretch[0] if self.newest_first else stretch[1]

    def over(self, edge: datetime) -> bool:
        """Whether nothing lies behind this edge."""
        return edge < self.end if self.newest_first else edge >= self.end
