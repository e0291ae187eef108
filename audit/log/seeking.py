"""Seeks what no index holds in the log's order: words, and how long something ran. On PostgreSQL, in two steps.

What is common stands among the next rows, so these are read first. What is not, is rare: then the index of words (or of times)
gives few rows, and they are sorted. Left alone, the planner takes one way where the other is a thousand times quicker: it
knows neither how common two words together are nor what the beginning of a word costs in a GIN index.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, DateTimeField, ExpressionWrapper, F, OrderBy, Q, Value, When

from audit.models import Invocation

NEAR = (2000, 50_000)
"""Rows that are read in order, and then more of them, before the other index is asked."""

NEXT = """
WITH near AS MATERIALIZED ({near})
SELECT (SELECT count(*) FROM near), received_at, id FROM (SELECT 1) AS one
LEFT JOIN LATERAL (SELECT received_at, id FROM near WHERE fits LIMIT %s) AS found ON true
"""

Row = tuple[datetime, UUID]


def seek(within: Q, sought: Q, order: tuple[str, ...], many: int) -> list[Row]:
    """The first of what is sought, in the order; `within` is walked by an index."""
    for near in NEAR:
        read, found = _near(within, sought, order, many, near)
        if read < near or len(found) == many:
            return found
    return _far(within, sought, order, many)


def _near(within: Q, sought: Q, order: tuple[str, ...], many: int, near: int) -> tuple[int, list[Row]]:
    """How many rows were read, and those that fit."""
    fits = Case(When(sought, then=Value(True)), default=Value(False))
    rows = Invocation.objects.filter(within).order_by(*order).annotate(fits=fits)[:near]
    try:
        statement, values = rows.values_list("received_at", "id", "fits").query.sql_with_params()
    except EmptyResultSet:
        return 0, []
    with connection.cursor() as cursor:
        cursor.execute(NEXT.format(near=statement), [*values, many])
        told: list[tuple[Any, ...]] = cursor.fetchall()
    return told[0][0], [(at, pk) for _, at, pk in told if pk is not None]


def _far(within: Q, sought: Q, order: tuple[str, ...], many: int) -> list[Row]:
    """Sorted by the same moment, put so that no index gives it in order: the planner is to take the other one."""
    moment = ExpressionWrapper(F("received_at") + Value(timedelta(0)), DateTimeField())
    newest = order[0].startswith("-")
    rows = Invocation.objects.filter(within, sought).order_by(OrderBy(moment, descending=newest), order[1])
    return list(rows.values_list("received_at", "id")[:many])
