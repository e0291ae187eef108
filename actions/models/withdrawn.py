"""What is still to be taken away in Kitsu."""

from __future__ import annotations

from django.db import models


class Withdrawn(models.Model):
    """A button that still stands in Kitsu though its action was deleted here; the next publishing takes it away."""

    kitsu_id = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name
