"""What fits a condition has the marks that are sought for it, and the index knows them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Q

from audit.log.conditions import CONDITIONS
from audit.log.filters import Filters
from audit.log.marks import LASTING, MARKS, MOST_SPANS, marks_between, marks_of, together
from audit.models import Invocation
from tests.audit.log.test_walk import many, requests  # noqa: F401 - fixtures

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("condition", "marks"),
    [
        (Q(), []), (Q(state="failed"), [{"state failed"}]), (~Q(state="failed"), []),
        (Q(state__in=["a", "b"]), [{"state a", "state b"}]), (Q(state__lt="a"), []), (Q(message="a"), []),
        (Q(state="a") & Q(door="b"), [{"state a"}, {"door b"}]), (Q(state="a") & ~Q(door="b"), [{"state a"}]),
        (Q(state="a") | Q(door="b"), [{"state a", "door b"}]), (Q(state="a") | ~Q(door="b"), []),
        (Q(state="a") | Q(message="b"), []), (Q(kind="a") & (Q(state="a") | Q(state="b")), [{"kind a"}, {"state a", "state b"}]),
        (Q(project_ids__contains=["a"]), [{"scope a", "scope *"}]), (Q(bearer__id="a"), [{"bearer__id a"}]),
        (Q(seconds__gte=0.5), []), (Q(seconds__lte=10**9), []), (Q(seconds__lte=0.5), [{"lasting 0"}]),
        (Q(seconds__gte=259_200), [{f"lasting {len(LASTING)}"}]), (Q(seconds__lte=1), [{"lasting 0", "lasting 1"}]),
    ],
)  # fmt: skip
def test_it_works(condition, marks):
    assert marks_of(condition) == marks


@pytest.mark.parametrize(
    ("marks", "common"),
    [
        ([], []), (["a 1"], ["a 1"]), (["a 1", "a 2"], [""]), (["a 1|a 2", "a 2|a 3", "b 1"], ["a 2", "b 1"]),
        (["a 1|b 1", "a 2"], ["a 2", "a 1|b 1"]), (["lasting 1|lasting 2", "lasting 2"], ["lasting 2"]), ([""], [""]),
    ],
)  # fmt: skip
def test_it_takes_those_of_one_field_together(marks, common):
    def sets(texts):
        return [frozenset(text.split("|") if text else ()) for text in texts]

    assert together(sets(marks)) == sets(common)


def test_it_marks_every_moment_of_a_time_or_none():
    assert marks_between(NOW, NOW) == [f"4096 {int(NOW.timestamp()) // 4096}"]
    assert len(marks_between(NOW, NOW + timedelta(days=3))) in {4, 5}
    assert all(mark.startswith("1048576 ") for mark in marks_between(NOW, NOW + timedelta(days=60)))
    assert len(marks_between(NOW, NOW + timedelta(days=150))) <= MOST_SPANS
    assert marks_between(NOW, NOW + timedelta(days=1000)) == []


def marked():
    """Marks of each invocation, as the database makes them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {MARKS} FROM audit_invocation")  # noqa: S608
        return {pk: set(found) - {None} for pk, found in cursor.fetchall()}


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("state", ["failed", "crashed"]), ("door", ["form"]), ("trust", ["proven", "unknown"]), ("person", "noa"),
        ("action", "check"), ("kind", "debug"), ("production", "Ninth Tide"), ("code", "disk"), ("longer", "2m"),
        ("longer", "5m"), ("shorter", "3m"), ("error", "disk"), ("mine", "yes"),
    ],
)  # fmt: skip
def test_what_fits_has_the_marks(name, text, many, requests):  # noqa: F811
    filters = Filters.read({name: text}, requests["noa"].identity.person)
    ((_, condition),) = filters.conditions().items()
    marks = marked()
    for one in filters.apply(Invocation.objects.all()):
        assert all(marks[one.pk] & each for each in marks_of(condition))
        assert marks[one.pk] & set(marks_between(one.received_at, one.received_at))
    assert marks_of(condition)


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_index_knows_marks_and_words(an_invocation):
    an_invocation("noa")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT id FROM audit_invocation WHERE {MARKS} && ARRAY['state failed']")  # noqa: S608
        assert "invocation_marks" in str(cursor.fetchall())
    assert "invocation_marks" in Invocation.objects.filter(CONDITIONS["q"]("lamp")).order_by().explain()
