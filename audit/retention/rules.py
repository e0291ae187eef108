"""Which parts of which invocations have been kept long enough."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from audit.models import Invocation, RetentionRule
from audit.models.retention import ANY_STATE
from audit.states import ENDED

Part = RetentionRule.Part

STANDS: dict[str, Q] = {
    Part.PAYLOAD: ~Q(payload=""),
    Part.OUTCOME: ~Q(outcome={}) | ~Q(traceback=""),
    Part.RESULTS: Q(results__isnull=False),
    Part.LOGS: Q(log_lines__isnull=False),
    Part.FILES: Q(files__isnull=False),
    Part.EVENTS: Q(),
}
"""What tells that there is still something to go."""


def due(part: str, now: datetime) -> QuerySet[Invocation]:
    """Invocations of which this part has been kept long enough, oldest first."""
    old = _old(part, now)
    if old is None:
        return Invocation.objects.none()
    rows = Invocation.objects.filter(old, STANDS[part]).order_by("received_at", "id")
    return rows.distinct() if part in {Part.RESULTS, Part.LOGS, Part.FILES} else rows


def _old(part: str, now: datetime) -> Q | None:
    """Ended so long ago as the rules say; None where none says anything."""
    days = {rule.state: rule.days for rule in RetentionRule.objects.filter(part=part)}
    found = None
    for state in ENDED:
        kept = days.get(state, days.get(ANY_STATE))
        if kept is not None:
            one = Q(state=state, finished_at__lt=now - timedelta(days=kept))
            found = one if found is None else found | one
    return found
