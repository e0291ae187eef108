"""Real workers that are killed in the middle of sending two hundred jobs: at the farm each job is there exactly once."""

from __future__ import annotations

import signal
import threading

import pytest
from django.utils import timezone

from audit.models import FarmJob
from audit.states import State
from tests.actions.clients.flamenco.fake import FakeManager
from tests.actions.farms.test_missing import ECHO, browser, marks, submit_missing
from tests.actions.outside import a_service
from tests.actions.worker.test_workers import a_worker, broker, end, send, sweep_until, until

__all__ = ["a_worker", "broker", "send"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.redis]

COUNT, AT = 200, 90


class Deadly(FakeManager):
    """Once it has so many jobs, whoever sends the next one dies before the answer."""

    def __init__(self):
        super().__init__()
        self.reached, self.dead = threading.Event(), threading.Event()

    def submit(self, got):
        said = super().submit(got)
        if len(self.jobs) == AT:
            self.reached.set()
            self.dead.wait(30)
        return said

    def answer(self, got):
        return self.submit(got) if (got.method, got.path) == ("POST", "/api/v3/jobs") else super().answer(got)


def kill(worker, farm):
    assert farm.reached.wait(60)
    end(worker, signal.SIGKILL)
    worker.wait()
    farm.dead.set()


def test_it_works(a_worker, send, an_action, a_queued_invocation, settings):
    settings.HEARTBEAT_TIMEOUT = 3
    farm = Deadly()
    with a_service(farm.answer) as web:
        invocation = a_queued_invocation(
            an_action("flamenco", options=ECHO | {"url": web.url}), COUNT, given_at=timezone.now()
        )
        send(invocation)
        kill(a_worker(), farm)
        assert sweep_until(invocation, State.CRASHED)
        assert len(farm.jobs) == AT
        ada = browser()
        assert f"Submit the missing {COUNT - AT + 1}" in ada.get(invocation.get_absolute_url()).text
        retry = submit_missing(ada, invocation)
        send(retry)
        a_worker()
        until(retry, State.SUCCEEDED)
    assert (len(farm.jobs), set(marks(farm).values())) == (COUNT, {1})
    known = {
        *invocation.farm_jobs.values_list("external_id", flat=True),
        *retry.farm_jobs.values_list("external_id", flat=True),
    }
    assert known - {""} == set(farm.jobs)


def test_a_run_that_begins_anew_sends_the_rest(a_worker, send, an_action, a_queued_invocation, settings):
    settings.HEARTBEAT_TIMEOUT = 3
    farm = Deadly()
    with a_service(farm.answer) as web:
        action = an_action("flamenco", options=ECHO | {"url": web.url}, worker_lost="requeue")
        invocation = a_queued_invocation(action, COUNT)
        send(invocation)
        kill(a_worker(), farm)
        assert sweep_until(invocation, State.QUEUED)
        send(invocation, times=2)
        a_worker()
        until(invocation, State.SUCCEEDED)
    assert (len(farm.jobs), set(marks(farm).values())) == (COUNT, {1})
    assert set(FarmJob.objects.values_list("external_id", flat=True)) == set(farm.jobs)
