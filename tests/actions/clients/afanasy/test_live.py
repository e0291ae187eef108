"""Jobs that really run, on the real farm that KB_LIVE_AFANASY names: one afserver with one free afrender on Linux or macOS."""

from __future__ import annotations

import time

import pytest

from actions.clients.afanasy import Afanasy
from tests.actions.clients.afanasy.conftest import LIVE, NO_LIVE, live_place, removing
from tests.actions.clients.afanasy.jobs import frames, job, tasks

pytestmark = pytest.mark.skipif(not LIVE, reason=NO_LIVE)

WAIT = 60
"""Seconds at most for a job of seconds."""


@pytest.fixture
def farm():
    with removing(Afanasy(live_place())) as farm:
        yield farm


def sent(farm, mark, *blocks, **more):
    return farm.submit(job(*blocks, offline=False, name=f"Kitsu Bridge tests {mark}", **more), mark)


def until(farm, job, wanted):
    """How it stands once `wanted` is true of it."""
    end = time.monotonic() + WAIT
    while not wanted(seen := farm.look([job])[job.id]):
        assert time.monotonic() < end, f"It stays {seen}, of {farm._row(job)['state']}."
        time.sleep(0.3)
    return seen


def test_it_works(farm, mark):
    hostile = "echo 'ä \"$(id)\" @#@'; sleep 0.2"
    sent_one = sent(
        farm, mark, frames(command=hostile), tasks(depend_mask="render"), hosts_mask_type="regex", hosts_mask=".*"
    )
    seen = until(farm, sent_one, lambda seen: seen.state not in {"queued", "running"})
    assert (seen.state, seen.done, seen.failed, seen.total, seen.stuck) == ("done", 3, 0, 3, "")
    assert farm.log_tail(sent_one) == ""


def test_it_shows_why_a_job_failed_and_runs_it_again(farm, mark):
    never = {"errors_retries": 0, "errors_avoid_host": 0, "errors_task_same_host": 0}
    failing = sent(farm, mark, frames(command="echo 'Cannot read file ä'; exit 3", frames_per_task=4, **never))
    seen = until(farm, failing, lambda seen: seen.state == "failed")
    assert (seen.failed, seen.message) == (1, "One of its tasks failed.")
    assert farm.log_tail(failing).endswith("Cannot read file ä")
    farm.retry_errors(failing)
    assert until(farm, failing, lambda seen: seen.state in {"queued", "running"}).failed == 0
    until(farm, failing, lambda seen: seen.state == "failed")


def test_it_says_that_all_hosts_avoid_a_job(farm, mark):
    failing = sent(farm, mark, frames(command="false", errors_retries=9, errors_avoid_host=1))
    seen = until(farm, failing, lambda seen: seen.stuck)
    assert (seen.state, seen.stuck.split(",")[0]) == ("queued", "It failed on 1 host")
    farm.retry_errors(failing)
    until(farm, failing, lambda seen: seen.state == "running")


def test_it_kills_what_runs(farm, mark):
    running = sent(farm, mark, frames(command="sleep 300", frames_per_task=4))
    until(farm, running, lambda seen: seen.state == "running")
    farm.cancel(running)
    assert until(farm, running, lambda seen: seen.state != "running").state == "cancelled"


def test_it_says_that_free_hosts_take_nothing(farm, mark):
    long_ago = int(time.time()) - 600
    nobody = sent(farm, mark, frames(), hosts_mask="nobody", hosts_mask_type="regex", time_creation=long_ago)
    assert "none takes it" in until(farm, nobody, lambda seen: seen.stuck).stuck
