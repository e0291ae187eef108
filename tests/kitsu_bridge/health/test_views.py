"""What load balancers and monitors are answered."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse

from actions.line.sweeper import sweep
from kitsu_bridge.health import own, parts
from kitsu_bridge.health.parts import Part
from kitsu_bridge.kitsu.client import ZouStudio
from kitsu_bridge.kitsu.studio import studio

HIDDEN = "hidden-word"


@pytest.fixture
def only(monkeypatch):
    """Exactly these parts: `only(name=look)`."""
    monkeypatch.setattr(parts, "_known", {})

    def known(network=False, **looks):
        for number, (name, look) in enumerate(looks.items()):
            parts.part(name, place=number, network=network)(look)

    return known


def well(name, **more):
    return lambda: Part(name, True, "Well.", **more)


def ill(name, **more):
    return lambda: Part(name, False, "Not well.", "db.internal", **more)


def test_it_works(client, db):
    sweep()
    found = client.get(reverse("health_ready")).json()
    assert [part["name"] for part in found["parts"]] == [
        "Maintenance", "Kitsu", "Database", "Migrations", "Cache", "Line", "Queue", "Workers", "Sweeper"
    ]  # fmt: skip
    assert found["down"] == ["Workers"]  # None is embedded in this process, and there is no broker.
    assert found["status"] == "degraded"


def test_live_asks_nothing(client, only):
    only(database=ill("database", needed=True))
    for url in ("/health/live", "/health/live/"):  # The test's client has no database here: asking it would fail.
        assert (client.get(url).status_code, client.get(url).json()) == (200, {"status": "live"})
    assert client.head("/health/live").status_code == 200
    assert client.post("/health/live").status_code == 405


@pytest.mark.parametrize(
    ("looks", "query", "status", "code"),
    [
        ({"a": well("a"), "b": well("b", needed=True)}, "", "ready", 200),
        ({"a": well("a")}, "?all", "ready", 200),
        ({"a": ill("a"), "b": well("b", needed=True)}, "", "degraded", 200),
        ({"a": ill("a"), "b": well("b", needed=True)}, "?all", "degraded", 503),
        ({"a": well("a"), "b": ill("b", needed=True)}, "", "unready", 503),
    ],
)
def test_it_is_ready_when_calls_can_be_kept(client, only, db, looks, query, status, code):
    only(**looks)
    program = client.get(reverse("health_ready") + query)
    person = client.get(reverse("health_ready") + query, headers={"accept": "text/html"})
    assert (program.json()["status"], program.status_code, person.status_code) == (status, code, code)
    assert program.headers["Cache-Control"].startswith("max-age=0")
    for name, look in looks.items():
        assert f"<h3>{name}" in person.text
        assert (name in program.json()["down"]) is not look().good
    assert "db.internal" not in person.text + program.text


def test_a_page_needs_no_database_to_say_that_it_is_away(client, only):
    only(database=ill("database", needed=True))
    page = client.get(reverse("health_ready"), headers={"accept": "text/html"})  # Without `db`, every query fails.
    assert page.status_code == 503
    assert "No call can be taken" in page.text


def test_a_part_that_hangs_is_down(client, only, monkeypatch):
    monkeypatch.setattr(parts, "LONGEST", 1.5)
    over = threading.Event()
    only(network=True, slow=lambda: over.wait(60) and Part("slow", True, ""), quick=well("quick"))
    found = client.get(reverse("health_ready")).json()
    over.set()
    assert found["down"] == ["slow"]
    assert "1.5 seconds" in found["parts"][0]["text"]


def test_what_an_error_says_is_not_told(client, only):
    def breaks():
        raise ValueError(f"redis://user:{HIDDEN}@host")

    only(cache=breaks)
    answer = client.get(reverse("health_ready")).text
    assert "It cannot be asked: ValueError." in answer
    assert HIDDEN not in answer


def test_it_is_asked_once_in_ten_seconds(client, only):
    times = []
    only(cache=lambda: times.append(1) or Part("cache", True, ""))
    for _ in range(3):
        client.get(reverse("health_ready"))
    assert len(times) == 1


def test_kitsu_being_away_is_named_and_nobody_is_sent_away(client, db, monkeypatch, settings):
    settings.KITSU_URL = "http://127.0.0.1:1"
    away = ZouStudio(settings.KITSU_URL, bot_token="x", timeout=1)
    monkeypatch.setattr(own, "studio", lambda: away)
    answer = client.get(reverse("health_ready"))
    assert answer.status_code == 200
    assert "Kitsu" in answer.json()["down"]
    assert "127.0.0.1" not in answer.text
    assert own.kitsu().where.startswith("http://127.0.0.1:1")


def test_tables_of_an_earlier_version_make_it_unready(client, db):
    newest = MigrationLoader(connection).graph.leaf_nodes("audit")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    answer = client.get(reverse("health_ready"))
    assert answer.status_code == 503
    assert answer.json()["down"].count("Migrations") == 1
    assert "1 not applied: run manage.py migrate" in answer.text


@pytest.mark.redis
def test_the_cache_is_written_and_read(settings):
    settings.CACHE_URL = "redis://somewhere"
    assert own.kept_cache().good


def test_the_sample_studio_is_always_there():
    assert studio().is_sample
    assert own.kitsu().good
