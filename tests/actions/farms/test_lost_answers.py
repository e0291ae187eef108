"""Whole runs of kinds for farms that lose an answer after they took the job: it is found by its mark, and not sent again."""

from __future__ import annotations

import pytest

from actions.farms import submitting
from actions.farms.looking import look
from actions.worker.run import carry_out
from audit.states import Happened, State
from tests.actions.clients.flamenco.fake import FakeManager
from tests.actions.clients.test_deadline import WebService
from tests.actions.clients.test_opencue import Gateway
from tests.actions.outside import a_service

pytestmark = pytest.mark.django_db(transaction=True)

DEADLINE = {"plugin": "Blender", "scene": "/a.blend", "frames": "1-2"}
OPENCUE = {"secret": "FARM", "scene": "/a.blend", "command": "blender -b #SCENE# -f #IFRAME#", "frames": "1-2"}
FLAMENCO = {"job_type": "echo-sleep-test", "settings": '{"message": "{entity_name}"}'}


@pytest.mark.parametrize(
    ("kind", "server", "options", "sends"),
    [
        ("deadline", WebService, DEADLINE, lambda got: got.method == "POST"),
        ("flamenco", FakeManager, FLAMENCO, lambda got: (got.method, got.path) == ("POST", "/api/v3/jobs")),
        ("opencue", Gateway, OPENCUE, lambda got: got.path.endswith("/LaunchSpecAndWait")),
    ],
)
def test_it_works(kind, server, options, sends, an_action, a_queued_invocation, monkeypatch):
    monkeypatch.setattr(submitting, "LOOK_AFTER", (0.0, 0.0))
    monkeypatch.setenv("BRIDGE_SECRET_FARM", "s3cret")
    farm = server()

    def answer(got):
        found = farm.answer(got)
        return (500, {}, b"An error occurred") if sends(got) else found

    with a_service(answer) as web:
        invocation = a_queued_invocation(an_action(kind, options=options | {"url": web.url}), 2)
        carry_out(str(invocation.pk))
        carry_out(str(invocation.pk))
        invocation.refresh_from_db()
        assert invocation.state == State.SUCCEEDED
        assert len(farm.jobs) == sum(map(sends, web.got)) == 2
        assert {job.external_id for job in invocation.farm_jobs.all()} == set(farm.jobs)
        assert invocation.events.filter(what=Happened.FARM_SENT).count() == 2
        look()
        assert {job.state for job in invocation.farm_jobs.all()} == {"queued"}
