"""What other apps keep that goes by its age: each says which of its rows are old; the rules and the archive are the record's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from audit.models import RetentionRule

Older = Callable[[datetime], QuerySet[Any]]
"""The rows from before a moment, oldest first."""

OTHERS: dict[str, Older] = {}
"""By the part of a rule; an app puts its own here when it is ready."""


def due_of_others(part: str, now: datetime) -> QuerySet[Any]:
    """The rows of this part that have been kept long enough; none without a rule."""
    rule = RetentionRule.objects.filter(part=part).order_by("days").first()
    return OTHERS[part](now - timedelta(days=rule.days)) if rule else OTHERS[part](now).none()
