"""A farm or a worker that dies in the middle of a selection: the page submits what is missing, and every job is there once."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.farms import submitting
from actions.worker.run import carry_out
from audit.models import FarmJob, Invocation
from audit.states import State
from kitsu_bridge.kitsu.studio import studio
from tests.actions.clients.flamenco.fake import FakeManager
from tests.actions.farms.memory import look_and_tell
from tests.actions.outside import a_port, a_service

pytestmark = pytest.mark.django_db(transaction=True)

ECHO = {"job_type": "echo-sleep-test", "settings": '{"message": "from the bridge"}', "platform": "linux"}
MARK = "kitsu.mark"


def browser(name="ada"):
    client = Client(headers={"accept": "text/html"})
    client.cookies["access_token_cookie"] = studio().log_in(f"{name}@sample.studio", "any")
    return client


def submit_missing(client, invocation):
    """What the button of the page sends; the invocation that it makes."""
    client.post(reverse("rerun_invocation", args=[invocation.pk]), {"what": "unfinished"})
    return Invocation.objects.exclude(pk=invocation.pk).get(rerun_of=invocation)


def marks(fake):
    return Counter(job["metadata"][MARK] for job in fake.jobs.values())


@pytest.fixture
def port():
    """Of a farm that goes away and comes back."""
    with a_port() as found:
        yield found


def test_it_works(an_action, a_queued_invocation, monkeypatch, port):
    monkeypatch.setattr(submitting, "LOOK_AFTER", (0.0, 0.0))
    fake, farm = FakeManager(), ExitStack()
    submit = fake.submit

    def dying(got):
        said = submit(got)
        if len(fake.jobs) == 15:
            farm.close()  # It has the job, and neither answers nor listens any more.
            raise ConnectionError
        return said

    def answer(got):
        return dying(got) if (got.method, got.path) == ("POST", "/api/v3/jobs") else fake.answer(got)

    web = farm.enter_context(a_service(answer, port=port))
    invocation = a_queued_invocation(
        an_action("flamenco", options=ECHO | {"url": web.url}), 40, given_at=timezone.now()
    )
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    assert invocation.state == State.PARTIAL
    assert Counter(job.state for job in invocation.farm_jobs.all()) == {"queued": 14, "submitting": 1, "pending": 1}
    ada = browser()
    page = ada.get(invocation.get_absolute_url()).text
    assert "Submit the missing 26" in page
    assert "26 of 40 tasks</strong> have no job on the farm" in page
    with a_service(fake.answer, port=port):
        retry = submit_missing(ada, invocation)
        carry_out(str(retry.pk))
        retry.refresh_from_db()
        assert (retry.state, retry.task_count) == (State.SUCCEEDED, 26)
        assert set(marks(fake).values()) == {1}
        assert len(fake.jobs) == 40
        assert sum(call == "GET /api/v3/jobs" for call in fake.calls) == 1  # Only one could have been there.
        for job in fake.jobs:
            fake.runs(job, "completed")
        FarmJob.objects.update(state="queued")
        look_and_tell()
    assert {job.state for job in retry.farm_jobs.all()} == {"done"}


def test_a_job_in_two_runs_is_told_once(an_action, a_queued_invocation, monkeypatch):
    monkeypatch.setattr(submitting, "LOOK_AFTER", (0.0, 0.0))
    fake = FakeManager()
    with a_service(fake.answer) as web:
        options = ECHO | {"url": web.url, "comment_when_ended": "Rendered"}
        first = a_queued_invocation(an_action("flamenco", options=options), 1, given_at=timezone.now())
        carry_out(str(first.pk))
        first.results.all().delete()  # The worker died before it wrote down what it had sent.
        Invocation.objects.filter(pk=first.pk).update(state=State.CRASHED)
        first.refresh_from_db()
        ada = browser()
        assert "Submit the missing 1" in ada.get(first.get_absolute_url()).text
        retry = submit_missing(ada, first)
        carry_out(str(retry.pk))
        (job,) = fake.jobs
        assert {row.external_id for row in FarmJob.objects.all()} == {job}
        assert FarmJob.objects.count() == 2
        (task,) = fake.runs(job, "failed", ("failed", "misc"))
        fake.logs[task["id"]] = "no licence"
        before = len(studio().bot().comments(first.task_ids))
        look_and_tell()
        assert len(studio().bot().comments(first.task_ids)) == before + 1
        assert [row.log.endswith("no licence") for row in FarmJob.objects.all()] == [True, True]
        assert {row.told for row in FarmJob.objects.all()} == {"Kitsu was told: 1 comment."}
        ada.post(reverse("ask_farm", args=[retry.pk, retry.farm_jobs.get().pk]), {"what": "retry"})
        assert {row.state for row in FarmJob.objects.all()} == {"queued"}
        fake.runs(job, "completed")
        look_and_tell()
        assert {row.state for row in FarmJob.objects.all()} == {"done"}
        assert len(studio().bot().comments(first.task_ids)) == before + 2
