"""Whatever is asked for: a walk sees what `visible_to` shows and the filters fit, in its order, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.access import sight_of, visible_to
from audit.log.filters import Filters
from audit.log.place import Place
from audit.log.walk import Walk
from audit.models import Invocation
from audit.states import Door, State, Trust
from kitsu_bridge.kitsu.proof import prove
from kitsu_bridge.kitsu.signin.identity import Identity
from kitsu_bridge.kitsu.studio import studio

PEOPLE = ("ada", "hana", "greta", "luis", "noa", "juno", "clara", "pixelworks")
PRODUCTIONS = ("The Lantern Keeper", "Kettle & Crow", "Ninth Tide")
WORDS = ("lamp", "SH0010", "disk full", "noa", "tide", "", "review", "zz", "rev*", "lam* dis*")

asked = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(WORDS), "entity": st.sampled_from(WORDS), "error": st.sampled_from(WORDS),
        "person": st.sampled_from([*PEOPLE, "a", "@"]), "production": st.sampled_from([*PRODUCTIONS, "t", "*"]),
        "state": st.lists(st.sampled_from(State.values), max_size=3), "mine": st.sampled_from(["", "yes"]),
        "trust": st.lists(st.sampled_from(["proven", "claimed", "unknown"]), max_size=2),
        "door": st.lists(st.sampled_from(Door.values), max_size=2), "action": st.sampled_from(["review", "check", "e"]),
        "since": st.sampled_from(["1d", "5d"]), "until": st.sampled_from(["2d", "3h"]), "longer": st.sampled_from(["1m", "5m"]),
        "shorter": st.sampled_from(["1s", "4m"]), "kind": st.sampled_from(["debug", "x"]),
        "code": st.sampled_from(["disk_full", "x"]),
    },
)  # fmt: skip


@pytest.fixture
def many(an_invocation, project_ids):
    """A hundred that differ in everything."""
    now = timezone.now()
    ids = [project_ids[name] for name in PRODUCTIONS]
    sets = [[], [0], [1], [2], [0, 1], [0, 2], [0, 1, 2], [0]]
    for n in range(100):
        places = sets[n % 8]
        an_invocation(
            PEOPLE[n % len(PEOPLE)], trust=Trust.values[n % 3], state=State.values[n % len(State.values)],
            door=Door.values[n % 5], action_slug=("review", "check", "move")[n % 3], received_at=now - timedelta(hours=n // 2),
            project_ids=[ids[one] for one in places], project_names=[PRODUCTIONS[one] for one in places],
            entities="SQ01 / SH0010\nProps / Lamp" if n % 4 else "", reason="Disk is full" if n % 5 == 0 else "",
            started_at=now - timedelta(minutes=n % 9), finished_at=now,
        )  # fmt: skip


def as_person(name):
    """A request as the middleware hands it on."""
    request = RequestFactory().get("/")
    from django.contrib.auth.models import AnonymousUser

    request.user = AnonymousUser()
    request.identity = Identity(prove(studio().log_in(f"{name}@sample.studio", "any")) if name else None)
    return request


@pytest.fixture
def requests(db):
    return {name: as_person(name) for name in (*PEOPLE, "")}


def walk(request, query):
    return Walk.through(sight_of(request), Filters.read(query, request.identity.person))


def test_it_works(many, requests):
    assert [one.pk for one in walk(requests["ada"], {})] == list(Invocation.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("name", [*PEOPLE, ""])
def test_it_sees_what_may_be_seen(name, many, requests):
    seen = list(visible_to(requests[name]).values_list("pk", flat=True))
    assert [one.pk for one in walk(requests[name], {})] == seen
    assert bool(seen) is bool(name)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(query=asked, name=st.sampled_from(PEOPLE))
def test_nobody_sees_more_through_any_filter(query, name, many, requests):
    request = requests[name]
    filters = Filters.read(query, request.identity.person)
    fitting = list(filters.apply(visible_to(request)).values_list("pk", flat=True))
    found = walk(request, query)
    assert [one.pk for one in found] == fitting
    assert [one.pk for one in found.last(10)] == fitting[-10:]
    if len(fitting) > 5:
        place = Place.of(Invocation.objects.get(pk=fitting[5]))
        assert found.ids(100, place) == fitting[6:]
        assert [one.pk for one in found.last(3, place)] == fitting[2:5]
        assert found.count(place, 99) == 5


def test_it_sees_nothing_of_what_was_not_understood(many, requests):
    assert list(walk(requests["ada"], {"state": "broken"})) == []


@pytest.mark.parametrize("text", ["", "x", "2026-01-01", "2026-01-01_x", "_", "9999-12-31T23:59:59-23:59_x"])
def test_it_knows_no_such_place(text):
    assert Place.read(text) is None


def test_a_place_is_read_as_it_was_written(an_invocation):
    place = Place.of(an_invocation())
    assert Place.read(str(place)) == place
