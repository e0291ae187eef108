"""Every change of a schedule is an event: the one place that writes schedules."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule

from actions.models import Schedule
from actions.schedules.running import set_times
from audit.models import write_event
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person

SAID = (
    "name",
    "action_slug",
    "parameters",
    "person_id",
    "projects",
    "task_types",
    "statuses",
    "due",
    "days",
    "missed",
    "enabled",
)


def save_schedule(schedule: Schedule, actor: Person | None) -> None:
    """Create or change it, and reckon its next time anew."""
    with transaction.atomic():
        before = Schedule.objects.select_related("times").filter(pk=schedule.pk).first()
        schedule.changed_at = timezone.now()
        set_times(schedule)
        schedule.save()
        _tell(schedule, actor, _described(before), _described(schedule))


def delete_schedule(schedule: Schedule, actor: Person | None) -> None:
    """Remove it; what it has run stays."""
    with transaction.atomic():
        _tell(schedule, actor, _described(schedule), {})
        schedule.delete()


@receiver(post_save, sender=CrontabSchedule)
def reckon_anew(instance: CrontabSchedule, **_kwargs: Any) -> None:
    """Whoever changes times that schedules share changes when these run next."""
    for schedule in Schedule.objects.filter(times=instance):
        try:
            set_times(schedule)
        except ValueError:
            schedule.next_at = None
        Schedule.objects.filter(pk=schedule.pk).update(next_at=schedule.next_at)


def _described(schedule: Schedule | None) -> dict[str, Any]:
    if schedule is None:
        return {}
    return {name: getattr(schedule, name) for name in SAID} | {"times": str(schedule.times)}


def _tell(schedule: Schedule, actor: Person | None, before: dict[str, Any], after: dict[str, Any]) -> None:
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    data = {
        word: {name: of[name] for name in changed if name in of} for word, of in (("before", before), ("after", after))
    }
    what = Happened.SCHEDULE_CHANGED if after else Happened.SCHEDULE_DELETED
    write_event(what, subject=schedule.subject, actor=actor, text=schedule.name, data=data)
