"""The days as they were counted, so that figures of years need not read the record again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Day(models.Model):
    """One day of the record, in the time zone of the settings. A settled one is over and nothing in it is open any more."""

    day = models.DateField(primary_key=True)
    counted_at = models.DateTimeField(null=True)
    settled = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.day}"


class DayCount(models.Model):
    """How many invocations of a day came through a door and stand in a state: of one action, of one person, and so on.

    Each side is counted for itself, so that a day has some hundreds of rows however many invocations it has.
    """

    class Side(models.TextChoices):
        """By what they are told apart."""

        KIND = "kind", "Kind"
        ACTION = "action", "Action"
        PERSON = "person", "Person"
        PRODUCTION = "production", "Production"
        REASON = "reason", "Reason of what was refused"

    day = models.ForeignKey(Day, on_delete=models.CASCADE, related_name="counts", db_index=False)
    side = models.CharField(max_length=10, choices=Side)
    key = models.CharField(max_length=80, help_text="Slug, id or code; empty where nobody knows or none was.")
    door = models.CharField(max_length=12)
    state = models.CharField(max_length=10)
    count = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["side", "day"], name="count_of_side")]

    def __str__(self) -> str:
        return f"{self.day_id} {self.side} {self.key} {self.state}: {self.count}"


class DayTime(models.Model):
    """How long the runs of one action took on a day: how many by step of a logarithmic scale (audit/overview/scale.py)."""

    class What(models.TextChoices):
        """Which time."""

        WAITING = "waiting", "Waiting in the queue"
        RUNNING = "running", "Running"

    day = models.ForeignKey(Day, on_delete=models.CASCADE, related_name="times")
    action_slug = models.CharField(max_length=80)
    door = models.CharField(max_length=12)
    what = models.CharField(max_length=8, choices=What)
    steps = models.JSONField(help_text="How many, by step.")
    seconds = models.FloatField(help_text="Of all of them together.")

    def __str__(self) -> str:
        return f"{self.day_id} {self.action_slug} {self.what}"
