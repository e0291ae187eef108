"""Whether a kind from outside is switched on."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class KindSwitch(models.Model):
    """One kind of a package or of the studio's folder. It is off until somebody has looked at it and switched it on.

    It belongs to the origin it was seen with: when another package brings a kind of the same name, that one is off again.
    """

    name = models.CharField(max_length=80, unique=True)
    origin = models.CharField(max_length=200)
    enabled = models.BooleanField(default=False)
    first_seen = models.DateTimeField(default=timezone.now)
    switched_at = models.DateTimeField(null=True, blank=True)
    switched_by = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "kind"

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """How events name it."""
        return f"kind:{self.name}"
