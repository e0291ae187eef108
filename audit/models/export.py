"""An export of the log that a worker prepares: a workbook, and whatever takes more than a moment."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone


class Export(models.Model):
    """Who asked for what, how far it is, and, for a day, the file."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", "Waiting for a worker"
        RUNNING = "running", "Being written"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    OPEN = (State.WAITING, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.CharField(max_length=64, blank=True, help_text="Who asked; empty for a local user.")
    sight = models.JSONField(help_text="What they may see: all, or their own and the productions that they lead.")
    form = models.CharField(max_length=8, default="xlsx", help_text="csv, jsonl or xlsx.")
    filters = models.TextField(blank=True, help_text="Of the log, as a query; moments in full.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    heard_at = models.DateTimeField(default=timezone.now, help_text="The worker's last sign of life.")
    rows = models.PositiveIntegerField(default=0, help_text="Written so far.")
    expected = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")

    class Meta:
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return f"Export {str(self.pk)[:8]}"

    def get_absolute_url(self) -> str:
        """The page that shows how far it is."""
        return reverse("export", args=[self.pk])

    @property
    def path(self) -> Path:
        """Where it lies. Nothing that a person chose is part of it."""
        return Path(settings.FILES_DIR) / "exports" / f"{self.pk}.{self.form}"


@receiver(post_delete, sender=Export)
def remove_from_disk(instance: Export, **_: Any) -> None:
    """The file goes with the row."""
    instance.path.unlink(missing_ok=True)
