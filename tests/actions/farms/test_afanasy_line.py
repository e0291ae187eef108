"""Afanasy's jobs through the whole line: sent once, looked at, ended, told."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from actions.clients.afanasy import wire
from actions.farms import submitting
from actions.worker.run import carry_out
from audit.models import FarmJob
from tests.actions.clients.afanasy.server import FakeServer
from tests.actions.farms.memory import look_and_tell

pytestmark = pytest.mark.django_db(transaction=True)

BLOCKS = [{"name": "render", "program": "nuke", "file": "/proj/{entity_name|path}.nk"}]


@pytest.fixture
def server(monkeypatch, settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    monkeypatch.setattr(submitting, "LOOK_AFTER", (0.0, 0.0))
    monkeypatch.setattr(wire, "ANSWER", 1.5)
    fake = FakeServer()
    yield fake
    fake.close()


@pytest.fixture
def sent(server, an_action, a_queued_invocation):
    def make(count=2, slug="afanasy"):
        where = {"host": server.host, "port": server.port, "blocks": json.dumps(BLOCKS), "frames": "1-4"}
        invocation = a_queued_invocation(an_action("afanasy", slug, options=where), count)
        carry_out(str(invocation.pk))
        invocation.refresh_from_db()
        return invocation

    return make


def looked():
    FarmJob.objects.filter(next_at__isnull=False).update(next_at=timezone.now())
    look_and_tell()


def states(invocation):
    return [job.state for job in invocation.farm_jobs.all()]


def test_it_works(server, sent):
    invocation = sent()
    assert [job.external_id for job in invocation.farm_jobs.all()] == ["1", "2"]
    server.of(1).update(st=2, blocks=[{"tasks_num": 4, "p_tasks_done": 1}])
    server.of(2).update(st=32, blocks=[{"tasks_num": 4, "p_tasks_error": 4}])
    server.progress[server.of(2)["id"]] = [[{"st": 32}]]
    server.outputs[server.of(2)["id"], 0, 0] = "no licence"
    looked()
    first, second = invocation.farm_jobs.all()
    assert (first.state, first.percent) == ("running", 25)
    assert (second.state, second.log) == ("failed", "no licence")


def test_a_lost_answer_makes_no_second_job(server, sent):
    server.trouble = ["stall"]
    invocation = sent(count=1)
    assert (len(server.jobs), states(invocation)) == (1, ["queued"])


def test_an_empty_answer_is_left_to_a_person(server, sent):
    server.trouble = ["empty"]
    invocation = sent()
    assert states(invocation) == ["submitting", "pending"]
    assert server.jobs == {}


def test_a_job_that_was_deleted_is_lost_though_its_id_is_used_again(server, sent):
    invocation = sent(count=1)
    del server.jobs[1]
    other = sent(count=1, slug="again")
    looked()
    assert (states(invocation), states(other)) == (["lost"], ["queued"])
