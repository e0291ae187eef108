"""What each parameter asks of an invocation. A parameter is a row of the table at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from audit.log.form import NONE, UNKNOWN
from audit.log.names import actions_named, persons_named, productions_named
from audit.log.several import any_project, several
from audit.log.words import spoken
from audit.models.generated import SEVERAL
from audit.states import State, Trust

BAD = frozenset({State.PARTIAL, State.FAILED, State.CRASHED, State.REFUSED, State.CANCELLED, State.EXPIRED})
MOST_APART = 8
"""Alternatives that are looked for one by one; more of them are read together and sorted."""

ID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f-]{0,27})", re.IGNORECASE)
"""An invocation's id or its beginning, from the eight characters on that people quote."""


def one_of(field: str, names: Collection[str]) -> Q:
    """Equal to one of them. A few stand as alternatives: each of them is then walked in order by an index (`walk`)."""
    if len(names) > MOST_APART:
        return Q(**{f"{field}__in": sorted(names)})
    each = [Q(**{field: name}) for name in sorted(names)]
    return each[0] if len(each) == 1 else Q(*each, _connector=Q.OR)


def searched(text: str) -> Q:
    """All of the words, in names or messages; or the id of an invocation or a task."""
    return spoken(text) | with_id(text) if ID.fullmatch(text) else spoken(text)


def with_id(text: str) -> Q:
    """The invocation whose id begins so, or those of the task with this id."""
    digits = text.replace("-", "").lower()
    if len(digits) > 32:
        return Q(pk__in=[])
    found = Q(pk__range=(UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))))
    return found | of_task(str(UUID(digits))) if len(digits) == 32 else found


def of_task(task_id: str) -> Q:
    """Those whose selection has this task."""
    if connection.vendor == "postgresql":
        return Q(task_ids__contains=[task_id])
    within = 'EXISTS (SELECT 1 FROM json_each("audit_invocation"."task_ids") WHERE value = %s)'
    return Q(RawSQL(within, [task_id], BooleanField()))  # noqa: S611


def of_entity(text: str) -> Q:
    """Those about an entity or task with these words in its name, or about the task with this id."""
    try:
        return of_task(str(UUID(text)))
    except ValueError:
        return spoken(text, "entities")


def within(production: str) -> Q:
    """Those with tasks of a production."""
    ids = productions_named(production) - {SEVERAL}
    sets = several(lambda those: not those.isdisjoint(ids), any_project(ids)) if ids else []
    return Q(one_of("scope", ids), *sets, _connector=Q.OR) if ids else Q(pk__in=[])


def by_me(person_id: str) -> Q:
    """One's own: what others claimed in one's name, unproven, is not."""
    return Q(person_id=person_id) & ~Q(trust=Trust.NONE) if person_id else Q(pk__in=[])


def gone_wrong(text: str) -> Q:
    """What did not go well, with these words in its message."""
    return Q(state__in=sorted(BAD)) & spoken(text, "message")


def trusted(values: list[str]) -> Q:
    """How sure it is who asked."""
    return one_of("trust", {"" if value == UNKNOWN else value for value in values})


def _seconds(span: timedelta) -> float:
    return span.total_seconds()


SEARCHES = ("q", "entity", "error")
"""Those that look for words."""

Condition = Callable[[Any], Q]
CONDITIONS: dict[str, Condition] = {
    "q": searched,
    "action": lambda text: one_of("action_slug", actions_named(text)),
    "kind": lambda text: Q(kind="" if text == NONE else text),
    "person": lambda text: one_of("person_id", persons_named(text)),
    "mine": by_me,
    "trust": trusted,
    "production": within,
    "entity": of_entity,
    "state": lambda values: one_of("state", set(values)),
    "door": lambda values: one_of("door", set(values)),
    "code": lambda text: Q(reason_code=text),
    "error": gone_wrong,
    "since": lambda time: Q(received_at__gte=time),
    "until": lambda time: Q(received_at__lt=time),
    "longer": lambda span: Q(seconds__gte=_seconds(span)),
    "shorter": lambda span: Q(seconds__lte=_seconds(span)),
}
