"""Files of an invocation: given with it, or made by its run. They lie outside the database and go when the row goes."""

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


class InvocationFile(models.Model):
    """One file: its name as people see it, and where it lies within FILES_DIR."""

    class Origin(models.TextChoices):
        """Whose it is."""

        GIVEN = "given", "Given with the run"
        MADE = "made", "Made by the run"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invocation = models.ForeignKey("audit.Invocation", on_delete=models.CASCADE, related_name="files")
    origin = models.CharField(max_length=8, choices=Origin)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where people of the invocation's page get it."""
        return reverse("invocation_file", args=[self.invocation_id, self.pk])

    @property
    def path(self) -> Path:
        """Where it lies. Nothing that a person chose is part of it."""
        return Path(settings.FILES_DIR) / str(self.invocation_id) / str(self.pk)


@receiver(post_delete, sender=InvocationFile)
def remove_from_disk(instance: InvocationFile, **_: Any) -> None:
    """The content goes with the row; the folder with its last file."""
    instance.path.unlink(missing_ok=True)
    try:
        instance.path.parent.rmdir()
    except OSError:
        return
