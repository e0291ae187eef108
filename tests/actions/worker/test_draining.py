"""A real worker is drained by the command: it ends what it has, takes nothing new, and takes again when told."""

from __future__ import annotations

import subprocess
import sys

import pytest

from audit.models import Event
from audit.states import Happened, State
from tests.actions.worker.test_workers import a_worker, broker, environment, send, until  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.redis]


@pytest.fixture
def maintenance(broker):  # noqa: F811
    """`manage.py maintenance ...`, as an operator types it; what it said."""

    def typed(*words):
        ran = subprocess.run(
            [sys.executable, "manage.py", "maintenance", *words],
            env=environment(broker),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return typed


def test_it_works(a_worker, send, maintenance, an_action, a_queued_invocation):  # noqa: F811
    action = an_action("slow", options={"seconds": 3})
    running, later = a_queued_invocation(action), a_queued_invocation(action)
    a_worker()
    send(running)
    until(running, State.RUNNING)
    said = maintenance("drain", "all", "--wait")
    assert "takes nothing new" in said
    assert "Nothing runs there any more" in said
    assert until(running, State.SUCCEEDED)
    send(later)
    assert "takes nothing new, has 0" in maintenance()
    later.refresh_from_db()
    assert later.state == State.QUEUED
    assert "takes invocations again" in maintenance("take", "all")
    until(later, State.SUCCEEDED)
    assert "takes from actions" in maintenance()
    told = Event.objects.filter(subject__startswith="worker:").order_by("id")
    assert [event.what for event in told] == [Happened.WORKER_DRAINED, Happened.WORKER_RESUMED]
