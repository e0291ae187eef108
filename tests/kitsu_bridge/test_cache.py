from __future__ import annotations

import os

import pytest

from kitsu_bridge.cache import RedisCache

pytestmark = pytest.mark.redis


@pytest.fixture
def kept():
    return RedisCache(f"{os.environ['TEST_REDIS_URL']}/2", {"KEY_PREFIX": "tests"})


def test_it_works(kept):
    kept.set("name", {"a": (1, "é")}, 60)
    assert kept.get("name") == {"a": (1, "é")}
    kept.delete("name")
    assert kept.get("name") is None


def test_it_makes_one_client(kept):
    assert kept._cache.get_client() is kept._cache.get_client("name", write=True)
