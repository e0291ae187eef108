from __future__ import annotations

import os

import pytest
import requests

from actions.clients.flamenco import Flamenco
from tests.actions.clients.flamenco.fake import FakeManager
from tests.actions.outside import a_service

LIVE = os.environ.get("KB_LIVE_FLAMENCO", "").rstrip("/")


@pytest.fixture
def fake():
    """A small Manager of our own; `fake.url` is where it listens."""
    manager = FakeManager()
    with a_service(manager.answer) as service:
        manager.url = service.url
        yield manager


@pytest.fixture(params=["small", *(["real"] if LIVE else [])])
def farm(request):
    """A connection to the small Manager, and to a real one where KB_LIVE_FLAMENCO names it; its jobs are removed."""
    if request.param == "small":
        yield Flamenco(request.getfixturevalue("fake").url)
        return
    before = {row["id"] for row in Flamenco(LIVE)._jobs()}
    farm = Flamenco(LIVE)
    yield farm
    for job_id in {row["id"] for row in farm._jobs()} - before:
        requests.delete(f"{LIVE}/api/v3/jobs/{job_id}", timeout=10).raise_for_status()


@pytest.fixture
def small(fake):
    """A connection to the small Manager, for what only that one can be told to do."""
    return Flamenco(fake.url)


@pytest.fixture
def echo():
    """A job that every Manager can do: `echo(farm, sleep_duration_seconds=0)`."""

    def make(farm, **settings):
        kind = farm.job_type("echo-sleep-test")
        return {
            "name": "Bridge / SQ01 / SH010 / Lighting",
            "type": kind.name,
            "type_etag": kind.etag,
            "priority": 50,
            "submitter_platform": "linux",
            "settings": kind.completed({"message": "from a test of the bridge", **settings}),
            "metadata": {"project": "Bridge"},
        }

    return make
