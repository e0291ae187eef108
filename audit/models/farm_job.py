"""A job on a render farm: what was sent where, and how it stands."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone


class FarmJob(models.Model):
    """One job of an invocation: for one of its tasks, or for its whole selection (`task_id` is empty)."""

    class State(models.TextChoices):
        """Where it stands; `submitting`: it was sent, or was about to be, and nobody knows yet whether the farm has it."""

        PENDING = "pending", "Not sent"
        SUBMITTING = "submitting", "Being sent"
        QUEUED = "queued", "Waits on the farm"
        RUNNING = "running", "Renders"
        PAUSED = "paused", "Paused"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        LOST = "lost", "Not on the farm any more"

    invocation = models.ForeignKey("audit.Invocation", on_delete=models.CASCADE, related_name="farm_jobs")
    task_id = models.CharField(max_length=64, blank=True)
    task_name = models.CharField(max_length=400, blank=True)
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=80)
    farm = models.CharField(max_length=80, help_text="Flamenco, Afanasy.")
    place = models.CharField(max_length=400, help_text="Where the farm stands.")
    name = models.CharField(max_length=400)
    mark = models.CharField(max_length=160, db_index=True, help_text="Ours, by which the job is found on the farm.")
    external_id = models.CharField(max_length=200, blank=True)
    serial = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=1000, blank=True)
    sent = models.JSONField(default=dict, blank=True, help_text="What was sent; secrets masked.")
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    done_count = models.PositiveIntegerField(default=0, help_text="Frames, or whatever the farm counts.")
    failed_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    stuck = models.TextField(blank=True, help_text="Why nothing happens though it should.")
    log = models.TextField(blank=True, help_text="The last lines of what failed.")
    picture = models.ForeignKey(
        "audit.InvocationFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now, help_text="When the farm last said something new.")
    looked_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True, help_text="When it is looked at next.")
    ended_at = models.DateTimeField(null=True, blank=True)
    tell_at = models.DateTimeField(null=True, blank=True, help_text="When Kitsu is told of its end, or is tried again.")
    tell_tries = models.PositiveIntegerField(default=0, help_text="How often telling it was begun.")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When Kitsu was told of its end.")
    told = models.TextField(blank=True, help_text="What became of telling Kitsu.")
    watched_at = models.DateTimeField(null=True, blank=True, help_text="When somebody last had it before them.")
    glimpsed_at = models.DateTimeField(null=True, blank=True, help_text="When its picture and log were last read.")

    class Meta:
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=["invocation", "task_id"], name="one_farm_job_a_task"),)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_at"], name="farm_job_due", condition=models.Q(next_at__isnull=False)),
            models.Index(fields=["tell_at"], name="farm_job_to_tell", condition=models.Q(tell_at__isnull=False)),
            models.Index(fields=["watched_at"], name="farm_job_watched", condition=models.Q(watched_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_state_display()}"

    @property
    def same_job(self) -> models.QuerySet[FarmJob]:
        """The rows of this very job, the oldest first: a run that retries another finds jobs that are on the farm already."""
        return FarmJob.objects.filter(mark=self.mark, external_id=self.external_id).order_by("pk")

    @property
    def ended(self) -> bool:
        """Whether nothing happens to it any more."""
        return self.state in ENDED

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return min(100, 100 * (self.done_count + self.failed_count) // self.total_count) if self.total_count else 0

    @property
    def done_percent(self) -> int:
        """What is done of it, 0 to 100; a job may be done without having counted."""
        return 100 if self.state == self.State.DONE else self.percent - self.failed_percent

    @property
    def failed_percent(self) -> int:
        """What failed of it, 0 to 100: a failure is seen, however small its part is."""
        if not self.failed_count or self.state == self.State.DONE:
            return 0
        return min(self.percent, max(2, 100 * self.failed_count // max(1, self.total_count)))

    @property
    def renders(self) -> bool:
        """Whether the farm is at it now."""
        return self.state == self.State.RUNNING


ON_THE_FARM = (FarmJob.State.QUEUED, FarmJob.State.RUNNING, FarmJob.State.PAUSED)
"""States that the farm tells us."""

ENDED = (FarmJob.State.DONE, FarmJob.State.FAILED, FarmJob.State.CANCELLED, FarmJob.State.LOST)

HAS_FAILED = models.Q(state=FarmJob.State.FAILED) | models.Q(state__in=ON_THE_FARM, failed_count__gt=0)
"""Of whose tasks some failed: the job is over, or waits for hosts that the farm does not avoid for it."""

IS_THERE = models.Q(state__in=ON_THE_FARM)
"""What can be stopped."""
