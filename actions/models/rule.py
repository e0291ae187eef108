"""A rule: when this happens in Kitsu, start that action. And what became of each event that fitted one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from kitsu_bridge.kitsu.events import EVENTS


class Rule(models.Model):
    """What must have happened, to which tasks, by whom; and which action it starts, as whom."""

    class RunsAs(models.TextChoices):
        """In whose name the action runs: their roles decide whether it may."""

        CAUSE = "cause", "Whoever caused the event"
        PERSON = "person", "This person"
        BOT = "bot", "The bridge's bot"

    name = models.CharField(max_length=80, unique=True)
    enabled = models.BooleanField(default=True)
    dry_run = models.BooleanField(
        "only record what would have run", default=True, help_text="Nothing is started; “What rules did” shows it."
    )

    event = models.CharField("when", max_length=40, choices=[*EVENTS.items()], default="task:status-changed")
    projects = models.JSONField("in these productions", default=list, blank=True, help_text="None: all.")
    task_types = models.JSONField("of these task types", default=list, blank=True, help_text="None: all.")
    statuses_from = models.JSONField("status before", default=list, blank=True, help_text="None: any.")
    statuses_to = models.JSONField("status after", default=list, blank=True, help_text="None: any.")
    persons = models.JSONField("caused by", default=list, blank=True, help_text="None: anybody but the bridge's bot.")

    action_slug = models.CharField("start the action", max_length=80)
    parameters = models.JSONField(
        default=dict, blank=True, help_text="As JSON, by name: nobody is asked. The action's own values count as well."
    )
    runs_as = models.CharField("as", max_length=8, choices=RunsAs, default=RunsAs.CAUSE)
    person_id = models.CharField("which person", max_length=64, blank=True)
    per_minute = models.PositiveIntegerField(
        "at most",
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text="Events in a minute. Those beyond it are recorded and start nothing.",
    )
    since = models.DateTimeField(
        default=timezone.now, editable=False, help_text="What happened before it was switched on starts nothing."
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises `ValidationError` for what contradicts itself."""
        from actions.listening.rules import wrong

        if found := wrong(self):
            raise ValidationError(found)

    @property
    def subject(self) -> str:
        """How events of the record name it."""
        return f"rule:{self.pk}"

    def definition(self) -> dict[str, Any]:
        """Everything that decides what it does, as JSON: compared in its history."""
        return {name: getattr(self, name) for name in RULE}


CONDITIONS = ("enabled", "event", "projects", "task_types", "statuses_from", "statuses_to", "persons")
"""What it fits; after a change of these it counts from now on."""

RULE = ("name", *CONDITIONS, "dry_run", "action_slug", "parameters", "runs_as", "person_id", "per_minute")


class Occasion(models.Model):
    """An event of Kitsu that fitted a rule, and what came of it. One for each event and rule: that is the claim."""

    class Outcome(models.TextChoices):
        """What came of it."""

        STARTED = "started", "Started"
        DRY_RUN = "dry_run", "Would have started"
        REFUSED = "refused", "Refused"
        LIMITED = "limited", "Beyond the rule's limit"
        LOOP = "loop", "Caused by the bridge itself"
        NOBODY = "nobody", "Nobody to run it as"
        BROKEN = "broken", "Could not be started"

    rule = models.ForeignKey(Rule, on_delete=models.SET_NULL, null=True, related_name="occasions")
    rule_name = models.CharField("rule", max_length=80)
    event_id = models.UUIDField(help_text="In Kitsu.")
    event = models.CharField(max_length=80, choices=[*EVENTS.items()])
    happened_at = models.DateTimeField(help_text="By Kitsu's clock.")
    task_id = models.CharField(max_length=64, blank=True)
    person_id = models.CharField("caused by", max_length=64, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.TextField(blank=True)
    invocation = models.ForeignKey(
        "audit.Invocation", on_delete=models.SET_NULL, null=True, blank=True, related_name="occasions"
    )
    at = models.DateTimeField("looked at", default=timezone.now)

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "what rules did"
        constraints = (models.UniqueConstraint(fields=["event_id", "rule"], name="one_occasion_of_an_event"),)
        indexes = (
            models.Index(fields=["rule", "happened_at"], name="occasion_of_rule"),
            models.Index(fields=["task_id", "happened_at"], name="occasion_of_task"),
        )

    def __str__(self) -> str:
        return f"{self.rule_name} {self.happened_at:%Y-%m-%d %H:%M:%S}"


class Position(models.Model):
    """Up to where Kitsu's events were read, and which listener reads them. One row."""

    read_to = models.DateTimeField(null=True, blank=True, help_text="By Kitsu's clock.")
    event_id = models.CharField(max_length=64, blank=True, help_text="The newest event read.")
    read_at = models.DateTimeField(null=True, blank=True, help_text="By ours.")
    holder = models.CharField(max_length=200, blank=True)
    held_until = models.DateTimeField(default=timezone.now)
    trouble = models.TextField(blank=True, help_text="Why nothing is read at the moment.")
    gap = models.TextField(blank=True, help_text="What was lost the last time.")

    def __str__(self) -> str:
        return f"Read to {self.read_to}"
