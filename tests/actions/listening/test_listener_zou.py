"""The listener beside a real Zou and its event stream: both are killed and come back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.db import connection

from actions.line import queue
from actions.listening import reading
from actions.listening.listener import Listener
from actions.models import Occasion, Position, Rule
from audit.models import Invocation
from kitsu_bridge.kitsu.studio import studio
from tests.servers.production import Production
from tests.servers.zou_events import ZouEvents

pytestmark = [pytest.mark.zou, pytest.mark.django_db(transaction=True)]
SOON = 60


@pytest.fixture(scope="module")
def stream(tmp_path_factory):
    found = ZouEvents(tmp_path_factory.mktemp("events"))
    yield found
    found.stop()


@pytest.fixture
def production(beside_zou):
    """Each test has its own: Kitsu tells time to the second, so that what the test before did may still fit a new rule."""
    made = Production(6, {"lead": "manager"})
    yield made
    made.remove()


@pytest.fixture
def zou(production, settings, stream, monkeypatch):
    """A session of a manager's with the Zou that the listener listens to."""
    settings.KITSU_EVENTS_URL = stream.url
    settings.LISTEN_EVERY = 600  # Only the stream wakes it.
    monkeypatch.setattr(queue, "send", lambda invocation: True)
    token = studio().log_in(production.people["lead"]["email"], os.environ["TEST_ZOU_PASSWORD"])
    return studio().session(token)


@pytest.fixture
def tasks(production):
    return production.tasks


@pytest.fixture
def a_rule(an_action, production):
    an_action()
    return Rule.objects.create(
        name="Comments",
        event="comment:new",
        action_slug="debug",
        dry_run=False,
        per_minute=1000,
        projects=[production.id],
    )


def comment(zou, task):
    return zou.post_comment(
        {
            "object_id": task["id"],
            "project_id": task["project_id"],
            "task_status_id": task["task_status_id"],
            "comment": "?",
        }
    )["id"]


def until(true):
    """Wait for it, for as long as a busy machine may need."""
    end = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def heard():
    """The comments that started something, each as often as it did."""
    ids = [str(one) for one in Occasion.objects.filter(outcome="started").values_list("event_id", flat=True)]
    return sorted(one.data["comment_id"] for one in reading.since(began, ["comment:new"]) if one.id in ids)


began = None


@pytest.fixture
def listening(zou, a_rule):
    """A listener at work."""
    global began
    listener = Listener(threading.Event())
    thread = threading.Thread(target=listener.listen, daemon=True)
    thread.start()
    until(lambda: Position.objects.filter(read_to__isnull=False).exists())
    began = Position.objects.get().read_to
    yield listener
    listener.stop()
    thread.join(20)
    assert not thread.is_alive()


def test_it_works(listening, zou, tasks):
    me = zou.whoami()["id"]
    made = [comment(zou, task) for task in tasks[:3]]
    until(lambda: len(heard()) == 3)
    assert heard() == sorted(made)
    assert {run.person_id for run in Invocation.objects.filter(door="event")} == {me}
    assert Invocation.objects.count() == 3


def test_nothing_is_lost_or_twice_when_the_stream_dies(listening, zou, tasks, stream):
    made = [comment(zou, tasks[0])]
    until(lambda: len(heard()) == 1)
    os.kill(stream.server.process.pid, signal.SIGKILL)
    stream.server.process.wait()
    made += [comment(zou, task) for task in tasks[1:4]]
    stream.start()
    until(lambda: len(heard()) == 4)
    made += [comment(zou, task) for task in tasks[4:6]]
    until(lambda: len(heard()) == 6)
    assert heard() == sorted(made)
    assert Invocation.objects.count() == 6


KILLED = """
import os, signal, sys
sys.path.insert(0, os.getcwd())
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {database!r}
from actions.line import queue
queue.send = lambda invocation: True
from actions.listening import starting
real, count = starting._write, 0
def write(occasion, said):
    global count
    count += 1
    if count == 3 and {when!r} == "before":
        os.kill(os.getpid(), signal.SIGKILL)  # The invocation is written, nothing is committed.
    return real(occasion, said)
starting._write = write
import threading
from actions.listening import position
if {when!r} == "after":
    position.move = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # All is committed, but the position.
from actions.listening.listener import Listener
Listener(threading.Event()).round()
"""


@pytest.mark.postgres
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_listener_that_is_killed_starts_nothing_twice_and_loses_nothing(zou, a_rule, tasks, settings, when):
    global began
    listener = Listener(threading.Event())
    listener.round()
    began = Position.objects.get().read_to
    made = [comment(zou, task) for task in tasks[:5]]
    Position.objects.update(held_until=began)
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "kitsu_bridge.settings",
        "KITSU_URL": settings.KITSU_URL,
        "KITSU_BOT_TOKEN": settings.KITSU_BOT_TOKEN,
    }
    script = KILLED.format(database=connection.settings_dict["NAME"], when=when)
    died = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=120)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert Occasion.objects.count() == Invocation.objects.count() == (2 if when == "before" else 5)
    Position.objects.update(held_until=began)  # Half a minute later another one takes its place.
    Listener(threading.Event()).round()
    assert heard() == sorted(made)
    assert Invocation.objects.count() == 5
