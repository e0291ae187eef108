"""What a schedule may not be."""

from __future__ import annotations

from django.utils import timezone
from django_celery_beat.models import CrontabSchedule

from actions.schedules.times import next_after


def wrong_times(times: CrontabSchedule) -> str:
    """Why nothing would ever run at these times; empty where something would."""
    try:
        found = next_after(times, timezone.now())
    except ValueError as error:
        return str(error)
    return "" if found else "These times never come."
