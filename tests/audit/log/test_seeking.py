"""What is common is found among the next rows, what is rare by its index, and both say the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from audit.log import seeking
from audit.log.conditions import CONDITIONS
from audit.log.place import Place
from audit.models import Invocation
from audit.states import State
from tests.audit.log.test_walk import as_person, walk

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def rows(an_invocation):
    now = timezone.now()
    made = [
        an_invocation(
            "noa", message=f"lamp {n % 2}" if n % 3 else "kettle", received_at=now - timedelta(minutes=n // 2),
            started_at=now - timedelta(minutes=n), finished_at=now, state=State.FAILED if n % 5 else State.SUCCEEDED,
        )
        for n in range(40)
    ]  # fmt: skip
    return sorted(made, key=lambda one: (one.received_at, one.pk), reverse=True)


@pytest.mark.parametrize("near", [3, 17, 40, 2000])
@pytest.mark.parametrize(
    "query", [{"q": "lamp"}, {"q": "lamp 1"}, {"longer": "20m"}, {"q": "zeppelin"}, {"error": "kett"}]
)
def test_it_works(near, query, rows, monkeypatch):
    monkeypatch.setattr(seeking, "NEAR", (near, 2 * near))
    ((name, text),) = query.items()
    fitting = list(Invocation.objects.filter(*[CONDITIONS[name](timedelta(minutes=20) if name == "longer" else text)]))
    found = walk(as_person("ada"), query)
    assert list(found) == fitting
    assert found.last(5) == fitting[-5:]
    place = Place.of(rows[10])
    older = [one for one in fitting if (one.received_at, one.pk) < (place.received_at, place.id)]
    assert found.first(7, place) == older[:7]


def test_it_finds_nothing_where_nothing_can_be(rows):
    assert seeking.seek(Q(pk__in=[]), CONDITIONS["q"]("lamp"), ("-received_at", "-id"), 5) == []
    assert seeking.seek(Q(), Q(pk__in=[]), ("-received_at", "-id"), 5) == []
