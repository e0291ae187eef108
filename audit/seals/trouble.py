"""What a check of the record finds, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

MOST = 100
"""Troubles that are kept; more of them only count."""


@dataclass(frozen=True, slots=True, order=True)
class Trouble:
    """One thing that is not as it was sealed: the seal that proves it, the event where there is one, and a sentence."""

    seal: int
    event: int
    sentence: str


@dataclass(slots=True)
class Report:
    """What a check came to."""

    seals: int = 0
    events: int = 0
    first_seal: int = 0
    good_seal: int = 0
    good_at: datetime | None = None
    waiting: int = 0
    waiting_since: datetime | None = None
    erased: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    troubles: list[Trouble] = field(default_factory=list)
    more: int = 0

    @property
    def good(self) -> bool:
        """Whether everything is as it was sealed."""
        return not self.troubles

    def add(self, trouble: Trouble) -> None:
        """Keep it, or count it where there are too many."""
        if len(self.troubles) < MOST:
            self.troubles.append(trouble)
        else:
            self.more += 1

    @property
    def first(self) -> Trouble | None:
        """What is wrong first, in the order of the seals."""
        return min(self.troubles, default=None)

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds if self.seconds else 0.0
