"""An action, as this studio set it up."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse

from audit.states import Trust

SLUG = RegexValidator(
    r"^[a-z0-9]+(?:[-_][a-z0-9]+)*\Z", "Use small letters, digits and hyphens, such as daily-playlist."
)


class Action(models.Model):
    """A custom action: a button in Kitsu points at it."""

    class WorkerLost(models.TextChoices):
        """What becomes of an invocation whose worker died."""

        END = "end", "End it as crashed"
        REQUEUE = "requeue", "Run it again"

    class Concurrency(models.TextChoices):
        """What becomes of an invocation while another one of the same action runs."""

        BOTH = "both", "Let both run"
        REFUSE = "refuse", "Refuse it, with a link to the running one"
        QUEUE = "queue", "Queue behind the running one"
        REPLACE = "replace", "Stop the running one and take its place"
        JOIN = "join", "Join the running one, if it does the same"

    class Scope(models.TextChoices):
        """What must differ for two invocations not to be in each other's way."""

        ACTION = "action", "Any two of this action"
        TASK = "task", "Those with a task in common"
        ENTITY = "entity", "Those with an entity in common"

    class TellWhen(models.TextChoices):
        """After which endings another action tells of them."""

        ALWAYS = "always", "Whenever it has ended"
        TROUBLE = "trouble", "When something went wrong"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, help_text="What the button in Kitsu says.")
    slug = models.CharField(
        max_length=80,
        unique=True,
        validators=[SLUG],
        help_text="The last part of its URL. Buttons in Kitsu point there.",
    )
    kind = models.CharField(max_length=80, help_text="What it does.")
    options = models.JSONField(default=dict, blank=True)
    values = models.JSONField(default=dict, blank=True, help_text="Values for the parameters of its kind.")
    fixed = models.JSONField(default=list, blank=True, help_text="Parameters that nobody is asked for.")
    description = models.TextField(blank=True, help_text="Shown to whoever runs it.")
    enabled = models.BooleanField(default=True)
    order = models.PositiveIntegerField(default=100, help_text="Place in lists; small ones first.")

    background = models.BooleanField(
        "in the background",
        default=False,
        help_text="Kitsu sends it without opening a tab and shows no result (its “Use AJAX”).",
    )
    entity_types = models.JSONField(default=list, blank=True, help_text="None: all.")
    roles = models.JSONField(
        default=list, blank=True, help_text="Who may run it, by role in the production. None: everyone."
    )
    projects = models.JSONField(default=list, blank=True, help_text="Only tasks of these productions. None: all.")
    departments = models.JSONField(default=list, blank=True, help_text="Only people of these departments. None: all.")
    trust = models.CharField(
        max_length=8,
        choices=[
            (Trust.PROVEN, "Kitsu must have confirmed who it is"),
            (Trust.CLAIMED, "What Kitsu's page says is enough"),
        ],
        default=Trust.PROVEN,
        help_text="Kitsu sends no proof of who clicked; the bridge can ask for one.",
    )
    largest_selection = models.PositiveIntegerField(
        default=1000, validators=[MinValueValidator(1), MaxValueValidator(20_000)], help_text="Tasks."
    )
    confirm_first = models.BooleanField(default=False, help_text="Show what it will do, and ask, before it runs.")
    type_count_above = models.PositiveIntegerField(
        default=0, help_text="Tasks. Above it the person types how many there are before it runs. 0: never."
    )

    approvers = models.JSONField(
        "consent of", default=list, blank=True, help_text="Who must say yes before it runs. None: nobody is asked."
    )
    approver_ids = models.JSONField("people named for it", default=list, blank=True)
    approvals_needed = models.PositiveSmallIntegerField(
        "how many yeses", default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    approval_hours = models.PositiveIntegerField(
        "consent expires after",
        default=48,
        validators=[MinValueValidator(1), MaxValueValidator(30 * 24)],
        help_text="Hours.",
    )

    queue = models.CharField(max_length=80, blank=True, help_text="Empty: the first of QUEUES.")
    time_limit = models.PositiveIntegerField(
        default=600, validators=[MinValueValidator(1), MaxValueValidator(24 * 3600)], help_text="Seconds."
    )
    worker_lost = models.CharField(max_length=8, choices=WorkerLost, default=WorkerLost.END)
    double_click_window = models.PositiveIntegerField(
        default=5,
        validators=[MaxValueValidator(3600)],
        help_text="Seconds within which the same call again gets the first one's page. 0: every call counts.",
    )

    concurrency = models.CharField(
        "while another one runs", max_length=8, choices=Concurrency, default=Concurrency.BOTH
    )
    concurrency_scope = models.CharField("which ones count", max_length=8, choices=Scope, default=Scope.ACTION)
    tell_with = models.CharField(
        "tell its end with",
        max_length=80,
        blank=True,
        help_text="Another action that runs on the same tasks when this one has ended: a comment, a message.",
    )
    tell_when = models.CharField("tell", max_length=8, choices=TellWhen, default=TellWhen.ALWAYS)

    version = models.PositiveIntegerField(default=1, editable=False, help_text="Counts changes of the definition.")
    kitsu_id = models.CharField(max_length=64, blank=True, editable=False, help_text="Of the custom action in Kitsu.")
    published = models.JSONField(default=dict, editable=False, help_text="The button in Kitsu, as it was last written.")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("order", "name")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where Kitsu's button points: the path of the door."""
        return reverse("run", args=[self.slug])

    def clean(self) -> None:
        """Raises `ValidationError` for what contradicts itself, each sentence at its field."""
        from actions.rules import broken_rules

        found: dict[str, list[str]] = {}
        for name, text in broken_rules(self):
            found.setdefault(name, []).append(text)
        if found:
            raise ValidationError(found)

    @property
    def subject(self) -> str:
        """How events name it."""
        return f"action:{self.pk}"

    @property
    def queue_name(self) -> str:
        """The queue that carries it."""
        return self.queue or settings.QUEUES[0]

    def definition(self) -> dict[str, Any]:
        """Everything that decides what a call of it does, as JSON: copied into each invocation, compared in its history."""
        return {name: getattr(self, name) for name in DEFINITION}


DEFINITION = [
    "name",
    "slug",
    "kind",
    "options",
    "values",
    "fixed",
    "description",
    "enabled",
    "order",
    "background",
    "entity_types",
    "roles",
    "projects",
    "departments",
    "trust",
    "largest_selection",
    "confirm_first",
    "type_count_above",
    "approvers",
    "approver_ids",
    "approvals_needed",
    "approval_hours",
    "queue",
    "time_limit",
    "worker_lost",
    "double_click_window",
    "concurrency",
    "concurrency_scope",
    "tell_with",
    "tell_when",
]
