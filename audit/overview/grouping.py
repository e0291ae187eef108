"""Counts invocations by all their sides: the same for the days that are kept as for a narrowed look at the record itself.

The database groups them by everything at once, and what it finds is added up here: one reading of rows that are wide, in place
of one for each side.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, Count, F, FloatField, JSONField, QuerySet, Sum, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from audit.models import Invocation
from audit.models.day import DayCount, DayTime
from audit.models.generated import SEVERAL
from audit.overview.scale import RUNNING, WAITING, step_of
from audit.states import State, Trust

Side = DayCount.Side
What = DayTime.What

MEASURED = {What.WAITING: WAITING, What.RUNNING: RUNNING}

AT_ONCE = 5000
"""Groups that are read at once."""


def _unless(condition: When, name: str) -> Case:
    return Case(condition, default=F(name), output_field=CharField())


EMPTY = Value("", output_field=CharField())

# What strangers chose is left out: the name of an action that never was, a person whom nobody proved. The list of productions is
# read only where there are several; one alone stands in a column of its own.
KEYS: dict[str, Any] = {
    "slug": _unless(When(kind="", then=EMPTY), "action_slug"),
    "person": _unless(When(trust=Trust.NONE, then=EMPTY), "person_id"),
    "several": Case(When(scope=SEVERAL, then=F("project_ids")), default=Value(None), output_field=JSONField()),
}
COLUMNS = ("on", "kind", "slug", "person", "scope", "several", "reason_code", "door", "state")


@dataclass(slots=True)
class Tally:
    """How many stand in each state: by day, and for each side by key and door."""

    days: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    sides: dict[str, dict[tuple[str, str], Counter[str]]] = field(
        default_factory=lambda: {side: defaultdict(Counter) for side in Side}
    )

    @property
    def total(self) -> int:
        """All of them: each has one day."""
        return sum(counts.total() for counts in self.days.values())


@dataclass(frozen=True, slots=True)
class Timed:
    """So many runs of one action took about so long; `seconds` is the sum of all."""

    action: str
    door: str
    step: int
    count: int
    seconds: float


def tally(rows: QuerySet[Invocation]) -> Tally:
    """Count them all. One about several productions counts for each; reasons are of what was refused alone."""
    found = Tally()
    local = TruncDate("received_at", tzinfo=timezone.get_default_timezone())
    grouped = rows.order_by().annotate(on=local, **KEYS).values_list(*COLUMNS).annotate(many=Count("pk"))
    for day, kind, slug, person, scope, several, code, door, state, many in grouped.iterator(AT_ONCE):
        found.days[str(day)][state] += many
        found.sides[Side.KIND][kind, door][state] += many
        found.sides[Side.ACTION][slug, door][state] += many
        found.sides[Side.PERSON][person, door][state] += many
        for production in _each(scope, several):
            found.sides[Side.PRODUCTION][production, door][state] += many
        if state == State.REFUSED:
            found.sides[Side.REASON][code, door][state] += many
    return found


def timed(rows: QuerySet[Invocation], what: str) -> Iterator[Timed]:
    """How many runs took how long."""
    begun = rows.filter(started_at__isnull=False).order_by().annotate(took=MEASURED[What(what)])
    measured = begun.filter(took__isnull=False).annotate(slug=KEYS["slug"], step=step_of(F("took")))
    found = measured.values_list("slug", "door", "step")
    summed = found.annotate(many=Count("pk"), sum=Sum("took", output_field=FloatField()))
    for action, door, step, many, seconds in summed:
        yield Timed(action, door, step, many, max(0.0, seconds))


def _each(scope: str, ids: Iterable[str] | None) -> set[str]:
    return {scope} if ids is None else {str(one) for one in ids}
