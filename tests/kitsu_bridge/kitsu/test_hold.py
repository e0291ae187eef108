from __future__ import annotations

from django.core.cache import cache

from kitsu_bridge.kitsu import hold as module
from kitsu_bridge.kitsu.hold import held, hold, release
from tests.kitsu_bridge.kitsu.test_proof import BrokenCache


def test_it_works():
    hold("one", "a.b.c")
    assert held("one") == "a.b.c"
    assert held("another") is None


def test_it_forgets_at_the_end():
    hold("one", "a.b.c")
    release("one")
    assert held("one") is None


def test_it_keeps_nothing_readable():
    hold("one", "very.secret.token")
    assert "very.secret.token" not in str(cache.get("held:one"))


def test_it_refuses_what_is_too_old(monkeypatch):
    hold("one", "a.b.c")
    monkeypatch.setattr(module, "HELD", -1)
    assert held("one") is None


def test_it_refuses_what_another_key_encrypted(settings):
    hold("one", "a.b.c")
    settings.SECRET_KEY = "another" * 8
    assert held("one") is None


def test_it_works_without_a_cache(monkeypatch):
    broken = BrokenCache()
    broken.delete = broken.get
    monkeypatch.setattr(module, "cache", broken)
    hold("one", "a.b.c")
    release("one")
    assert held("one") is None
