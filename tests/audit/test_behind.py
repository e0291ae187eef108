"""The way from a call that waits, was refused or has joined to the running one that it met."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit.states import State, Trust
from kitsu_bridge.kitsu.studio import studio


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr("audit.views.page.PATIENCE", 0)


@pytest.fixture
def a_project_of():
    """The id of a production in whose team somebody of the sample studio is."""

    def find(name):
        bot = studio().bot()
        person = next(row["id"] for row in bot.persons() if row["email"] == f"{name}@sample.studio")
        return next(row["id"] for row in bot.open_projects() if person in {one["id"] for one in bot.team(row["id"])})

    return find


def page(client, invocation):
    response = client.get(invocation.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_it_works(browser, an_invocation):
    first = an_invocation("noa", state=State.RUNNING)
    second = an_invocation("noa", state=State.QUEUED, behind=first, reason="It waits for the other one.")
    text = page(browser("noa"), second)
    assert "It waits for the other one." in text
    assert f'href="{first.get_absolute_url()}"' in text
    assert f"To {first.reference}, which runs" in text
    assert "A worker will take it" not in text


@pytest.mark.parametrize("state", [State.REFUSED, State.QUEUED])
def test_who_may_not_see_the_running_one_gets_no_link_to_it(browser, an_invocation, state):
    first = an_invocation("mirko", state=State.RUNNING)
    second = an_invocation("noa", state=state, behind=first, reason="The other one runs.")
    assert first.get_absolute_url() not in page(browser("noa"), second)
    assert first.get_absolute_url() in page(browser("ada"), second)
    assert browser("noa").get(first.get_absolute_url()).status_code == 404


def test_who_joined_may_read_it_and_do_nothing_else_with_it(browser, an_invocation):
    first = an_invocation("mirko", state=State.RUNNING)
    second = an_invocation("noa", state=State.JOINED, behind=first, reason="It joined the other one.")
    noa = browser("noa")
    assert first.get_absolute_url() in page(noa, second)
    text = page(noa, first)
    assert "Cancel" not in text
    assert "Share with others" not in text
    for name in ("cancel_invocation", "rerun_invocation", "share_invocation"):
        assert noa.post(reverse(name, args=[first.pk])).status_code == 404
    first.refresh_from_db()
    assert first.cancel_asked_at is None
    assert browser("emile").get(first.get_absolute_url()).status_code == 404


def test_a_claim_that_joined_opens_no_page(browser, an_invocation):
    """Anybody can claim to be somebody: only who was proven when they joined may read on."""
    first = an_invocation("mirko", state=State.RUNNING)
    an_invocation("noa", trust=Trust.CLAIMED, state=State.JOINED, behind=first)
    assert browser("noa").get(first.get_absolute_url()).status_code == 404


def test_who_joined_reads_no_more_than_kitsu_would_show_them(browser, an_invocation, a_project_of):
    """The running one may be about other productions too, and it was read with another's right."""
    mine, others = a_project_of("noa"), "00000000-0000-4000-8000-000000000000"
    first = an_invocation("ada", state=State.RUNNING, project_ids=[mine])
    an_invocation("noa", state=State.JOINED, behind=first)
    assert browser("noa").get(first.get_absolute_url()).status_code == 200
    first.project_ids = [mine, others]
    first.save()
    assert browser("noa").get(first.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("name", ["clara", "pixelworks"])
def test_vendors_and_clients_who_joined_read_nothing_of_it(browser, an_invocation, a_project_of, name):
    first = an_invocation("ada", state=State.RUNNING, project_ids=[a_project_of(name)])
    an_invocation(name, state=State.JOINED, behind=first)
    assert browser(name).get(first.get_absolute_url()).status_code == 404
