"""What all tests share. The servers are started by `python -m tests.servers`; without them their tests are skipped."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

from kitsu_bridge.cache import PATIENCE

# No test of ours fails because its machine is busy.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
PATIENCE.update(dict.fromkeys(PATIENCE, 15))

NEEDS = {
    "postgres": (lambda: os.environ.get("DATABASE_URL", "").startswith("postgres"), "needs PostgreSQL: run make test"),
    "redis": (lambda: bool(os.environ.get("TEST_REDIS_URL")), "needs Redis: run make test"),
    "zou": (lambda: bool(os.environ.get("TEST_ZOU_URL")), "needs a real Zou: run make test"),
    "jet": (lambda: bool(os.environ.get("TEST_JET_PYTHON")), "needs jet-django: run make test"),
    "browser": (lambda: chromium() is not None, "needs Chromium: install it, or set CHROMIUM"),
}


def chromium() -> str | None:
    """The machine's Chromium."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if name and (found := shutil.which(name))), None)


def pytest_collection_modifyitems(items):
    for item in items:
        for marker, (there, reason) in NEEDS.items():
            if item.get_closest_marker(marker) and not there():
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter):
    """What did not run, loudly."""
    reasons = {report.longrepr[2] for report in terminalreporter.stats.get("skipped", []) if report.longrepr}
    if reasons:
        terminalreporter.section("NOT EVERYTHING RAN", sep="!", red=True, bold=True)
        for reason in sorted(reasons):
            terminalreporter.write_line(reason)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """SQLite as in a studio: a file. In memory, two threads do not wait for each other: "database table is locked"."""
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests may empty their database as a whole (Django's `flush`); to change an event is refused to them as well."""
    from tests.audit.triggers import let_be_emptied

    with django_db_blocker.unblock():
        let_be_emptied()


@pytest.fixture(autouse=True)
def fresh(settings):
    """Nothing of one test is left in the cache or in the rates of the next."""
    from django.core.cache import cache

    from actions.kinds import switches
    from actions.line import known, pauses
    from kitsu_bridge import rates
    from kitsu_bridge.kitsu import recent

    settings.CACHE_URL = ""
    cache.clear()
    rates._limiter.cache_clear()
    recent.forget()
    known._kept.clear()
    switches._kept.clear()
    pauses._kept.clear()
    yield
    cache.clear()


@pytest.fixture
def beside_zou(settings):
    """The bridge stands beside the real Zou. Gives what tells of its studio: `beside_zou().bot()`."""
    from kitsu_bridge.kitsu.studio import studio

    settings.KITSU_URL, settings.KITSU_BOT_TOKEN = os.environ["TEST_ZOU_URL"], os.environ["TEST_ZOU_BOT_TOKEN"]
    studio.cache_clear()
    yield studio
    studio.cache_clear()
