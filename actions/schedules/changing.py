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
WHEN = {"times", "enabled"}


RUNS = ("next_at", "last_at", "last_said")
"""What sweepers write, also while somebody has the form open."""


def save_schedule(schedule: Schedule, actor: Person | None) -> bool:
    """Create or change it; False when nothing changed. Its next time is reckoned anew where its times are others, so that
    one which has come and still waits for Kitsu is not lost by another name.
    """
    with transaction.atomic():
        found = Schedule.objects.select_for_update(of=("self",)).select_related("times")
        before = found.filter(pk=schedule.pk).first()
        changed = _changed(_described(before), _described(schedule))
        if not changed:
            return False
        for name in RUNS if before else ():
            setattr(schedule, name, getattr(before, name))
        if WHEN & set(changed):
            set_times(schedule)
        schedule.changed_at = timezone.now()
        schedule.save()
        what = Happened.SCHEDULE_CHANGED if before else Happened.SCHEDULE_CREATED
        _tell(what, schedule, actor, _described(before), _described(schedule))
    return True


def save_times(times: CrontabSchedule, actor: Person | None) -> None:
    """Create or change times; a change is one of every schedule that has them."""
    with transaction.atomic():
        of = Schedule.objects.filter(times=times.pk).select_related("times") if times.pk else ()
        before = [(schedule, _described(schedule)) for schedule in of]
        times.save()
        for schedule, said in before:
            after = said | {"times": str(times)}
            if _changed(said, after):
                _tell(Happened.SCHEDULE_CHANGED, schedule, actor, said, after)


def delete_schedule(schedule: Schedule, actor: Person | None) -> None:
    """Remove it; what it has run stays."""
    with transaction.atomic():
        _tell(Happened.SCHEDULE_DELETED, schedule, actor, _described(schedule), {})
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


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name in {**before, **after} if before.get(name) != after.get(name)]


def _tell(
    what: Happened, schedule: Schedule, actor: Person | None, before: dict[str, Any], after: dict[str, Any]
) -> None:
    changed = _changed(before, after)
    data = {
        word: {name: of[name] for name in changed if name in of} for word, of in (("before", before), ("after", after))
    }
    write_event(what, subject=schedule.subject, actor=actor, text=schedule.name, data=data)
