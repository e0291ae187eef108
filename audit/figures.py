"""The statistics above the log: how often each action was asked for lately, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from audit.models import Invocation
from audit.states import State

DAYS = 30
MOST = 20
"""Actions of one table; those asked for most often."""

COUNTED = {
    "good": {State.SUCCEEDED},
    "partial": {State.PARTIAL},
    "failed": {State.FAILED, State.CRASHED},
    "refused": {State.REFUSED},
}
"""Columns, and the states that each counts; what is still open or was stopped stands in the total only."""


def figures(rows: QuerySet[Invocation]) -> list[dict[str, Any]]:
    """For each action among these invocations of the last thirty days: its name, how many in all, and a count a column."""
    recent = rows.filter(received_at__gte=timezone.now() - timedelta(days=DAYS)).exclude(action_name="")
    columns = {name: Count("pk", filter=Q(state__in=sorted(states))) for name, states in COUNTED.items()}
    named = recent.order_by().values("action_name").annotate(total=Count("pk"), **columns)
    return [dict(row) for row in named.order_by("-total", "action_name")[:MOST]]
