"""How long parts of the record are kept, and which events left it."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from audit.states import ENDED, State

ANY_STATE = ""


class RetentionRule(models.Model):
    """How many days a part of invocations that ended so, or something beside them, is kept; without a rule, for good."""

    class Part(models.TextChoices):
        """What goes."""

        PAYLOAD = "payload", "Payload, as it was sent"
        OUTCOME = "outcome", "Outcome's data and tracebacks"
        RESULTS = "results", "Task results"
        LOGS = "logs", "Log lines"
        FILES = "files", "Files"
        EVENTS = "events", "The whole invocation, with its events"
        OCCASIONS = "occasion", "What rules did"

    part = models.CharField(max_length=8, choices=Part)
    state = models.CharField(
        max_length=10,
        blank=True,
        choices=[(ANY_STATE, "However they ended"), *((state.value, state.label) for state in State if state in ENDED)],
        help_text="A rule for one state counts before the one for all.",
    )
    days = models.PositiveIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(36_500)],
        help_text="Days after the end; of what rules did, after it happened.",
    )

    class Meta:
        ordering = ("part", "state")
        constraints = (models.UniqueConstraint(fields=["part", "state"], name="one_rule_a_part_and_state"),)

    def __str__(self) -> str:
        ended = "" if self.part in BESIDE else f" ({self.get_state_display()})"
        return f"{self.get_part_display()}: {self.days} {'day' if self.days == 1 else 'days'}{ended}"

    def clean(self) -> None:
        """Raises `ValidationError` for a state of what has none."""
        if self.part in BESIDE and self.state:
            raise ValidationError({"state": "What rules did has no state of an invocation: leave it at all of them."})


BESIDE = frozenset({RetentionRule.Part.OCCASIONS})
"""Parts that are no part of an invocation."""


class Departure(models.Model):
    """Events that may leave the table: they stand in an archive that was written and checked. Only ever added."""

    first = models.BigIntegerField()
    last = models.BigIntegerField()
    told_by = models.BigIntegerField(help_text="The event that tells of it.")

    class Meta:
        ordering = ("id",)
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["first", "last"], name="departure_of_events")]

    def __str__(self) -> str:
        return f"Events {self.first} to {self.last}"
