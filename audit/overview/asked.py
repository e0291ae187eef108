"""What the overview is asked for: which days, narrowed to what, and as whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from audit.access import led_by, within
from audit.log.filters import Filters
from audit.log.form import NONE
from audit.log.names import actions_named, productions_named
from audit.log.spans import moment
from audit.models import Invocation
from audit.models.day import DayCount, DayTime
from audit.overview.counting import begin_of, end_of, studio_day
from audit.overview.sources import CountedDays, Once, Record, Source
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


@dataclass(frozen=True)
class Asked:
    """A request understood. `led`: the productions of a lead, to whom nothing else is shown; None: everything."""

    since: date
    until: date
    narrowed: Mapping[str, str] = field(default_factory=dict)
    led: frozenset[str] | None = None

    @classmethod
    def read(cls, mapping: Mapping[str, Any], person: Person | None) -> Asked:
        """From a request's GET. `person`: a lead; None for who may see all."""
        today = studio_day()
        until = min(_day(mapping.get("until"), end=True) or today, today)
        since = _day(mapping.get("since")) or until - timedelta(days=_span(mapping.get("days")) - 1)
        since = max(min(since, until), until - timedelta(days=LONGEST - 1), date(2000, 1, 1))
        narrowed = {name: _text(mapping.get(name)) for name in NARROWED} | _named(mapping)
        if narrowed["door"] not in Door.values or len(_several(mapping, "door")) > 1:
            narrowed["door"] = ""
        led = None if person is None else frozenset(led_by(person))
        return cls(since, until, {name: value for name, value in narrowed.items() if value}, led)

    @property
    def days(self) -> list[date]:
        """Every day of it, also those on which nothing happened."""
        return [self.since + timedelta(days=number) for number in range((self.until - self.since).days + 1)]

    @cached_property
    def source(self) -> Source:
        """Where its numbers come from. The counted days know doors, and nothing of actions and productions together."""
        if self.led is None and not self.narrowed.keys() & {"action", "production"}:
            return Once(self.counted)
        return Once(self.record)

    @property
    def counted(self) -> CountedDays:
        """The counted days of these days, through this door."""
        return CountedDays(self._on(DayCount.objects.all()), self._on(DayTime.objects.all()))

    @property
    def record(self) -> Record:
        """The invocations themselves; a lead's are those about productions that they lead and no other."""
        given = {**self.narrowed, **_moments({"since": str(self.since), "until": str(self.until)})}
        rows = Filters.read(given).apply(Invocation.objects.order_by())
        return Record(rows if self.led is None else rows.filter(within(sorted(self.led))))

    def query(self, **changes: str) -> str:
        """As the query of a URL of the overview."""
        return urlencode({"since": str(self.since), "until": str(self.until), **self.narrowed, **changes})

    def log(self, **more: str | list[str]) -> str:
        """The page of the log that shows what a number counts."""
        given = {"since": str(self.since), "until": str(self.until), **self.narrowed, **more}
        return f"{reverse('log')}?{urlencode(_moments(given), doseq=True)}"

    def _on(self, rows: QuerySet[_Row]) -> QuerySet[_Row]:
        rows = rows.filter(day__gte=self.since, day__lte=self.until)
        return rows.filter(door=self.narrowed["door"]) if "door" in self.narrowed else rows


def _moments(given: Mapping[str, Any]) -> dict[str, Any]:
    """Its days as moments: they are the studio's, and in the log a day is one of whoever looks."""
    since, until = _day(given.get("since")), _day(given.get("until"), end=True)
    begin = {"since": begin_of(since).isoformat()} if since else {}
    return {**given, **begin, **({"until": end_of(until).isoformat()} if until else {})}


def _day(text: Any, *, end: bool = False) -> date | None:
    """A day of the studio, or that of a moment as the log's filters take it: `2026-11-20 14:00`, `7d`.

    At an end (`end`) midnight is that of the day which ends then.
    """
    just_before = timedelta(microseconds=1) if end else timedelta()
    try:
        with timezone.override(timezone.get_default_timezone()):
            return timezone.localdate(moment(_text(text), end=end) - just_before) if text else None
    except (ValueError, OverflowError):
        return None


def _named(mapping: Mapping[str, Any]) -> dict[str, str]:
    """The log takes names, and parts of them: the id where one action or production is meant, else what was written."""
    found = {}
    for name, ids_of in (("action", actions_named), ("production", productions_named)):
        text = _text(mapping.get(name))
        ids = ids_of(text) if text not in {"", NONE} else {text}
        found[name] = next(iter(ids)) if len(ids) == 1 else text
    return found


def _several(mapping: Mapping[str, Any], name: str) -> list[str]:
    return mapping.getlist(name) if isinstance(mapping, QueryDict) else []


def _span(text: Any) -> int:
    days = int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 5 else USUAL
    return max(1, min(days, LONGEST))


def _text(value: Any) -> str:
    """Without NUL and half surrogates, which no database takes."""
    return str(value or "").replace("\x00", "").encode("utf-8", "ignore").decode()[:80]
