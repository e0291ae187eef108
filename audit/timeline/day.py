"""One day as a clock on the wall shows it: with 23 or 25 hours where the clocks are changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import timezone as fixed
from typing import Self
from zoneinfo import ZoneInfo

from django.utils import timezone

FIRST, LAST = date(1971, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Day:
    """A date in a time zone."""

    on: date
    zone: ZoneInfo

    @classmethod
    def read(cls, text: str, zone: ZoneInfo) -> Self:
        """From `2026-11-21`; today for anything else."""
        try:
            asked = date.fromisoformat(text)
        except ValueError:
            asked = timezone.now().astimezone(zone).date()
        return cls(min(max(asked, FIRST), LAST), zone)

    @property
    def begin(self) -> datetime:
        """Its first moment, in UTC."""
        return datetime(self.on.year, self.on.month, self.on.day, tzinfo=self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first moment of the next day, in UTC."""
        return Day(self.on + timedelta(days=1), self.zone).begin

    @property
    def steady(self) -> tzinfo:
        """A clock that shows its first moment right and is never changed: on the wall's, an hour may come twice."""
        return fixed(self.begin.astimezone(self.zone).utcoffset() or timedelta())

    def share(self, moment: datetime) -> float:
        """Where in the day a moment is: 0 at its beginning, 1 at its end; what lies outside is at the nearer one."""
        return min(1.0, max(0.0, (moment - self.begin) / (self.end - self.begin)))

    def hours(self) -> Iterator[tuple[datetime, datetime]]:
        """Its hours, one after the other, in UTC."""
        begin = self.begin
        while begin < self.end:
            yield begin, min(begin + timedelta(hours=1), self.end)
            begin += timedelta(hours=1)

    def beside(self, days: int) -> date:
        """The date so many days away."""
        return min(max(self.on + timedelta(days=days), FIRST), LAST)

    def clock(self, moment: datetime) -> str:
        """`09:05`, as a clock there shows it."""
        return f"{moment.astimezone(self.zone):%H:%M}"
