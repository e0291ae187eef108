from __future__ import annotations

import os
import socket

import pytest
from redis.exceptions import TimeoutError as TookTooLong

from kitsu_bridge import rates
from kitsu_bridge.cache import PATIENCE, RedisCache


@pytest.fixture
def kept():
    return RedisCache(f"{os.environ['TEST_REDIS_URL']}/2", {"KEY_PREFIX": "tests"})


@pytest.fixture
def hanging():
    """The address of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.mark.redis
def test_it_works(kept):
    kept.set("name", {"a": (1, "é")}, 60)
    assert kept.get("name") == {"a": (1, "é")}
    kept.delete("name")
    assert kept.get("name") is None


@pytest.mark.redis
def test_it_makes_one_client(kept):
    assert kept._cache.get_client() is kept._cache.get_client("name", write=True)


def test_it_does_not_wait_long_for_one_that_hangs(hanging, monkeypatch):
    for name in PATIENCE:
        monkeypatch.setitem(PATIENCE, name, 0.5)
    cache = RedisCache(hanging, {})
    with pytest.raises(TookTooLong):
        cache.get("name")
    kept_for_rates = rates._limiter(hanging).storage.get_connection()
    for client in (cache._cache.get_client(), kept_for_rates):
        assert client.connection_pool.connection_kwargs.items() >= PATIENCE.items()
