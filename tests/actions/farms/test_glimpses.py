"""The picture and the log of a job that renders: read while somebody has it before them, once a minute."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from actions.farms import glimpses
from actions.farms.contract import FarmAway, Seen
from actions.farms.glimpses import glimpse
from actions.farms.looking import look
from audit.models import FarmJob, InvocationFile
from kitsu_bridge.kitsu.studio import studio
from tests.actions.farms.memory import MEMORY, PNG

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rendering(sent):
    """A run whose jobs render."""

    def make(count=1):
        invocation = sent(count)
        MEMORY.seen = {one: Seen("running", done=1, failed=1, total=4) for one in MEMORY.jobs}
        look()
        return invocation

    return make


def watch(invocation):
    client = Client(headers={"accept": "text/html"})
    client.cookies["access_token_cookie"] = studio().log_in("ada@sample.studio", "any")
    return client.get(invocation.get_absolute_url()).text


def a_minute_later():
    FarmJob.objects.update(glimpsed_at=timezone.now() - glimpses.EVERY)


def test_it_works(rendering):
    invocation = rendering()
    assert "The last picture" not in watch(invocation)
    assert glimpse() == 1
    page = watch(invocation)
    job = invocation.farm_jobs.get()
    assert (job.log, job.picture.path.read_bytes()) == ("Error: no such file", PNG)
    assert "Error: no such file" in page
    assert job.picture.get_absolute_url() in page
    assert glimpse() == 0  # Within the minute.


def test_a_newer_picture_takes_the_place_of_the_last(rendering):
    invocation = rendering()
    watch(invocation)
    glimpse()
    first = invocation.farm_jobs.get().picture
    a_minute_later()
    assert glimpse() == 1
    assert invocation.farm_jobs.get().picture == first  # The same still.
    MEMORY.image = PNG + b"2"
    a_minute_later()
    assert glimpse() == 1
    newer = invocation.farm_jobs.get().picture
    assert newer != first
    assert not first.path.exists()
    assert list(InvocationFile.objects.all()) == [newer]


def test_jobs_that_nobody_looks_at_are_left_alone(rendering):
    invocation = rendering()
    assert glimpse() == 0
    watch(invocation)
    FarmJob.objects.update(watched_at=timezone.now() - glimpses.WATCHED_FOR - timedelta(seconds=1))
    assert glimpse() == 0


def test_some_are_read_in_a_round_and_the_others_in_the_next(rendering, monkeypatch):
    monkeypatch.setattr(glimpses, "AT_ONCE", 2)
    watch(rendering(3))
    assert [glimpse() for _ in range(3)] == [2, 1, 0]


def test_a_farm_that_is_away_shows_nothing(rendering):
    invocation = rendering()
    watch(invocation)
    MEMORY.trouble = {"picture": [FarmAway("down")]}
    assert glimpse() == 0
    assert invocation.farm_jobs.get().picture is None
