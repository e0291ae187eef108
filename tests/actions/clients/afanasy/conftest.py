"""The fake afserver, and a real one as well where KB_LIVE_AFANASY names one, such as `127.0.0.1:51000`."""

from __future__ import annotations

import os
import socket
import uuid
from contextlib import contextmanager, suppress

import pytest

from actions.clients.afanasy import Afanasy, Place
from actions.clients.afanasy.wire import ask
from actions.contract import ActionError
from tests.actions.clients.afanasy.server import FakeServer

LIVE = os.environ.get("KB_LIVE_AFANASY", "")
NO_LIVE = "KB_LIVE_AFANASY names no afserver"


@pytest.fixture
def server():
    fake = FakeServer()
    yield fake
    died = fake.died
    fake.close()
    assert not died, "Something reached it that kills an afserver."


@pytest.fixture(params=["tcp", "http"])
def farm(request, server):
    return Afanasy(Place(server.host, server.port, request.param))


@pytest.fixture(params=["tcp", "http", *(["live tcp", "live http"] if LIVE else [])])
def any_farm(request):
    """For what must hold on a real one too; jobs are paused from the start, and removed at the end."""
    live, _, transport = request.param.rpartition(" ")
    if live:
        place = live_place(transport)
    else:
        fake = request.getfixturevalue("server")
        place = Place(fake.host, fake.port, transport)
    with removing(Afanasy(place)) as farm:
        yield farm


def live_place(transport="tcp"):
    host, _, port = LIVE.rpartition(":")
    return Place(host, int(port), transport)


@contextmanager
def removing(farm):
    """What is sent goes again."""
    mine, submit = [], farm.submit
    farm.submit = lambda job, mark: mine.append(submit(job, mark)) or mine[-1]
    try:
        yield farm
    finally:
        for sent in mine:
            with suppress(ActionError):
                delete(farm, sent)


def delete(farm, sent):
    """As somebody does it in the farm."""
    action = {"user_name": "kitsu", "host_name": "test", "type": "jobs", "ids": [farm._row(sent)["id"]]}
    ask(farm._place, {"action": {**action, "operation": {"type": "delete"}}})


@pytest.fixture
def mark():
    return f"{uuid.uuid4()}:{uuid.uuid4()}"


@pytest.fixture
def unused_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        yield one.getsockname()[1]
