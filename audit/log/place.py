"""A place in the log, from which a page goes on: what stands there, and not how many stand before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from django.db.models import Q

from audit.models import Invocation


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the log: that of one invocation."""

    received_at: datetime
    id: UUID

    @classmethod
    def of(cls, invocation: Invocation) -> Self:
        """Where it stands."""
        return cls(invocation.received_at, invocation.pk)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """As `str()` wrote it; None for anything else."""
        at, _, pk = text.partition("_")
        try:
            return cls(datetime.fromisoformat(at).astimezone(UTC), UUID(pk))
        except (ValueError, OverflowError):  # Overflow: the first or the last day there is, in a zone beyond it.
            return None

    def __str__(self) -> str:
        return f"{self.received_at.isoformat()}_{self.id}"

    def older(self) -> Q:
        """What comes after it on the page. The first condition is the one that an index takes."""
        at, pk = self.received_at, self.id
        return Q(received_at__lte=at) & (Q(received_at__lt=at) | Q(id__lt=pk))

    def newer(self) -> Q:
        """What comes before it."""
        at, pk = self.received_at, self.id
        return Q(received_at__gte=at) & (Q(received_at__gt=at) | Q(id__gt=pk))
