"""The buttons for all jobs of a run."""

from __future__ import annotations

import pytest
from django.urls import reverse

from actions.doors import farms
from actions.farms.contract import FarmAway, FarmRefuses, Seen
from actions.farms.looking import look
from audit.states import Happened
from tests.actions.farms.conftest import memory_farm, sent
from tests.actions.farms.memory import MEMORY
from tests.actions.farms.test_missing import browser

__all__ = ["memory_farm", "sent"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(sent):
    """A run with two jobs that render, one that failed and one that is done."""
    invocation = sent(4)
    states = {"1": "running", "2": "running", "3": "failed", "4": "done"}
    MEMORY.seen = {one: Seen(state, total=4) for one, state in states.items()}
    look()
    return invocation


def ask(invocation, client=None, **what):
    return (client or browser()).post(reverse("ask_farm_for_all", args=[invocation.pk]), what)


def test_it_works(run):
    page = browser().get(run.get_absolute_url()).text
    assert "Stop all 2…" in page
    assert "Run again what failed, in 1 job…" in page
    assert "Stop 2 jobs?" in ask(run, what="cancel").text
    assert MEMORY.asked == []
    assert ask(run, what="cancel", sure="yes").url == run.get_absolute_url()
    assert MEMORY.asked == [("cancel", "1"), ("cancel", "2")]
    event = run.events.filter(what=Happened.FARM_ASKED).get()
    assert (event.data["jobs"], "2 of 2 jobs" in event.text) == (["1", "2"], True)


def test_all_that_failed_run_again(run):
    assert "Run again what failed?" in ask(run, what="retry").text
    ask(run, what="retry", sure="yes")
    assert MEMORY.asked == [("retry", "3")]
    job = run.farm_jobs.get(external_id="3")
    assert (job.state, job.tell_at) == ("queued", None)


def test_a_job_that_waits_after_failures_can_be_run_again(run):
    run.farm_jobs.filter(external_id="1").update(state="queued", failed_count=3, stuck="It failed on 1 host.")
    page = browser().get(run.get_absolute_url()).text
    assert "Run again what failed, in 2 jobs…" in page
    assert page.count(">Run again what failed</button>") == 2
    ask(run, what="retry", sure="yes")
    assert MEMORY.asked == [("retry", "1"), ("retry", "3")]


def test_a_farm_that_is_away_is_not_asked_for_each(run):
    MEMORY.trouble = {"cancel": [FarmAway("down"), FarmAway("down")]}
    ask(run, what="cancel", sure="yes")
    assert len(MEMORY.trouble["cancel"]) == 1
    assert "0 of 2 jobs" in run.events.filter(what=Happened.FARM_ASKED).get().text


def test_a_job_that_the_farm_refuses_keeps_no_other(run):
    MEMORY.trouble = {"cancel": [FarmRefuses("no")]}
    ask(run, what="cancel", sure="yes")
    assert MEMORY.asked == [("cancel", "2")]


def test_a_slow_farm_keeps_the_person_not_waiting(run, monkeypatch):
    monkeypatch.setattr(farms, "PATIENCE", -1)
    ask(run, what="cancel", sure="yes")
    assert MEMORY.asked == []
    assert "ask once more" in run.events.filter(what=Happened.FARM_ASKED).get().text


def test_others_may_not(run):
    for wrong in ({"what": "priority"}, {"what": "explode", "sure": "yes"}, {}):
        ask(run, **wrong)
    assert ask(run, browser("pixelworks"), what="cancel", sure="yes").status_code == 404
    assert MEMORY.asked == []
