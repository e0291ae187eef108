"""A pause: while it stands, calls are kept and not run."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Pause(models.Model):
    """One action's, or with an empty slug that of all actions. Lifting it removes the row; the events tell of both."""

    slug = models.CharField(max_length=80, unique=True, blank=True)
    sentence = models.CharField(max_length=400, help_text="What people read on the pages of calls that wait.")
    since = models.DateTimeField(default=timezone.now)
    paused_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("slug",)
        verbose_name = "maintenance"
        verbose_name_plural = "maintenance"

    def __str__(self) -> str:
        return self.slug or "All actions"

    @property
    def subject(self) -> str:
        """How events name it."""
        return f"pause:{self.slug or '*'}"
