"""Marks: short words for what an invocation is (`state failed`, `scope <production>`), kept by one index of PostgreSQL.

The index (audit/migrations, `invocation_marks`) holds them beside the words that are searched, so it finds at once what has
several of them, however common each is. The time is among them, in three sizes, so that it need not look through all years.
A mark may promise too much, never too little: what is found is read and asked again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.expressions import RawSQL

from audit.log.several import DIGEST
from audit.models.generated import SEVERAL

FIELDS = ("person_id", "scope", "action_slug", "kind", "state", "door", "trust", "reason_code")
SPANS = (4096, 65_536, 1_048_576)
"""Seconds: about an hour, a day and twelve days."""

LASTING = (1, 10, 60, 300, 600, 1800, 3600, 7200, 10_800, 18_000, 28_800, 43_200, 86_400, 259_200)
MOST_SPANS = 24
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# As the index has it, to the letter but for spaces: else PostgreSQL does not see that it fits.
MARKS = f"""(ARRAY[
    {", ".join(f"'{field} ' || {field}" for field in FIELDS)},
    CASE WHEN scope = '*' THEN 'set ' || md5(project_ids::text) END,
    'bearer__id ' || (bearer->>'id'),
    'lasting ' || width_bucket(seconds, ARRAY{list(LASTING)}::float8[]),
    {", ".join(f"'{span} ' || floor(extract(epoch FROM received_at AT TIME ZONE 'UTC') / {span})::bigint" for span in SPANS)}
])"""

Marks = frozenset[str]
ALL_LASTING = range(len(LASTING) + 1)


def marks_of(condition: Q) -> list[Marks]:
    """What fits the condition has one of each of these sets. Empty where marks say nothing."""
    parts = [_of_part(part) for part in condition.children]
    if condition.negated:
        return []
    if condition.connector == Q.AND:
        return [marks for part in parts for marks in part]
    return [frozenset().union(*(part[-1] for part in parts))] if parts and all(parts) else []


def together(marks: list[Marks]) -> list[Marks]:
    """The same with those of one field, which has one value, as what they have in common: two persons at once are nobody."""
    mixed = [each for each in marks if len(set(map(_field, each))) > 1]
    of_field: dict[str, Marks] = {}
    for each in marks:
        if each not in mixed:
            (field,) = set(map(_field, each)) or {""}
            of_field[field] = each & of_field.get(field, each)
    return [*of_field.values(), *mixed]


def marks_between(low: datetime, high: datetime) -> list[str]:
    """Of the time from one moment to another; none where that is too long."""
    for span in SPANS:
        first, last = ((moment - EPOCH) // timedelta(seconds=span) for moment in (low, high))
        if last - first < MOST_SPANS:
            return [f"{span} {number}" for number in range(first, last + 1)]
    return []


def _field(mark: str) -> str:
    return mark.partition(" ")[0]


def _of_part(part: Any) -> list[Marks]:
    if isinstance(part, Q):
        return marks_of(part)
    if isinstance(part, RawSQL):
        return [frozenset({f"set {part.params[0]}"})] if part.sql.startswith(DIGEST) else []
    name, value = part
    field, _, how = name.partition("__")
    if name == "bearer__id" or (field in FIELDS and not how):
        return [frozenset({f"{name} {value}"})]
    if field in FIELDS and how == "in":
        return [frozenset(f"{field} {one}" for one in value)]
    return OTHERS[name](value) if name in OTHERS else []


def _of_productions(ids: Iterable[str]) -> list[Marks]:
    return [frozenset(f"scope {one}" for one in (SEVERAL, *ids))]


def _lasting(places: range) -> list[Marks]:
    return [frozenset(f"lasting {place}" for place in places)] if places != ALL_LASTING else []


OTHERS: dict[str, Callable[[Any], list[Marks]]] = {
    "project_ids__contains": _of_productions,
    "project_ids__contained_by": _of_productions,
    "seconds__gte": lambda seconds: _lasting(ALL_LASTING[bisect_right(LASTING, seconds) :]),
    "seconds__lte": lambda seconds: _lasting(ALL_LASTING[: bisect_right(LASTING, seconds) + 1]),
}
