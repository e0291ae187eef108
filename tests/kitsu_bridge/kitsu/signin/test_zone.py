"""Whose clock a page has."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Invocation
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.signin.zone import zone_of
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
"""The 21st has begun in Tokyo, and not in Paris."""


def somebody(zone):
    return Person("1", "a@b.c", "A", "user", timezone=zone)


@pytest.fixture
def signed_in():
    def browser(name):
        client = Client(headers={"accept": "text/html"})
        client.cookies["access_token_cookie"] = studio().log_in(f"{name}@sample.studio", "any")
        return client

    return browser


@pytest.fixture
def late():
    """Received when it was another day in Tokyo already."""
    return Invocation.objects.create(action_name="Review", received_at=EVENING, door="form", state="succeeded")


def test_it_works():
    assert zone_of(somebody("Asia/Tokyo")).key == "Asia/Tokyo"


@pytest.mark.parametrize("zone", ["Nowhere/Else", "", "../../etc/passwd", "\x00", "Europe", "x" * 5000])
def test_it_is_the_studios_where_nobody_knows_the_persons(zone, settings):
    settings.TIME_ZONE = "Europe/Madrid"
    assert zone_of(somebody(zone)).key == zone_of(None).key == "Europe/Madrid"


def test_a_page_shows_the_clock_of_whoever_looks_and_names_it(signed_in, late):
    studio_managers = signed_in("ada").get("/log/?all=yes").text
    assert ">2026-11-20 17:30:00</time>" in studio_managers
    assert "Times are in Europe/Paris" in studio_managers
    Invocation.objects.update(person_id=studio().session(studio().log_in("hana@sample.studio", "any")).whoami()["id"])
    Invocation.objects.update(trust="proven")
    hers = signed_in("hana")
    assert ">2026-11-21 01:30:00</time>" in hers.get("/log/?all=yes").text
    for page in (late.get_absolute_url(), f"{late.get_absolute_url()}record/call/"):
        shown = hers.get(page).text
        tag = '<time datetime="2026-11-20T16:30:00+00:00" title="2026-11-21 01:30:00 JST">2026-11-21 01:30:00 JST<'
        assert tag in shown
        assert "Times are in Asia/Tokyo" in shown
    assert timezone.get_current_timezone_name() == "UTC"


def test_the_admin_has_the_studios_clock(signed_in, late):
    shown = signed_in("ada").get(f"/admin/audit/invocation/{late.pk}/change/").text
    assert "Times are in UTC" in shown
    hours = re.findall(r"\b(4:30 p\.m\.|16:30|5:30 p\.m\.|17:30)", shown)
    assert hours
    assert set(hours) <= {"4:30 p.m.", "16:30"}


def test_nobody_has_the_studios_clock():
    assert "Times are in UTC" in Client(headers={"accept": "text/html"}).get("/sign-in/").text
