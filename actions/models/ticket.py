"""A ticket: what a launcher on a person's computer fetches, once, to start a program there."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone


class Ticket(models.Model):
    """One program to start for one person. Neither the link's token nor the key for reports is kept, only their hashes."""

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", "Not taken yet"
        TAKEN = "taken", "Taken"
        STARTED = "started", "Started"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"
        EXPIRED = "expired", "Expired"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invocation = models.ForeignKey("audit.Invocation", on_delete=models.CASCADE, related_name="tickets")
    person_id = models.CharField(max_length=64, help_text="Whom it is for.")
    content = models.JSONField(help_text="What the launcher gets: application, arguments, files.")
    same_address = models.BooleanField(default=False, help_text="Only for the address that the link was given to.")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    link_hash = models.CharField(max_length=64, null=True, unique=True)
    given_at = models.DateTimeField(null=True)
    given_to = models.CharField(max_length=64, blank=True, help_text="The address of the browser that got the link.")

    report_hash = models.CharField(max_length=64, null=True, unique=True)
    taken_at = models.DateTimeField(null=True)
    taken_from = models.CharField(max_length=64, blank=True, help_text="The address of the launcher.")
    host = models.CharField(max_length=120, blank=True, help_text="The computer's name, as its launcher says.")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True, help_text="The launcher's last word.")
    exit_code = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True, help_text="Why it failed, for the person.")
    log = models.TextField(blank=True, help_text="What the program wrote; capped.")
    log_size = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("created_at", "id")
        indexes = (models.Index(fields=["expires_at"], name="ticket_not_taken", condition=models.Q(state="open")),)

    def __str__(self) -> str:
        return f"{self.application} ({self.get_state_display()})"

    @property
    def application(self) -> str:
        """The program, by its key in the launcher's settings."""
        return str(self.content.get("application", ""))

    @property
    def ended(self) -> bool:
        """Whether nothing more is to be heard of it."""
        return self.state in {self.State.FINISHED, self.State.FAILED, self.State.EXPIRED}
