"""Events as they are sealed: read in the order of their numbers as plain text, and the hash of each.

Millions of them are read at a time, so this goes past the ORM: its models and its dates cost more than all the hashing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from json.encoder import encode_basestring as quoted
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from audit.seals.canonical import canonical, parsed
from audit.seals.merkle import leaf
from audit.seals.ranges import Range


class Row(NamedTuple):
    """One event with its particulars; `personal` and `data` are JSON as the database has it."""

    id: int
    invocation: str | None
    subject: str
    what: str
    at: str
    who_bound: str
    words_bound: str
    actor_id: str | None
    actor_name: str | None
    personal: str | None
    who_salt: str | None
    who_erased_by: int | None
    text: str | None
    data: str | None
    words_salt: str | None
    words_erased_by: int | None


# Microseconds, always six digits, in UTC. SQLite has UUIDs without dashes, and leaves out a fraction of nothing.
INVOCATION = {
    "postgresql": "e.invocation_id::text",
    "sqlite": "substr(e.invocation_id, 1, 8) || '-' || substr(e.invocation_id, 9, 4) || '-' || substr(e.invocation_id, 13, 4)"
    " || '-' || substr(e.invocation_id, 17, 4) || '-' || substr(e.invocation_id, 21)",
}
AT = {
    "postgresql": "to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+00:00\"')",
    "sqlite": "replace(substr(e.at || '.000000', 1, 26), ' ', 'T') || '+00:00'",
}
JSON = {"postgresql": "{}::text", "sqlite": "{}"}
READ = """
SELECT e.id, {invocation}, e.subject, e.what, {at}, e.who_bound, e.words_bound,
    p.actor_id, p.actor_name, {personal}, p.who_salt, p.who_erased_by, p.text, {data}, p.words_salt, p.words_erased_by
FROM audit_event e LEFT JOIN audit_particulars p ON p.event_id = e.id
WHERE {where} ORDER BY e.id {limit}
"""
AFTER = 2**62
"""Above every number of an event."""


def read(ranges: Iterable[Range], limit: int = 0) -> Iterator[Row]:
    """The events with these numbers, in order; at most `limit`, where one is given."""
    pairs = list(ranges)
    if not pairs:
        return
    vendor = connection.vendor
    statement = READ.format(
        invocation=INVOCATION[vendor],
        at=AT[vendor],
        personal=JSON[vendor].format("p.personal"),
        data=JSON[vendor].format("p.data"),
        where=" OR ".join(["e.id BETWEEN %s AND %s"] * len(pairs)),
        limit=f"LIMIT {limit:d}" if limit else "",
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, list(chain.from_iterable(pairs)))
        while rows := cursor.fetchmany(2000):
            yield from map(Row._make, rows)


def content_of(row: Row) -> bytes:
    """An event as canonical JSON, written by hand: its fields are known."""
    invocation = quoted(row.invocation) if row.invocation else "null"
    return (
        f'{{"at":{quoted(row.at)},"id":{row.id:d},"invocation":{invocation},"subject":{quoted(row.subject)},'
        f'"what":{quoted(row.what)},"who":{quoted(row.who_bound)},"words":{quoted(row.words_bound)}}}'
    ).encode()


def leaf_of(row: Row) -> bytes:
    """The hash of an event, as it stands in its seal."""
    return leaf(content_of(row))


def who_of(row: Row) -> bytes:
    """The part that says who, as canonical JSON: what `Particulars.who` gives."""
    more = _again(row.personal)
    return f'{{"id":{quoted(row.actor_id or "")},"more":{more},"name":{quoted(row.actor_name or "")}}}'.encode()


def words_of(row: Row) -> bytes:
    """The part that says what, as canonical JSON: what `Particulars.words` gives."""
    return f'{{"data":{_again(row.data)},"text":{quoted(row.text or "")}}}'.encode()


def _again(text: str | None) -> str:
    return "{}" if text in {None, "", "{}"} else canonical(parsed(str(text))).decode()


def in_ranges(ranges: Iterable[Range]) -> Q:
    """Events with these numbers, for a query of the ORM."""
    found = Q(pk__in=())
    for first, last in ranges:
        found |= Q(pk=first) if first == last else Q(pk__range=(first, last))
    return found
