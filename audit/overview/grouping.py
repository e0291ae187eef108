"""Groups invocations for counting: the same for the days that are kept as for a narrowed look at the record itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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


def _unless(condition: When, field: str) -> Case:
    return Case(condition, default=F(field), output_field=CharField())


EMPTY = Value("", output_field=CharField())

# What strangers chose is left out: the name of an action that never was, a person whom nobody proved.
KEYS: dict[str, Any] = {
    Side.KIND: F("kind"),
    Side.ACTION: _unless(When(kind="", then=EMPTY), "action_slug"),
    Side.PERSON: _unless(When(trust=Trust.NONE, then=EMPTY), "person_id"),
    Side.PRODUCTION: F("scope"),
    Side.REASON: F("reason_code"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of one key, through one door, in one state."""

    key: str
    door: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class Timed:
    """So many runs of one action took about so long; `seconds` is the sum of all."""

    action: str
    door: str
    step: int
    count: int
    seconds: float


def grouped(rows: QuerySet[Invocation], side: str) -> Iterator[Counted]:
    """How many there are by one side, door and state. Of productions, one about several counts for each."""
    rows = rows.filter(state=State.REFUSED) if side == Side.REASON else rows
    if side == Side.PRODUCTION:
        yield from _by_production(rows)
        return
    counted = rows.order_by().annotate(key=KEYS[side]).values_list("key", "door", "state").annotate(many=Count("pk"))
    yield from (Counted(*row) for row in counted)


def by_day(rows: QuerySet[Invocation]) -> Iterator[tuple[str, str, int]]:
    """How many there are by day and state."""
    local = TruncDate("received_at", tzinfo=timezone.get_default_timezone())
    counted = rows.order_by().annotate(on=local).values_list("on", "state").annotate(many=Count("pk"))
    yield from ((str(day), state, many) for day, state, many in counted)


def timed(rows: QuerySet[Invocation], what: str) -> Iterator[Timed]:
    """How many runs took how long."""
    begun = rows.filter(started_at__isnull=False).order_by().annotate(took=MEASURED[What(what)])
    measured = begun.filter(took__isnull=False).annotate(key=KEYS[Side.ACTION], step=step_of(F("took")))
    found = measured.values_list("key", "door", "step")
    summed = found.annotate(many=Count("pk"), sum=Sum("took", output_field=FloatField()))
    for action, door, step, many, seconds in summed:
        yield Timed(action, door, step, many, max(0.0, seconds))


def _by_production(rows: QuerySet[Invocation]) -> Iterator[Counted]:
    """The ids are read only where there are several; else the one stands in a column of its own."""
    several = Case(When(scope=SEVERAL, then=F("project_ids")), default=Value(None), output_field=JSONField())
    found = rows.order_by().annotate(ids=several).values_list("scope", "ids", "door", "state")
    counts: Counter[tuple[str, str, str]] = Counter()
    for scope, ids, door, state, many in found.annotate(many=Count("pk")):
        for one in _each(scope, ids):
            counts[one, door, state] += many
    yield from (Counted(*key, many) for key, many in counts.items())


def _each(scope: str, ids: Iterable[str] | None) -> set[str]:
    return {scope} if ids is None else {str(one) for one in ids}
