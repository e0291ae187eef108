"""What an action's invocations occupy, one at a time."""

from __future__ import annotations

from django.db import models


class Place(models.Model):
    """A key of an action that one invocation holds, or waits for. `key`: `action`, `task:<id>` or `entity:<id>`.

    A row counts only while its invocation does something: running where it holds, queued or running where it waits. So what
    a dead worker leaves blocks nobody once the sweeper has ended its invocation.
    """

    action_slug = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    invocation = models.ForeignKey("audit.Invocation", on_delete=models.CASCADE, related_name="places")
    holds = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["action_slug", "key"], condition=models.Q(holds=True), name="one_holds_a_place"
            ),
            models.UniqueConstraint(fields=["invocation", "key"], name="one_place_a_key"),
        )
        indexes = (models.Index(fields=["action_slug", "key"], name="place_of_action"),)

    def __str__(self) -> str:
        return f"{self.action_slug} {self.key}"
