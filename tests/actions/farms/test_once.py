"""Two runs about the same job at the same moment: a worker that was taken for dead goes on while a retry sends."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection

from actions.farms.contract import FarmAway, FarmUnsure, Sent
from actions.farms.submitting import InvocationFarms
from audit.models import FarmJob
from tests.actions.farms.memory import MEMORY, Memory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("memory_farm")]


class Halting(Memory):
    """A farm on the way to which the worker stands still: `halted` when it is there, and it goes on after `goes_on`."""

    def __init__(self):
        super().__init__()
        self.halted, self.goes_on = threading.Event(), threading.Event()
        self.jobs = MEMORY.jobs

    def submit(self, job, mark):
        self.halted.set()
        assert self.goes_on.wait(20)
        return super().submit(job, mark)


def a_task(invocation):
    return type("T", (), {"id": invocation.task_ids[0], "name": "x"})


def in_a_thread(what):
    """Its own connection, as another worker has."""

    def run():
        try:
            what()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.fixture
def first_and_retry(an_action, a_queued_invocation):
    """A run of one task, and the run that retries it."""
    action = an_action("rendered")
    first = a_queued_invocation(action, 1)
    return first, a_queued_invocation(action, rerun_of=first, retry=True, task_ids=list(first.task_ids))


def send(invocation, farm=MEMORY):
    return InvocationFarms(invocation).submit(farm, {}, "x", a_task(invocation))


def test_it_works(first_and_retry):
    first, retry = first_and_retry
    farm = Halting()
    slow = in_a_thread(lambda: send(first, farm))
    assert farm.halted.wait(20)
    assert first.farm_jobs.get().state == "submitting"
    other = in_a_thread(lambda: send(retry))
    other.join(0.5)
    assert other.is_alive()  # It waits for the one that sends.
    farm.goes_on.set()
    slow.join(20)
    other.join(20)
    assert len(MEMORY.jobs) == 1
    assert set(FarmJob.objects.values_list("external_id", "state")) == {("1", "queued")}


def test_one_that_had_not_sent_yet_finds_what_the_retry_sent(first_and_retry):
    first, retry = first_and_retry
    stopped = InvocationFarms(first)
    send(retry)
    assert stopped.submit(MEMORY, {}, "x", a_task(first)) == Sent("1")
    assert len(MEMORY.jobs) == 1


@pytest.mark.postgres
def test_one_that_lost_its_lock_while_it_looked_sends_nothing(first_and_retry):
    first, retry = first_and_retry
    FarmJob.objects.create(invocation=first, task_id=first.task_ids[0], mark=f"{first.pk}:{first.task_ids[0]}",
                           state="submitting")  # fmt: skip

    class Frozen(Memory):
        def find(self, mark):
            """It stands still meanwhile, and its connection breaks: the retry has the job for itself."""
            pid = connection.connection.info.backend_pid
            in_a_thread(lambda: ended(pid)).join(20)
            in_a_thread(lambda: send(retry)).join(20)

    def ended(pid):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])

    failed = []

    def wakes():
        try:
            send(first, farm)
        except DatabaseError as error:
            failed.append(error)

    farm = Frozen()
    farm.jobs = MEMORY.jobs
    in_a_thread(wakes).join(30)
    assert len(failed) == 1
    assert list(MEMORY.jobs.values()) == [f"{first.pk}:{first.task_ids[0]}"]
    assert retry.farm_jobs.get().external_id == "1"


def test_a_farm_away_between_two_tries_makes_nothing_of_what_may_be_there_new(first_and_retry):
    first, _ = first_and_retry
    MEMORY.trouble = {"submit": [FarmUnsure("no answer")], "find": [FarmAway("down")] * 3}
    with pytest.raises(FarmUnsure):
        send(first)
    with pytest.raises(FarmAway):
        send(first)  # The run begins anew, and the farm cannot be asked.
    assert first.farm_jobs.get().state == "submitting"
    assert send(first).id == "1"
    assert len(MEMORY.jobs) == 1
