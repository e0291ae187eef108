"""Whatever is sought, however much of it there is, and in whatever steps: it is what reading everything would give."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from audit.access import visible_to
from audit.log import seeking, way
from audit.log.conditions import CONDITIONS
from audit.log.filters import Filters
from audit.log.place import Place
from audit.log.seeking import Sought
from audit.states import Door, State
from tests.audit.log.test_walk import as_person, walk

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

QUERIES = (
    {"q": "lamp"}, {"q": "lamp 1"}, {"q": "lam*"}, {"q": "zeppelin"}, {"error": "kettle"}, {"error": "kett*"},
    {"entity": "SH0010"}, {"longer": "20m"}, {"shorter": "20m"}, {"longer": "5m", "shorter": "30m", "state": "failed"},
    {"q": "20261120"}, {"state": "failed"},
    {"state": ["failed", "succeeded"], "door": "ajax"}, {"door": "form", "trust": "proven"},
    {"kind": "debug", "person": "noa", "q": "kettle"}, {"production": "tide", "state": "succeeded"},
    {"person": "@", "state": "failed"}, {"since": "20h", "until": "3h", "state": "failed"}, {"since": "20h", "q": "lamp"},
    {"since": "1h", "until": "2h", "q": "lamp"},
)  # fmt: skip


@pytest.fixture
def rows(an_invocation, project_ids):
    """Many at some moments, few at others, and long ones without any."""
    now = timezone.now()
    ids = [project_ids["Ninth Tide"], project_ids["Kettle & Crow"]]
    for n in range(60):
        an_invocation(
            ("noa", "greta", "luis")[n % 3], message=f"lamp {n % 2}" if n % 3 else "kettle 20261120", kind="debug",
            received_at=now - timedelta(minutes=40 * n // 8 if n < 40 else 3000 * n, seconds=n // 2), door=Door.values[n % 3],
            started_at=now - timedelta(minutes=n), finished_at=now, state=State.FAILED if n % 5 else State.SUCCEEDED,
            project_ids=ids[: n % 3], project_names=["Ninth Tide", "Kettle & Crow"][: n % 3], entities="SH0010" if n % 7 else "",
        )  # fmt: skip


@pytest.fixture(params=[(3, 2, 1), (7, 5, 2), (1000, 2000, 500)], ids=str)
def steps(request, monkeypatch):
    """Short steps and long ones, few rows in a question and many."""
    near, most, enough = request.param
    monkeypatch.setattr(way, "NEAR", near)
    monkeypatch.setattr(seeking, "MOST", most)
    monkeypatch.setattr(seeking, "ENOUGH", enough)


@pytest.mark.parametrize("name", ["ada", "greta", "noa"])
def test_it_works(name, rows, steps):
    request = as_person(name)
    for query in QUERIES:
        fitting = list(Filters.read(query, request.identity.person).apply(visible_to(request)))
        found = walk(request, query)
        assert list(found) == fitting, query
        assert found.last(5) == fitting[-5:], query
        if len(fitting) > 4:
            place = Place.of(fitting[3])
            assert found.first(7, place) == fitting[4:11], query
            assert found.last(2, place) == fitting[1:3], query


def test_it_finds_nothing_where_nothing_can_be(rows):
    never, lamp = Q(pk__in=[]), CONDITIONS["q"]("lamp")
    for sought in (Sought(never, lamp, Q()), Sought(Q(), never, Q()), Sought(Q(), lamp, never)):
        assert sought.first(("-received_at", "-id"), 5) == []
