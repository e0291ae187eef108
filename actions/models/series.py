"""A series: a range of the log that somebody had run again at once."""

from __future__ import annotations

import uuid

from django.db import models
from django.urls import reverse
from django.utils import timezone


class Series(models.Model):
    """Who asked for it, and how; its steps say what came of each. The id comes from the form, so that it begins once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person_id = models.CharField(max_length=64, help_text="Who asked, by their id in Kitsu.")
    asked_at = models.DateTimeField(default=timezone.now)
    how = models.CharField(max_length=8, help_text="today or then")
    what = models.CharField(max_length=12, help_text="all or unfinished")
    filters = models.TextField(blank=True, help_text="Of the log, as a query.")
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at",)
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return f"Series {self.reference}"

    def get_absolute_url(self) -> str:
        """The page on which all of it stands."""
        return reverse("series", args=[self.pk])

    @property
    def reference(self) -> str:
        """What people call it: the first eight characters of the id."""
        return str(self.pk)[:8]

    @property
    def subject(self) -> str:
        """How events name it."""
        return f"series:{self.pk}"


class SeriesStep(models.Model):
    """One of a series: the earlier invocation, and the new one once it was asked for."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField()
    before = models.ForeignKey("audit.Invocation", on_delete=models.CASCADE, related_name="+")
    after = models.OneToOneField(
        "audit.Invocation", on_delete=models.SET_NULL, null=True, blank=True, related_name="series_step"
    )
    said = models.TextField(blank=True, help_text="Why nothing was run.")

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["series", "before"], name="once_in_a_series"),)

    def __str__(self) -> str:
        return f"{self.series} {self.position}"
