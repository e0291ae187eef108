"""The days as they were counted, so that figures of years need not read the record again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from audit.states import Door, State


class Day(models.Model):
    """One day of the record, in the time zone of the settings. A settled one is over and nothing in it is open any more."""

    day = models.DateField(primary_key=True)
    counted_at = models.DateTimeField(null=True)
    settled = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.day}"


class DayCount(models.Model):
    """How many invocations of a day are alike. `person_id` is empty where nobody knows who it was."""

    day = models.ForeignKey(Day, on_delete=models.CASCADE, related_name="counts", db_index=False)
    action_slug = models.CharField(max_length=80, help_text="Empty: there was no such action.")
    kind = models.CharField(max_length=80)
    door = models.CharField(max_length=12, choices=Door)
    person_id = models.CharField(max_length=64)
    productions = models.TextField(help_text="Ids with commas between them, sorted.")
    state = models.CharField(max_length=10, choices=State)
    reason_code = models.CharField(max_length=40, help_text="Of what was refused.")
    count = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["day", "action_slug"], name="count_of_day")]

    def __str__(self) -> str:
        return f"{self.day_id} {self.action_slug} {self.state}: {self.count}"


class DayTime(models.Model):
    """How many runs of a day took about so long: `step` is a step of a logarithmic scale (audit/overview/scale.py)."""

    class What(models.TextChoices):
        """Which time."""

        WAITING = "waiting", "Waiting in the queue"
        RUNNING = "running", "Running"

    day = models.ForeignKey(Day, on_delete=models.CASCADE, related_name="times", db_index=False)
    action_slug = models.CharField(max_length=80)
    door = models.CharField(max_length=12, choices=Door)
    productions = models.TextField()
    what = models.CharField(max_length=8, choices=What)
    step = models.SmallIntegerField()
    count = models.PositiveIntegerField()
    seconds = models.FloatField(help_text="Of all of them together.")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["day", "action_slug"], name="time_of_day")]

    def __str__(self) -> str:
        return f"{self.day_id} {self.action_slug} {self.what}: {self.count}"
