"""What the overview is asked for: which days, narrowed to what, and as whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from audit.access import led_by
from audit.models.day import DayCount, DayTime
from audit.states import Door
from kitsu_bridge.kitsu.people import Person

SPANS = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year"}
USUAL = 30
"""Days."""

LONGEST = 3660
"""Days that are shown at most."""

NARROWED = ("action", "production", "door")
"""Parameters besides the days; the log's filters have the same names."""

_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request understood. `led`: the productions of a lead, to whom nothing else is shown; None: everything."""

    since: date
    until: date
    narrowed: Mapping[str, str] = field(default_factory=dict)
    led: frozenset[str] | None = None

    @classmethod
    def read(cls, mapping: Mapping[str, Any], person: Person | None) -> Asked:
        """From a request's GET. `person`: a lead; None for who may see all."""
        today = timezone.localdate()
        until = min(_day(mapping.get("until")) or today, today)
        since = _day(mapping.get("since")) or until - timedelta(days=_span(mapping.get("days")) - 1)
        since = max(min(since, until), until - timedelta(days=LONGEST - 1), date(2000, 1, 1))
        narrowed = {name: _text(mapping.get(name)) for name in NARROWED}
        if narrowed["door"] not in Door.values:
            narrowed["door"] = ""
        led = None if person is None else frozenset(led_by(person))
        return cls(since, until, {name: value for name, value in narrowed.items() if value}, led)

    @property
    def days(self) -> list[date]:
        """Every day of it, also those on which nothing happened."""
        return [self.since + timedelta(days=number) for number in range((self.until - self.since).days + 1)]

    def counts(self) -> QuerySet[DayCount]:
        """What was counted of it."""
        return self._within(DayCount.objects.order_by())

    def times(self) -> QuerySet[DayTime]:
        """The times that were counted of it."""
        return self._within(DayTime.objects.order_by())

    def query(self, **changes: str) -> str:
        """As the query of a URL of the overview."""
        return urlencode({"since": str(self.since), "until": str(self.until), **self.narrowed, **changes})

    def log(self, **more: str | list[str]) -> str:
        """The page of the log that shows what a number counts."""
        given = {"since": str(self.since), "until": str(self.until), **self.narrowed, **more}
        return f"{reverse('log')}?{urlencode(given, doseq=True)}"

    def _within(self, rows: QuerySet[_Row]) -> QuerySet[_Row]:
        rows = rows.filter(day__gte=self.since, day__lte=self.until)
        if action := self.narrowed.get("action"):
            rows = rows.filter(action_slug=action)
        if door := self.narrowed.get("door"):
            rows = rows.filter(door=door)
        if production := self.narrowed.get("production"):
            rows = rows.filter(
                Q(productions=production) | Q(productions__contains=",", productions__icontains=production)
            )
        return rows if self.led is None else rows.filter(productions__in=self._led_together(rows))

    def _led_together(self, rows: QuerySet[_Row]) -> set[str]:
        """One production that they lead, or several of them together: as `access.visible_to` has it."""
        led = self.led or frozenset()
        several = rows.filter(productions__contains=",").values_list("productions", flat=True).distinct()
        return set(led) | {one for one in several if led.issuperset(str(one).split(","))}


def _day(text: Any) -> date | None:
    try:
        return parse_date(str(text or ""))
    except ValueError:
        return None


def _span(text: Any) -> int:
    days = int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 5 else USUAL
    return max(1, min(days, LONGEST))


def _text(value: Any) -> str:
    """Without NUL and half surrogates, which no database takes."""
    return str(value or "").replace("\x00", "").encode("utf-8", "ignore").decode()[:80]
