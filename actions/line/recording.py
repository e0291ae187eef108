"""Writes a call and its first events, unless it repeats one that stands: on PostgreSQL in a single round trip.

A person's click is answered when this is done, and round trips are most of what a call costs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection, models, transaction

from actions.line.twins import NO_TWINS, around, first_of_twins, lock_of
from audit.models import Event, Invocation, Particulars

# Both statements of the one message are one transaction, and in READ COMMITTED each sees what was committed when it began: the
# second sees the twin whose end the first waited for. A NULL takes no lock and has no twins. MATERIALIZED keeps the planner at
# the fingerprint's index: by the one of received_at it would read every call of the last seconds.
RECORD = """
SELECT pg_advisory_xact_lock(%(lock)s);
WITH same AS MATERIALIZED (
    SELECT id, received_at FROM audit_invocation
    WHERE fingerprint = %(fingerprint)s AND state <> ALL(%(no_twins)s)
), first AS (
    SELECT id FROM same WHERE received_at BETWEEN %(since)s AND %(until)s ORDER BY received_at LIMIT 1
), recorded AS (
    INSERT INTO audit_invocation ({invocation})
    SELECT {invocation} FROM json_populate_record(NULL::audit_invocation, %(call)s)
    WHERE NOT EXISTS (SELECT FROM first)
), numbered AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('audit_event', 'id')) AS number, one
    FROM json_array_elements(%(events)s) AS one
    WHERE NOT EXISTS (SELECT FROM first)
), told AS (
    INSERT INTO audit_event (id, {event})
    SELECT number, {event} FROM numbered, json_populate_record(NULL::audit_event, one)
), particulars AS (
    INSERT INTO audit_particulars (event_id, {particulars})
    SELECT number, {particulars} FROM numbered, json_populate_record(NULL::audit_particulars, one)
)
SELECT id FROM first
"""


def record(invocation: Invocation, events: Sequence[Event], *, alone: bool = True) -> Invocation | None:
    """Write both, or neither: then it is the first of its twins, which is returned. `alone`: twins do not matter."""
    if connection.vendor == "postgresql":
        return _in_one_message(invocation, events, alone)
    with transaction.atomic():
        first = None if alone else first_of_twins(invocation)
        if first is None:
            invocation.save(force_insert=True)
            Event.objects.bulk_create(events)
    return first


def _in_one_message(invocation: Invocation, events: Sequence[Event], alone: bool) -> Invocation | None:
    times = None if alone else around(invocation)
    since, until = times or (None, None)
    values = {
        "lock": lock_of(invocation) if times else None,
        "fingerprint": invocation.fingerprint if times else None,
        "since": since,
        "until": until,
        "no_twins": list(NO_TWINS),
        "call": _json(_row(invocation)),
        "events": _json([_row(event) | _row(event.particulars) for event in events]),
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, values)
        cursor.nextset()  # Past the lock's.
        found = cursor.fetchone()
    return Invocation.objects.get(pk=found[0]) if found else None


def _row(row: Invocation | Event | Particulars) -> dict[str, Any]:
    return {name: getattr(row, name) for name in COLUMNS[type(row)]}


def _json(value: object) -> str:
    """PostgreSQL reads times and ids as Python writes them."""
    return json.dumps(value, default=str)


def _columns(model: type[models.Model]) -> list[str]:
    """All but what the database gives: the number of an event, and what it works out by itself."""
    given = (models.AutoField, models.GeneratedField, models.OneToOneField)
    return [field.attname for field in model._meta.concrete_fields if not isinstance(field, given)]


COLUMNS: dict[type[models.Model], list[str]] = {model: _columns(model) for model in (Invocation, Event, Particulars)}
STATEMENT = RECORD.format(**{model._meta.model_name or "": ", ".join(names) for model, names in COLUMNS.items()})
