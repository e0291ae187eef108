"""Which database, from DATABASE_URL: PostgreSQL for a studio, SQLite for one machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url

from kitsu_bridge.env import WrongSetting, make_data_dir

SQLITE_OPTIONS: dict[str, Any] = {
    # Readers go on while one writes; a write waits for its turn instead of failing.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
}
POSTGRESQL_OPTIONS: dict[str, Any] = {"pool": {"min_size": 1, "max_size": 24, "timeout": 10}, "connect_timeout": 5}


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's `DATABASES["default"]` for a URL, or for the SQLite file in `data_dir` when it is empty."""
    if not url:
        make_data_dir(data_dir)
        url = f"sqlite:///{data_dir / 'bridge.sqlite3'}"
    try:
        found: dict[str, Any] = dict(dj_database_url.parse(url))
    except (ValueError, KeyError):  # Its message may hold the password.
        raise WrongSetting("DATABASE_URL", "cannot be read; write postgres://user:password@host/name.") from None
    return {**found, "OPTIONS": {**found.get("OPTIONS", {}), **_options(found["ENGINE"])}}


def _options(engine: str) -> dict[str, Any]:
    if engine.endswith("sqlite3"):
        return SQLITE_OPTIONS
    if engine.endswith("postgresql"):
        return POSTGRESQL_OPTIONS
    raise WrongSetting("DATABASE_URL", "names a database that the bridge does not run on; use PostgreSQL or SQLite.")
