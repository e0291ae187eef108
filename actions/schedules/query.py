"""The tasks that a schedule finds at its time: as its person sees them, by production, task type, status and due date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from actions.models import Schedule
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.kitsu.visibility import seen_by


def tasks_of(schedule: Schedule, person: Person) -> list[str]:
    """Ids, production by production. Raises `KitsuError`."""
    kitsu = seen_by(studio().bot(), person)
    today = timezone.now().astimezone(ZoneInfo(person.timezone)).date()
    fits = DUE[Schedule.Due(schedule.due)]
    return [row["id"] for row in _rows(schedule, kitsu) if fits(_due(row), today, schedule.days)]


def _rows(schedule: Schedule, kitsu: Kitsu) -> Iterator[Record]:
    types, statuses = set(schedule.task_types), set(schedule.statuses)
    for project in kitsu.open_projects():
        if schedule.projects and project["id"] not in schedule.projects:
            continue
        for row in kitsu.project_tasks(project["id"]):
            if (not types or row["task_type_id"] in types) and (not statuses or row["task_status_id"] in statuses):
                yield row


def _due(row: Record) -> date | None:
    """Kitsu writes `2026-11-20T00:00:00`, and means the day."""
    return date.fromisoformat(row["due_date"][:10]) if row.get("due_date") else None


DUE: dict[Schedule.Due, Callable[[date | None, date, int], bool]] = {
    Schedule.Due.ANY: lambda due, today, days: True,
    Schedule.Due.OVERDUE: lambda due, today, days: due is not None and due < today,
    Schedule.Due.SOON: lambda due, today, days: due is not None and today <= due <= today + timedelta(days=days),
    Schedule.Due.NONE: lambda due, today, days: due is None,
}
"""Whether a due date is one of those that are looked for; a day is that of the schedule's person."""
