"""The parts that the wiring itself knows: Kitsu, the database and its migrations, the cache."""

from __future__ import annotations

import time
import uuid

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from kitsu_bridge.health.parts import Part, part
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.studio import studio

VENDORS = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


@part("Kitsu", place=10, network=True)
def kitsu() -> Part:
    """Whether Kitsu answers, and with the bridge's own account."""
    if studio().is_sample:
        return Part("Kitsu", True, "The sample studio, in memory.")
    began = time.monotonic()
    try:
        version = studio().version()
        studio().bot().whoami()
    except KitsuError as error:  # Its detail may name hosts.
        text = f"{type(error).__doc__} Calls are kept and go on when it is back."
        return Part("Kitsu", False, text, f"{settings.KITSU_URL} {error.detail}".strip())
    took = (time.monotonic() - began) * 1000
    return Part("Kitsu", True, f"Zou {version} answers, in {took:.0f} ms.", settings.KITSU_URL)


@part("Database", place=20)
def database() -> Part:
    """Which database it is, and whether it answers."""
    where = str(settings.DATABASES["default"].get("HOST") or "a file")
    name = VENDORS.get(connection.vendor, connection.vendor)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        version = ".".join(map(str, connection.get_database_version()))
    except DatabaseError:
        return Part("Database", False, f"{name} cannot be reached: no call can be kept.", where, needed=True)
    return Part("Database", True, f"{name} {version}.", where, needed=True)


@part("Migrations", place=30)
def migrations() -> Part:
    """Whether the tables are those of this version."""
    try:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return Part("Migrations", False, "The database cannot be asked which are applied.", needed=True)
    if missing:
        return Part("Migrations", False, f"{missing} not applied: run manage.py migrate.", needed=True)
    return Part("Migrations", True, "All are applied.", needed=True)


@part("Cache", place=40, network=True)
def kept_cache() -> Part:
    """Whether what is written into the cache can be read again."""
    if not settings.CACHE_URL:
        return Part("Cache", True, "The memory of each process.")
    key, value = f"health:{uuid.uuid4().hex}", "here"
    cache.set(key, value, 5)
    if cache.get(key) == value:
        return Part("Cache", True, "Redis answers.")
    return Part("Cache", False, "Redis does not keep what it is given.")
