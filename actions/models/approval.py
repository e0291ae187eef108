"""What an invocation needs before it runs: the consent of others, or a lead who starts it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Approval(models.Model):
    """Asked for when it was said what the invocation will do. Who may give it follows from the action and the tasks."""

    invocation = models.OneToOneField("audit.Invocation", on_delete=models.CASCADE, related_name="approval")
    departments = models.JSONField(default=list, blank=True, help_text="Of its tasks.")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When those who may give it were told by e-mail.")
    handed_to = models.CharField(max_length=64, blank=True, help_text="The lead who was asked to start it.")
    handed_name = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=400, blank=True, help_text="To that lead.")

    def __str__(self) -> str:
        return f"Approval of {self.invocation_id}"


class Decision(models.Model):
    """One person's yes or no. It stands: nobody decides twice."""

    class By(models.TextChoices):
        """How it came."""

        PAGE = "page", "On the page"
        LINK = "link", "By the link in an e-mail"
        REST = "rest", "By REST"

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="decisions")
    person_id = models.CharField(max_length=64)
    person_name = models.CharField(max_length=200, blank=True)
    yes = models.BooleanField()
    note = models.CharField(max_length=400, blank=True)
    by = models.CharField(max_length=8, choices=By)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["approval", "person_id"], name="one_decision_a_person"),)

    def __str__(self) -> str:
        return f"{self.person_name}: {'yes' if self.yes else 'no'}"
