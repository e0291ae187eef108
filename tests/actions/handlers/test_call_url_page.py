"""The kind in the whole line: what is written into the record, and its page."""

from __future__ import annotations

import json

import pytest

from actions.worker.run import carry_out
from audit.states import State
from tests.actions.outside import a_service
from tests.audit.conftest import browser  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "tok-123456-tok"


@pytest.fixture
def ran(an_action, a_queued_invocation, settings, monkeypatch, sample_person):
    settings.CALL_URL_PRIVATE = ["127.0.0.1"]
    monkeypatch.setenv("BRIDGE_SECRET_TRACKER", TOKEN)

    def run(url, **options):
        given = {"url": url, "headers": "Authorization: Bearer {secret:TRACKER}"} | options
        invocation = a_queued_invocation(an_action("call_url", options=given), count=2)
        carry_out(str(invocation.pk))
        invocation.refresh_from_db()
        return invocation

    return run


def test_it_works(ran, browser):  # noqa: F811
    with a_service(lambda got: (200, {}, json.dumps({"said": got.headers["authorization"]}).encode())) as service:
        invocation = ran(f"{service.url}/hook")
    assert invocation.state == State.SUCCEEDED
    assert service.got[0].headers["authorization"] == f"Bearer {TOKEN}"
    page = browser("ada").get(invocation.get_absolute_url()).content.decode()
    assert all(words in page for words in ("<h2>Sent</h2>", f"{service.url}/hook", "kitsu.action", "<h2>Answer</h2>"))
    assert TOKEN not in page
    assert TOKEN not in json.dumps(invocation.outcome)


def test_a_call_for_each_task_shows_each_with_what_was_answered(ran, browser):  # noqa: F811
    with a_service((500, {}, b"<script>alert(1)</script>")) as service:
        invocation = ran(f"{service.url}/{{task_id}}", once_for="task")
    assert (invocation.state, invocation.results.filter(state="failed").count()) == (State.FAILED, 2)
    client = browser("ada")
    assert "<script>alert" not in client.get(invocation.get_absolute_url()).content.decode()
    page = client.get(f"{invocation.get_absolute_url()}tasks/{invocation.task_ids[0]}/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert TOKEN not in page
