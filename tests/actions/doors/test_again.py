"""Running something again: what was not done, or all of it, as whoever asks now."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Door, Happened, State, WaitingFor
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _kinds(test_kinds):
    return test_kinds


def browser_of(name):
    client = Client(headers={"accept": "text/html"})
    client.cookies["access_token_cookie"] = studio().log_in(f"{name}@sample.studio", "any")
    return client


def run(invocation):
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    return invocation


def again(client, invocation, **what):
    response = client.post(reverse("rerun_invocation", args=[invocation.pk]), what)
    return response, Invocation.objects.filter(rerun_of=invocation).order_by("-received_at").first()


def test_it_works(an_action, a_queued_invocation):
    first = run(a_queued_invocation(an_action("endings", options={"how": "one_failed"}, fixed=["word"]), count=3))
    ada = browser_of("ada")
    assert "Retry the 1 not done" in ada.get(first.get_absolute_url()).text
    _, retry = again(ada, first, what="unfinished")
    assert retry.task_ids == first.task_ids[:1]
    assert (retry.retry, retry.door, retry.state) == (True, Door.RERUN, State.QUEUED)
    assert first.events.filter(what=Happened.RERUN).exists()


def test_nothing_is_left_of_what_succeeded(an_action, a_queued_invocation):
    first = run(a_queued_invocation(an_action("endings", fixed=["word"]), count=2))
    ada = browser_of("ada")
    assert "not done" not in ada.get(first.get_absolute_url()).text
    assert again(ada, first, what="unfinished")[1] is None
    assert not again(ada, first)[1].retry


def test_who_leads_runs_it_again_as_themselves(an_action, a_queued_invocation):
    row = next(row for row in studio().bot().persons() if row["email"] == "noa@sample.studio")
    first = run(a_queued_invocation(an_action("asking"), count=1, person=row, parameters={"count": 3}))
    assert first.state == State.SUCCEEDED
    ada = browser_of("ada")
    _, anew = again(ada, first, what="edited")
    assert (anew.waiting_for, anew.person_email) == (WaitingFor.PARAMETERS, "ada@sample.studio")
    ada.post(reverse("invocation_parameters", args=[anew.pk]),
             {"param-count": "4", "param-size": "small", "do": "run"})  # fmt: skip
    assert run(anew).message.startswith("4 of")
