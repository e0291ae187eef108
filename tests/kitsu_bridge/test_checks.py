from __future__ import annotations

import pytest

from kitsu_bridge.checks import kitsu_answers, settings_fit_together
from kitsu_bridge.kitsu.errors import KitsuUnreachable, NotKitsu, TokenRejected
from kitsu_bridge.kitsu.sample.studio import BOT


@pytest.fixture(autouse=True)
def alone(settings, monkeypatch):
    """One machine, nothing installed."""
    settings.EMBEDDED, settings.CACHE_URL, settings.BRIDGE_URL, settings.KITSU_PUBLIC_URL = True, "", "", ""
    settings.DEBUG = False
    monkeypatch.delenv("SECRET_KEY", raising=False)


def ids(found):
    return {message.id for message in found}


def test_it_works(sample):
    assert settings_fit_together() == []
    assert kitsu_answers() == []


def test_it_finds_what_a_broker_needs_beside_it(settings, monkeypatch):
    settings.EMBEDDED = False
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert ids(settings_fit_together()) == {"kitsu_bridge.W001", "kitsu_bridge.W002", "kitsu_bridge.W003"}


def test_it_finds_http_beside_https(settings):
    settings.BRIDGE_URL, settings.KITSU_PUBLIC_URL = "http://bridge.studio", "https://kitsu.studio"
    assert ids(settings_fit_together()) == {"kitsu_bridge.W004"}


@pytest.mark.parametrize(
    ("url", "found"), [("http://localhost:8000", set()), ("http://b.studio", {"kitsu_bridge.W005"})]
)
def test_it_finds_debug_where_others_reach_it(settings, url, found):
    settings.DEBUG, settings.BRIDGE_URL = True, url
    assert ids(settings_fit_together()) == found


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(KitsuUnreachable(), "E001"), (TokenRejected(), "E002"), (NotKitsu(), "E003")],
)
def test_it_says_what_is_wrong_with_kitsu(sample, trouble, code):
    sample.trouble = trouble
    assert ids(kitsu_answers()) == {f"kitsu_bridge.{code}"}


def test_it_finds_a_bot_that_may_not_publish(sample):
    bot = next(row for row in sample.tables.persons.values() if row["email"] == BOT)
    bot["role"] = "manager"
    try:
        assert ids(kitsu_answers()) == {"kitsu_bridge.W006"}
    finally:
        bot["role"] = "admin"
