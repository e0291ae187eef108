"""How long what rules did is kept: by a retention rule, as the record's parts are (`audit.retention.others`)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from actions.models import Occasion


def older_occasions(before: datetime) -> QuerySet[Occasion]:
    """Those of before a moment, oldest first. A rule's shortest days are far longer than what limits and circles look back."""
    return Occasion.objects.filter(at__lt=before).order_by("pk")
