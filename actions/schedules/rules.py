"""What a schedule may not be."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from django_celery_beat.models import CrontabSchedule

from actions.models import Action, Schedule
from actions.parameters.beforehand import stored_action, wrong_parameters
from actions.schedules.times import next_after


def wrong_times(times: CrontabSchedule) -> str:
    """Why nothing would ever run at these times; empty where something would."""
    try:
        found = next_after(times, timezone.now())
    except ValueError as error:
        return str(error)
    return "" if found else "These times never come."


def wrong(schedule: Schedule, find: Callable[[str], Action | None] = stored_action) -> dict[str, str]:
    """Sentences about parameters that the action would refuse, and times that never come, by field. `find`: by slug."""
    found = {
        "parameters": wrong_parameters(find(schedule.action_slug), schedule.parameters),
        "times": wrong_times(schedule.times),
    }
    return {name: text for name, text in found.items() if text}
