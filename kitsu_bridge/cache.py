"""Django's cache in Redis, with one client for all commands: making a client takes longer than what it is made for."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends import redis

PATIENCE = {"socket_connect_timeout": 1.5, "socket_timeout": 1.5}
"""Seconds for one word of Redis, where redis-py 8.1 waits five. A page asks it two or three times, and does without it."""


class Client(redis.RedisCacheClient):
    """Keeps the client of redis-py that Django 5.2 makes anew for each command; its connections are pooled either way."""

    _kept: Any = None

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The one client; there is one server."""
        if self._kept is None:
            self._kept = super().get_client(key, write=write)
        return self._kept


class RedisCache(redis.RedisCache):
    """The cache of the settings."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, {**params, "OPTIONS": PATIENCE | params.get("OPTIONS", {})})
        self._class = Client
