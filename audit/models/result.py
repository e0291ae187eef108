"""What became of each task of an invocation, and the lines that its handler wrote."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class TaskResult(models.Model):
    """What became of one task. Written as it happens, so that a run that breaks off leaves what was done."""

    class State(models.TextChoices):
        """How it went for this task."""

        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        SKIPPED = "skipped", "Skipped"
        MISSING = "missing", "Not there"
        PLANNED = "planned", "Will be done"
        BLOCKED = "blocked", "Blocked"

    invocation = models.ForeignKey("audit.Invocation", on_delete=models.CASCADE, related_name="results")
    position = models.PositiveIntegerField(help_text="Place in the selection, from 0.")
    task_id = models.CharField(max_length=64)
    name = models.CharField(max_length=400, blank=True, help_text="Entity path and task type, as they were then.")
    state = models.CharField(max_length=8, choices=State)
    message = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["invocation", "task_id"], name="one_result_a_task"),)
        indexes = (models.Index(fields=["invocation", "position"], name="result_in_order"),)

    def __str__(self) -> str:
        return f"{self.name or self.task_id}: {self.get_state_display()}"


class LogLine(models.Model):
    """One line that a handler wrote."""

    class Level(models.TextChoices):
        """How much it matters."""

        INFO = "info", "Info"
        WARNING = "warning", "Warning"
        ERROR = "error", "Error"

    invocation = models.ForeignKey("audit.Invocation", on_delete=models.CASCADE, related_name="log_lines")
    at = models.DateTimeField(default=timezone.now)
    level = models.CharField(max_length=8, choices=Level, default=Level.INFO)
    text = models.TextField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.text[:80]
