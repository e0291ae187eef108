"""When somebody was last round: the sweeper, and who looks at the farms."""

from __future__ import annotations

import os
import socket

from django.db import models
from django.utils import timezone


class Round(models.Model):
    """The last round of one thing that is done again and again. Any process writes its own over the last one's."""

    class What(models.TextChoices):
        """What is done in it."""

        SWEEPER = "sweeper", "Sweeper"
        FARMS = "farms", "Look at the farms"

    what = models.CharField(max_length=16, choices=What, primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200, help_text="The process: host and number.")

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.at:%Y-%m-%d %H:%M:%S}"

    @staticmethod
    def note(what: What) -> None:
        """A round is done, now and by this process."""
        row = Round(what=what, at=timezone.now(), by=f"{socket.gethostname()}:{os.getpid()}"[:200])
        Round.objects.bulk_create([row], update_conflicts=True, unique_fields=["what"], update_fields=["at", "by"])
