from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from actions.figures import read_production
from actions.statistics import keeping
from actions.statistics.reading import TOO_LARGE, Step, look, step_of
from kitsu_bridge.kitsu.errors import KitsuSlow


@pytest.fixture
def production(kitsu, project_id):
    return read_production(kitsu.session_of("hana@sample.studio"), project_id)


def test_it_works(production):
    assert look("a", lambda say: production, patience=60).found == production
    assert look("a", lambda say: pytest.fail("read twice")).found == production


def test_it_says_how_far_a_long_reading_is(production):
    go_on, begun = threading.Event(), threading.Event()

    def read(say):
        say(1, 3, "Reading tasks")
        begun.set()
        go_on.wait(10)
        return production

    try:
        assert look("a", read, patience=0).found is None
        begun.wait(10)
        assert look("a", read, patience=0).step == Step(1, 3, "Reading tasks")
    finally:
        go_on.set()
    assert look("a", lambda say: pytest.fail("read twice"), patience=10).found == production
    assert step_of("a") is None


def test_it_shows_the_last_one_while_a_new_one_fails(production, settings):
    look("a", lambda say: production, patience=60)
    settings.STATISTICS_FRESH = -1

    def fail(say):
        raise KitsuSlow

    found = look("a", fail, patience=60)
    assert (found.found, found.step, found.trouble) == (production, None, "Kitsu did not answer in time.")


def test_it_does_not_press_a_kitsu_that_is_down(production):
    asked = []

    def fail(say):
        asked.append(1)
        raise KitsuSlow

    assert [look("a", fail, patience=60).trouble for _ in range(3)] == ["Kitsu did not answer in time."] * 3
    assert len(asked) == 1


def test_it_says_when_a_production_cannot_be_kept(production, settings):
    settings.STATISTICS_CACHE = 10
    assert look("a", lambda say: production, patience=60).trouble == TOO_LARGE


def test_what_is_kept_stays_within_its_bound(settings):
    noise = {name: bytes((i * (7 + len(name)) ** 3 >> 3) % 251 for i in range(20_000)) for name in ("a", "bb", "ccc")}
    settings.STATISTICS_CACHE = 30_000
    for name, content in noise.items():
        assert keeping.keep(name, content)
    sizes = sum(keeping.cache.get(keeping.LEDGER).values())
    assert sizes <= settings.STATISTICS_CACHE
    assert keeping.kept("ccc") == noise["ccc"]
    assert [name for name in noise if keeping.kept(name) is not None] == list(keeping.cache.get(keeping.LEDGER))


def test_readings_of_different_names_are_apart(production):
    other = replace(production, tasks=())
    assert look("a", lambda say: production, patience=60).found == production
    assert look("b", lambda say: other, patience=60).found == other
