"""The front page: there at once, and how everything is only when it is asked."""

from __future__ import annotations

import pytest
from django.urls import reverse

from actions import front
from kitsu_bridge.health import parts
from kitsu_bridge.kitsu.signin.identity import KITSU_COOKIE
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, sample_person):
    def as_role(role):
        client.cookies[KITSU_COOKIE] = studio().log_in(sample_person(role)["email"], "any")
        return client

    return as_role


def test_it_works(client, monkeypatch):
    monkeypatch.setattr(front, "parts", None)  # It would be called, were the page to ask.
    text = client.get(reverse("front")).text
    assert f'hx-get="{reverse("status")}"' in text
    assert 'href="?status"' in text
    assert "Sample studio" in text


@pytest.mark.parametrize("url", ["status", "front"])
def test_it_says_how_everything_is(url, client):
    text = client.get(reverse(url) + "?status").text
    for part in ("Maintenance", "Kitsu", "Database", "Migrations", "Cache", "Line", "Queue", "Workers", "Sweeper"):
        assert f"<h3>{part}" in text


def test_it_shows_only_what_one_may_see(signed_in, an_action, a_queued_invocation, sample_person):
    action = an_action()
    own = a_queued_invocation(action, person=sample_person("vendor"))
    other = a_queued_invocation(action, person=sample_person("admin"))
    text = signed_in("vendor").get(reverse("front")).text
    assert own.get_absolute_url() in text
    assert other.get_absolute_url() not in text


@pytest.mark.parametrize(("role", "sees"), [("admin", True), ("user", False)])
def test_it_names_hosts_to_studio_managers_only(role, sees, signed_in, settings):
    parts._keep([parts.Part("Database", True, "PostgreSQL 15.", "db.internal")])
    assert ("db.internal" in signed_in(role).get(reverse("status")).text) is sees
