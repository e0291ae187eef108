from __future__ import annotations

import pytest

from audit.models import Event
from audit.settings_seen import record_settings, settings_now
from audit.states import Happened
from kitsu_bridge import env


@pytest.fixture
def heard(db, monkeypatch):
    """What the environment says, for this test alone."""
    monkeypatch.setattr(env, "heard", {"PORT": "8000", "DATABASE_URL": "postgres://bridge:hunter2@db/bridge"})
    monkeypatch.setattr(env, "secrets_heard", {"KITSU_BOT_TOKEN"})
    monkeypatch.setenv("KITSU_BOT_TOKEN", "one secret token")
    return env.heard


def test_it_works(heard):
    assert record_settings("serve")
    heard["PORT"] = "9000"
    assert record_settings("serve")
    event = Event.objects.filter(what=Happened.SETTINGS_CHANGED).last()
    assert (event.text, event.data["before"], event.data["after"]) == ("PORT", {"PORT": "8000"}, {"PORT": "9000"})


def test_it_is_silent_where_nothing_changed(heard):
    assert (record_settings("serve"), record_settings("serve"), record_settings("sweep")) == (True, False, True)


def test_it_tells_that_a_secret_changed_and_not_what_it_is(heard, monkeypatch):
    record_settings("serve")
    monkeypatch.setenv("KITSU_BOT_TOKEN", "another secret token")
    assert record_settings("serve")
    event = Event.objects.last()
    assert event.text == "not shown"
    assert event.data["before"] != event.data["after"]
    assert not any(secret in str(settings_now()) for secret in ("one secret", "another secret", "hunter2"))


def test_it_hears_what_the_settings_ask_for(monkeypatch):
    monkeypatch.setenv("SOME_NUMBER", "7")
    monkeypatch.setenv("SOME_SECRET", "hidden")
    env.integer("SOME_NUMBER", 1)
    env.secret("SOME_SECRET")
    assert env.heard.pop("SOME_NUMBER") == "7"
    assert "SOME_SECRET" not in env.heard
    env.secrets_heard.discard("SOME_SECRET")
