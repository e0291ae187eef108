"""Seeks what no index holds in the log's order: several things at once, words, how long something ran. On PostgreSQL.

The index of marks and words (audit/log/marks.py) finds rows in no order. So it is asked for one stretch of time after the other,
the first about as long as a thousand invocations took. What was found in it says how long the next should be; a stretch with
too many rows is asked again, shorter. So no question reads more than `MOST` of them, however common what is sought is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, Q, Value, When
from django.db.models.expressions import RawSQL

from audit.log.marks import MARKS, SPANS, marks_between, marks_of, together
from audit.log.way import Stretch, Way
from audit.log.words import with_beginning
from audit.models import Invocation

MOST = 2000
"""Rows that one question reads."""

ENOUGH = 500
"""Rows that are read for the beginning of a word, before the index is asked for all words that begin so."""

WIDER, NARROWER, AFTER_TOO_MANY = 128, 8, 2
NARROWEST = timedelta(seconds=SPANS[0])
LOW, HIGH, TIMES = object(), object(), object()
"""Stand in a statement for what each stretch puts there."""

# A table expression that is kept is planned as if all of it were read: neither order nor limit leads away from the index.
FOUND = """
WITH found AS MATERIALIZED ({rows}), taken AS MATERIALIZED (SELECT * FROM found LIMIT %s)
SELECT (SELECT count(*) FROM taken), received_at, id FROM (SELECT 1) AS one LEFT JOIN LATERAL (
    SELECT received_at, id FROM taken WHERE fits ORDER BY received_at {way}, id {way} LIMIT %s
) AS fitting ON true
"""

Row = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Sought:
    """What is sought: `fits` holds of it, it has the `words`, and it is of these `times`."""

    fits: Q
    words: Q
    times: Q

    def first(self, order: tuple[str, ...], many: int) -> list[Row]:
        """The first of them in the order."""
        try:
            Invocation.objects.filter(self.fits, self.words).query.sql_with_params()
            way = Way.through(self.times, order)
            return _along(self, way, many) if way else []
        except EmptyResultSet:
            return []

    def reading(self) -> Question:
        """Reads what else fits, and looks for the words in it."""
        return Question.of(self.fits & self.words & self.times, Q(), self)

    def asking(self) -> Question:
        """Asks the index for the words."""
        return Question.of(self.fits & self.times, self.words, self)


@dataclass(frozen=True, slots=True)
class Question:
    """Put together once, asked for each stretch."""

    statement: str
    values: tuple[Any, ...]

    @classmethod
    def of(cls, fits: Q, words: Q, sought: Sought) -> Self:
        """`fits` is told of each row that the index gives; inside of CASE, so that no other index is taken for it."""
        marks = together(marks_of(sought.fits) + marks_of(sought.words))
        if not all(marks):
            raise EmptyResultSet
        within = _raw("received_at > %s AND received_at <= %s", LOW, HIGH)
        marked = [_raw(f"{MARKS} && %s::text[]", sorted(one)) for one in marks]
        # First, as the marks are the first column: GIN leaps over other times only when it asks for the time before the rest.
        at_these_times = _raw(f"%s::text[] IS NULL OR {MARKS} && %s::text[]", TIMES, TIMES)
        rows = (
            Invocation.objects.annotate(fits=Case(When(fits & within, then=Value(True)), default=Value(False)))
            .filter(at_these_times, *marked, words)
            .order_by()
        )
        return cls(*rows.values_list("received_at", "id", "fits").query.sql_with_params())

    def ask(self, stretch: Stretch, way: str, many: int, most: int | None) -> tuple[int, list[Row]]:
        """How many rows were read, and the first that fit."""
        low, high = stretch
        put = {LOW: low, HIGH: high, TIMES: marks_between(low, high) or None}
        values = [next((new for old, new in put.items() if old is value), value) for value in self.values]
        with connection.cursor() as cursor:
            cursor.execute(FOUND.format(rows=self.statement, way=way), [*values, most, many])
            told: list[tuple[Any, ...]] = cursor.fetchall()
        return told[0][0], [(at, pk) for _, at, pk in told if pk is not None]


def _along(sought: Sought, way: Way, many: int) -> list[Row]:
    """One stretch after the other, until there are enough or the way ends."""
    edge, step, widest, read = way.begin, way.step, WIDER, 0
    question = sought.reading() if (reading := with_beginning(sought.words)) else sought.asking()
    found: list[Row] = []
    while len(found) < many and not way.over(edge):
        if reading and read >= ENOUGH:
            question, reading = sought.asking(), False
        stretch = way.stretch(edge, step)
        most = MOST + 1 if stretch[1] - stretch[0] > NARROWEST else None
        count, rows = question.ask(stretch, "DESC" if way.newest_first else "ASC", many - len(found), most)
        if most and count >= most:
            step, widest = (stretch[1] - stretch[0]) / NARROWER, AFTER_TOO_MANY
            continue
        found, edge, read = found + rows, way.behind(stretch), read + count
        step *= _wider(count, len(rows), many - len(found), widest)
    return found


def _wider(count: int, fitting: int, missing: int, widest: int) -> float:
    """How many times as long the next stretch should be, after so many rows of which some fit."""
    by_rows = MOST / 2 / count if count else widest
    by_fitting = 1.5 * missing / fitting if fitting else widest
    return max(1.0, min(widest, by_rows, by_fitting))


def _raw(sql: str, *values: Any) -> RawSQL:
    return RawSQL(sql, values, BooleanField())  # noqa: S611 - the values are the database's to put in
