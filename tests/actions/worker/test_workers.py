"""Real Celery workers on PostgreSQL and Redis: processes of their own, killed and doubled as happens in a studio."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import uuid

import pytest
from celery import Celery
from django.db import connection

from actions.line import sweeper
from audit.models import Invocation
from audit.states import Happened, State

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.redis]


@pytest.fixture
def broker():
    """A Celery that only sends, on a Redis database of its own and a queue of its own."""
    url = f"{os.environ['TEST_REDIS_URL']}/3"
    app = Celery(broker=url)
    app.conf.broker_connection_retry_on_startup = True
    with app.connection_for_write() as there:
        there.default_channel.client.flushdb()
    return app


@pytest.fixture
def send(broker):
    """Hand an id to the workers, as often as told."""

    def give(invocation, times=1):
        for _ in range(times):
            broker.send_task("actions.run", (str(invocation.pk),), queue="actions")

    return give


@pytest.fixture
def a_worker(broker, test_kinds):
    """Starts workers: `a_worker()`; all are stopped at the end."""
    running = []

    def start():
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.actions.celery_worker"], env=environment(broker), start_new_session=True
        )
        running.append(worker)
        return worker

    yield start
    for worker in running:
        end(worker, signal.SIGTERM)
    for worker in running:
        try:
            worker.wait(timeout=15)
        except subprocess.TimeoutExpired:
            end(worker, signal.SIGKILL)
            worker.wait()


def environment(broker):
    database = connection.settings_dict
    url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return os.environ | {
        "DATABASE_URL": url,
        "CELERY_BROKER_URL": broker.conf.broker_url,
        "WORKER_CONCURRENCY": "2",
        "LOG_LEVEL": "WARNING",
        "SECRET_KEY": "x" * 40,
        "KITSU_URL": "",
    }


def end(worker, how):
    """The whole group of processes: a worker and its children."""
    try:
        os.killpg(worker.pid, how)
    except ProcessLookupError:
        return


def until(invocation, *states, seconds=60):
    """Wait for a state; the last one seen is named when it does not come."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        invocation.refresh_from_db()
        if invocation.state in states:
            return invocation
        time.sleep(0.05)
    raise AssertionError(f"{invocation.state}: {invocation.reason}{invocation.traceback}")


def what(invocation):
    return list(invocation.events.values_list("what", flat=True))


def test_it_works(a_worker, send, an_action, a_queued_invocation):
    invocation = a_queued_invocation(an_action("slow", options={"seconds": 0.2}))
    send(invocation)
    a_worker()
    until(invocation, State.SUCCEEDED)
    assert [result.state for result in invocation.results.all()] == ["done"] * 3
    assert what(invocation) == [Happened.CLAIMED, Happened.RESOLVED, Happened.FINISHED]


def test_a_redelivery_runs_once(a_worker, send, an_action, a_queued_invocation):
    invocation = a_queued_invocation(an_action("slow", options={"seconds": 1}))
    send(invocation, times=6)
    a_worker()
    a_worker()
    until(invocation, State.SUCCEEDED)
    send(invocation, times=3)
    time.sleep(1)
    assert what(invocation).count(Happened.CLAIMED) == 1
    assert invocation.log_lines.count() == 1


def test_two_workers_share_and_never_take_the_same(a_worker, send, an_action, a_queued_invocation):
    action = an_action("slow", options={"seconds": 0.1})
    many = [a_queued_invocation(action, count=1) for _ in range(12)]
    a_worker()
    a_worker()
    for invocation in many:
        send(invocation, times=2)
    for invocation in many:
        until(invocation, State.SUCCEEDED)
    assert all(what(invocation).count(Happened.CLAIMED) == 1 for invocation in many)
    assert all(invocation.attempts == 1 for invocation in many)


def test_a_killed_worker_s_invocation_ends_in_words(a_worker, send, an_action, a_queued_invocation, settings):
    settings.HEARTBEAT_TIMEOUT = 3
    invocation = a_queued_invocation(an_action("slow", options={"seconds": 120}))
    send(invocation)
    worker = a_worker()
    until(invocation, State.RUNNING)
    end(worker, signal.SIGKILL)
    assert sweep_until(invocation, State.CRASHED)
    assert "worker" in invocation.reason
    assert Happened.WORKER_LOST in what(invocation)


def test_a_killed_worker_s_invocation_runs_again_where_the_action_says_so(
    a_worker, send, an_action, a_queued_invocation, settings
):
    settings.HEARTBEAT_TIMEOUT = 3
    action = an_action("slow", options={"seconds": 4}, worker_lost="requeue")
    invocation = a_queued_invocation(action)
    send(invocation)
    worker = a_worker()
    until(invocation, State.RUNNING)
    end(worker, signal.SIGKILL)
    assert sweep_until(invocation, State.QUEUED)
    send(invocation)
    a_worker()
    until(invocation, State.SUCCEEDED)
    assert invocation.attempts == 2
    assert what(invocation).count(Happened.CLAIMED) == 2
    assert invocation.results.count() == 3


def sweep_until(invocation, state):
    for _ in range(200):
        sweeper.sweep()
        invocation.refresh_from_db()
        if invocation.state == state:
            return True
        time.sleep(0.1)
    return False


def test_a_sweeper_beside_a_slow_worker_disturbs_nothing(a_worker, send, an_action, a_queued_invocation, settings):
    settings.HEARTBEAT_TIMEOUT = 8
    invocation = a_queued_invocation(an_action("slow", options={"seconds": 12, "listens": False}))
    send(invocation)
    a_worker()
    until(invocation, State.RUNNING)
    stopped = threading.Event()

    def sweep():
        while not stopped.wait(0.1):
            sweeper.sweep()
        connection.close()

    sweepers = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in sweepers:
        thread.start()
    try:
        until(invocation, State.SUCCEEDED)
    finally:
        stopped.set()
        for thread in sweepers:
            thread.join()
    assert what(invocation) == [Happened.CLAIMED, Happened.RESOLVED, Happened.FINISHED]


def test_cancel_reaches_a_worker_of_another_process(a_worker, send, an_action, a_queued_invocation):
    invocation = a_queued_invocation(an_action("slow", options={"seconds": 120}))
    send(invocation)
    a_worker()
    until(invocation, State.RUNNING)
    invocation.ask_to_cancel(None)
    until(invocation, State.CANCELLED)


def test_an_id_that_stands_for_nothing_is_no_trouble(a_worker, broker, send, an_action, a_queued_invocation):
    broker.send_task("actions.run", (str(uuid.uuid4()),), queue="actions")
    invocation = a_queued_invocation(an_action("slow", options={"seconds": 0.1}))
    send(invocation)
    a_worker()
    until(invocation, State.SUCCEEDED)
    assert Invocation.objects.count() == 1
