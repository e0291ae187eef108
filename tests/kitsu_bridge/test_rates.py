from __future__ import annotations

import os
import time
from uuid import uuid4

import pytest

from kitsu_bridge.rates import seconds_to_wait


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def storage(request, settings):
    """Both places where rates are counted."""
    settings.CACHE_URL = f"{os.environ['TEST_REDIS_URL']}/1" if request.param == "redis" else ""


def wait(*counted):
    return seconds_to_wait(counted, now=time.time())


def test_it_works(storage):
    name = str(uuid4())
    assert [bool(wait(("2/hour", name))) for _ in range(3)] == [False, False, True]
    assert not wait(("2/hour", str(uuid4())))


def test_it_counts_each_and_refuses_when_one_is_over(storage):
    few, many = str(uuid4()), str(uuid4())
    calls = [wait(("1/minute", few), ("2/hour", many)) for _ in range(3)]
    assert calls[0] == 0
    assert 0 < calls[1] <= 61
    assert 61 < calls[2] <= 3601


def test_it_counts_anew_in_the_next_window(storage):
    name = str(uuid4())
    while not (seconds := wait(("1/second", name))):
        pass
    time.sleep(seconds)
    assert not wait(("1/second", name))
