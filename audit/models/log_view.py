"""What of the log somebody keeps: views under a name, and the columns they look at."""

from __future__ import annotations

import uuid

from django.db import models
from django.urls import reverse
from django.utils import timezone


class LogView(models.Model):
    """Filters and columns under a name; one's own, or for everybody. Who reads it sees what they may see, as in the log."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_id = models.CharField(max_length=80, help_text="The person's id in Kitsu, or user:<id> for a local user.")
    owner_name = models.CharField(max_length=200)
    name = models.CharField(max_length=80)
    query = models.TextField(blank=True, help_text="Filters, as the query of a URL.")
    columns = models.JSONField(default=list)
    shared = models.BooleanField(default=False, help_text="For everybody; studio managers share.")
    changed_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="Until then it can be brought back.")

    class Meta:
        ordering = ("name", "id")
        indexes = (models.Index(fields=["owner_id"], name="log_view_of"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The log, seen so."""
        query = f"&{self.query}" if self.query else ""
        return f"{reverse('log')}?view={self.pk}{query}"


class LogHabit(models.Model):
    """How somebody likes to look at the log."""

    owner_id = models.CharField(max_length=80, primary_key=True)
    columns = models.JSONField(default=list)
    default_view = models.ForeignKey(LogView, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.owner_id
