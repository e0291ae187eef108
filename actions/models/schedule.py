"""A schedule: an action that runs by itself, at times, on the tasks that a query finds then."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule


class Schedule(models.Model):
    """When, what, on which tasks, and as whom. The times are django-celery-beat's; the sweeper looks at them."""

    class Due(models.TextChoices):
        """Which due dates of tasks are looked for."""

        ANY = "any", "Whatever their due date"
        OVERDUE = "overdue", "Overdue"
        SOON = "soon", "Due within so many days"
        NONE = "none", "Without a due date"

    class Missed(models.TextChoices):
        """What becomes of times at which the bridge, or Kitsu, was down."""

        ONCE = "once", "Run once, late, however many were missed"
        SKIP = "skip", "Only write down that they were missed"

    name = models.CharField(max_length=80, unique=True)
    action_slug = models.CharField("action", max_length=80)
    parameters = models.JSONField(default=dict, blank=True, help_text="As JSON, by name.")
    times = models.ForeignKey(CrontabSchedule, on_delete=models.PROTECT, related_name="+")
    person_id = models.CharField("as whom", max_length=64)
    projects = models.JSONField("productions", default=list, blank=True, help_text="None: all that this person sees.")
    task_types = models.JSONField(default=list, blank=True, help_text="None: all.")
    statuses = models.JSONField("task statuses", default=list, blank=True, help_text="None: all.")
    due = models.CharField(max_length=8, choices=Due, default=Due.ANY)
    days = models.PositiveIntegerField(
        default=7, validators=[MaxValueValidator(3650)], help_text="For “due within”: today and so many days more."
    )
    missed = models.CharField("missed times", max_length=8, choices=Missed, default=Missed.ONCE)
    enabled = models.BooleanField(default=True)
    next_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)
    last_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="The last time that was carried out."
    )
    last_said = models.CharField(max_length=400, blank=True, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """How events name it."""
        return f"schedule:{self.pk}"

    def clean(self) -> None:
        """Raises `ValidationError` for parameters that the action would refuse, and for times that never come."""
        from actions.schedules.rules import wrong

        if self.times_id and (found := wrong(self)):
            raise ValidationError(found)
