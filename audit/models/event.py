"""An event: something that happened, once, and is never changed afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from audit.states import Happened
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.masking import masked

if TYPE_CHECKING:
    from audit.models.invocation import Invocation


class NeverChanged(Exception):
    """Events are only ever added."""


class Event(models.Model):
    """One row of what happened to an invocation (`invocation`) or to something else (`subject`, such as `action:review`)."""

    invocation = models.ForeignKey(
        "audit.Invocation", on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    subject = models.CharField(max_length=200, blank=True)
    what = models.CharField(max_length=24, choices=Happened)
    at = models.DateTimeField(default=timezone.now)
    actor_id = models.CharField(
        max_length=64, blank=True, help_text="The person's id in Kitsu, or user:<id> for a local user."
    )
    actor_name = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True, help_text="One sentence for a person.")
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(fields=["invocation", "id"], name="event_of_invocation"),
            models.Index(fields=["subject", "id"], name="event_of_subject"),
        )

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.at:%Y-%m-%d %H:%M:%S}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; raises `NeverChanged` for one that stands already."""
        if self.pk is not None:
            raise NeverChanged(NeverChanged.__doc__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises `NeverChanged`."""
        raise NeverChanged(NeverChanged.__doc__)


def new_event(
    what: Happened,
    *,
    invocation: Invocation | None = None,
    subject: str = "",
    actor: Person | None = None,
    text: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """An event not yet written, with its secrets masked."""
    return Event(
        invocation=invocation,
        subject=subject[:200],
        what=what,
        actor_id=actor.id if actor else "",
        actor_name=actor.name[:200] if actor else "",
        text=masked(text)[:2000],
        data=masked(data or {}),
    )


def write_event(what: Happened, **about: Any) -> Event:
    """Write one event; the arguments are those of `new_event`."""
    event = new_event(what, **about)
    event.save()
    return event
