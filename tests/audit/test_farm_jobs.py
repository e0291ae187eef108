"""The part of an invocation's page about its jobs on a farm."""

from __future__ import annotations

import pytest

from audit.models import FarmJob
from audit.views.farm_jobs import AT_ONCE
from tests.actions.conftest import a_queued_invocation, an_action, sample_person, sample_task_ids
from tests.actions.farms.test_missing import browser

__all__ = ["a_queued_invocation", "an_action", "sample_person", "sample_task_ids"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(an_action, a_queued_invocation):
    """The page of a run with so many jobs of each state: `page(queued=3)("?farm=queued")`."""
    invocation = a_queued_invocation(an_action("debug"), 1)
    invocation.state = "succeeded"
    invocation.save()
    ada = browser()

    def make(**counts):
        for state, count in counts.items():
            FarmJob.objects.bulk_create(
                FarmJob(invocation=invocation, task_id=f"{state}{n}", name=f"{state} <b>{n}</b>", state=state, mark="m",
                        external_id=str(n), done_count=3, total_count=10, failed_count=state == "failed")
                for n in range(count)
            )  # fmt: skip
        return lambda query="": ada.get(invocation.get_absolute_url() + query).text

    return make


def listed(text):
    return text.count('class="farm-job ')


def test_it_works(page):
    text = page(queued=2, done=3, failed=1)()
    assert listed(text) == 6
    assert all(
        words in text for words in ("All 6", "Waits on the farm 2", "Done 3", "Failed 1", "18 of 60 steps, 1 failed")
    )
    assert "failed &lt;b&gt;0" in text
    assert 'hx-trigger="every 5s"' in text


def test_the_bar_of_all_moves_before_the_first_has_ended(page):
    assert "All jobs: 30 % done" in page(running=4)()
    assert "All jobs: 18 % done, 40 % failed" in page(failed=2, lost=2, queued=2)()
    assert "All jobs: 31.7 % done, 33.3 % failed" in page(done=2)()


def test_many_stand_on_several_pages(page):
    shown = page(running=1000)
    assert listed(shown()) == AT_ONCE
    last = shown("?jobs=20")
    assert (listed(last), "951 to 1000 of 1000" in last) == (AT_ONCE, True)
    assert "jobs=20" in last.partition('id="live"')[2].partition(">")[0]  # What renews itself stays on its page.


def test_one_state_can_be_looked_at(page):
    shown = page(running=60, failed=2)
    assert listed(shown("?farm=failed")) == 2
    assert "?jobs=2&amp;farm=running" in shown("?farm=running")


@pytest.mark.parametrize("query", ["?farm=x&jobs=x", "?farm=<script>", "?jobs=-1", "?jobs=99999999999999999999"])
def test_any_address_shows_some_page(page, query):
    assert listed(page(running=60)(query)) in {AT_ONCE, 10}


def test_it_is_not_read_again_when_all_have_ended(page):
    assert "hx-trigger" not in page(done=2)().partition('id="live"')[2].partition(">")[0]


def test_a_run_without_jobs_has_no_such_part(page):
    assert "On the farm" not in page()()
