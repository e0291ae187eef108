"""Values for an action's parameters under a name: one's own, or for everybody."""

from __future__ import annotations

from django.db import models


class Preset(models.Model):
    """A named set of values. `person_id` is empty for one that is for all."""

    action_slug = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    person_id = models.CharField(max_length=64, blank=True)
    values = models.JSONField(default=dict)
    made_by = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=["action_slug", "person_id", "name"], name="one_preset_of_a_name"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def for_all(self) -> bool:
        """Whether everybody is offered it."""
        return not self.person_id
