"""An event: something that happened, once, and is never changed afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import models, transaction
from django.utils import timezone

from audit.models.particulars import Particulars
from audit.seals.canonical import plain
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.masking import masked

if TYPE_CHECKING:
    from audit.models.invocation import Invocation


class NeverChanged(Exception):
    """Events are only ever added."""


class Events(models.QuerySet["Event"]):
    """Rows of events, each with its particulars."""

    def bulk_create(self, objs: Iterable[Event], *args: Any, **kwargs: Any) -> list[Event]:
        """Add many, each with its particulars."""
        with transaction.atomic(using=self.db):
            rows = super().bulk_create(objs, *args, **kwargs)
            for row in rows:
                row.particulars.event = row
            Particulars.objects.bulk_create([row.particulars for row in rows])
        return rows

    def update(self, **_: Any) -> NoReturn:
        """Raises `NeverChanged`."""
        raise NeverChanged(NeverChanged.__doc__)

    def delete(self) -> NoReturn:
        """Raises `NeverChanged`."""
        raise NeverChanged(NeverChanged.__doc__)


class EventsWithParticulars(models.Manager.from_queryset(Events)):  # type: ignore[misc]
    """Read together: nearly nobody wants the one without the other."""

    def get_queryset(self) -> Events:
        """All events, each with its particulars."""
        found: Events = super().get_queryset().select_related("particulars")
        return found


class Event(models.Model):
    """One row of what happened to an invocation (`invocation`) or to something else (`subject`, such as `action:review`).

    Sealed as it stands here. What may have to be forgotten stands in its particulars and is bound by hash.
    """

    invocation = models.ForeignKey(
        "audit.Invocation", on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    subject = models.CharField(max_length=200, blank=True, help_text="What else it is about; never a person's name.")
    what = models.CharField(max_length=24, choices=Happened)
    at = models.DateTimeField(default=timezone.now)
    who_bound = models.CharField(max_length=64, blank=True, help_text="Salted hash of who it was.")
    words_bound = models.CharField(max_length=64, blank=True, help_text="Salted hash of text and data.")

    objects = EventsWithParticulars()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["subject", "id"], name="event_of_subject", condition=~models.Q(subject="")),)

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.at:%Y-%m-%d %H:%M:%S}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row with its particulars; raises `NeverChanged` for one that stands already."""
        if self.pk is not None:
            raise NeverChanged(NeverChanged.__doc__)
        with transaction.atomic(using=kwargs.get("using")):
            super().save(*args, **kwargs)
            self.particulars.event = self
            self.particulars.save(force_insert=True)

    @property
    def actor_id(self) -> str:
        """The person's id in Kitsu, `user:<id>` for a local user, or nothing."""
        return self.particulars.actor_id

    @property
    def actor_name(self) -> str:
        """Who it was; of somebody who was erased, that they were."""
        return "erased person" if self.particulars.who_erased_by else self.particulars.actor_name

    @property
    def personal(self) -> dict[str, Any]:
        """What else is about a person: `email`, `address`."""
        return dict(self.particulars.personal)

    @property
    def text(self) -> str:
        """One sentence for a person."""
        return self.particulars.text

    @property
    def data(self) -> dict[str, Any]:
        """What else is known of it."""
        return dict(self.particulars.data)

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
    personal: dict[str, Any] | None = None,
) -> Event:
    """An event not yet written, with its secrets masked. `personal`: what of it is about a person, such as an address."""
    particulars = Particulars(
        actor_id=actor.id[:64] if actor else "",
        actor_name=plain(actor.name)[:200] if actor else "",
        personal=plain(masked(personal or {})),
        text=plain(masked(text))[:2000],
        data=plain(masked(data or {})),
    )
    who, words = particulars.bind()
    event = Event(invocation=invocation, subject=plain(subject)[:200], what=what, who_bound=who, words_bound=words)
    particulars.event = event
    return event


def write_event(what: Happened, **about: Any) -> Event:
    """Write one event; the arguments are those of `new_event`."""
    event = new_event(what, **about)
    event.save()
    return event
