"""What the record tells Prometheus, and that it never runs backwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.line.sweeper import sweep
from audit.models import FarmJob, Invocation
from audit.overview.counting import count_day
from audit.seals.sealing import seal
from audit.states import Door, Happened, State, WaitingFor
from tests.kitsu_bridge.metrics.test_views import values


@pytest.fixture
def told(client):
    """What `/metrics` says."""
    return lambda: values(client.get(reverse("metrics")).text)


def count():
    for moment in Invocation.objects.values_list("received_at", flat=True):
        count_day(timezone.localtime(moment).date())


def ended(state, door, kind="debug"):
    return ("kitsu_bridge_invocations_total", ("door", door), ("kind", kind), ("state", state))


def test_it_works(told, a_run):
    a_run()
    a_run(door=Door.AJAX, state=State.FAILED)
    a_run("", state=State.REFUSED, kind="", action_slug="guess")
    a_run(state=State.RUNNING)
    count()
    found = told()
    assert found[ended("succeeded", "form")] == 1
    assert found[ended("failed", "ajax")] == 1
    assert found[ended("refused", "form", "unknown")] == 1
    assert not [key for key in found if key[0] == "kitsu_bridge_invocations_total" and ("state", "running") in key]


def test_it_tells_what_is_open(told, an_invocation):
    now = timezone.now()
    for minutes in (1, 10):
        an_invocation(state=State.QUEUED, queue="render", queued_at=now - timedelta(minutes=minutes))
    an_invocation(state=State.RUNNING)
    an_invocation(state=State.WAITING, waiting_for=WaitingFor.SIGN_IN)
    found = told()
    opened = {key[1:]: value for key, value in found.items() if key[0] == "kitsu_bridge_invocations_open"}
    assert opened == {
        (("kind", "debug"), ("state", "queued"), ("waiting_for", "")): 2,
        (("kind", "debug"), ("state", "running"), ("waiting_for", "")): 1,
        (("kind", "debug"), ("state", "waiting"), ("waiting_for", "sign_in")): 1,
    }
    assert found["kitsu_bridge_queue_depth", ("queue", "render")] == 2
    assert found["kitsu_bridge_queue_oldest_seconds", ("queue", "render")] == pytest.approx(600, abs=30)


def test_buckets_hold_what_took_at_most_so_long(told, a_run):
    for seconds in (0.05, 0.5, 20, 20, 4000):
        a_run(ran=seconds)
    count()
    buckets = {
        float(dict(key[1:])["le"]): value
        for key, value in told().items()
        if key[0] == "kitsu_bridge_seconds_bucket" and ("what", "running") in key
    }
    assert list(buckets) == sorted(buckets)
    for bound, many in buckets.items():
        assert many == sum(1 for seconds in (0.05, 0.5, 20, 20, 4000) if seconds <= bound), bound
    sums = [
        value for key, value in told().items() if key[0] == "kitsu_bridge_seconds_sum" and ("what", "running") in key
    ]
    assert sums == [pytest.approx(4040.55, abs=0.5)]


def test_counters_follow_the_counting_and_not_the_clock(told, a_run):
    a_run()
    count()
    assert told()[ended("succeeded", "form")] == 1
    a_run()
    assert told()[ended("succeeded", "form")] == 1
    count()
    assert told()[ended("succeeded", "form")] == 2


def test_it_tells_when_who_was_round(told, an_invocation):
    an_invocation()
    before = timezone.now().timestamp()
    sweep()
    found = told()
    for name in ("sweeper", "count"):
        assert found["kitsu_bridge_last_round_timestamp_seconds", ("round", name)] >= before - 1


def test_it_counts_jobs_on_farms(told, an_invocation):
    for number, state in enumerate((FarmJob.State.RUNNING, FarmJob.State.RUNNING, FarmJob.State.DONE)):
        FarmJob.objects.create(invocation=an_invocation(), task_id=f"{number}", farm="flamenco", name="x", state=state)
    found = told()
    assert found["kitsu_bridge_farm_jobs", ("farm", "flamenco"), ("state", "running")] == 2
    assert found["kitsu_bridge_farm_jobs", ("farm", "flamenco"), ("state", "done")] == 1


def test_labels_have_no_names_of_people(client, a_run):
    a_run("noa", action_slug="review")
    a_run("", state=State.REFUSED, kind="", action_slug="chosen-by-a-stranger")
    count()
    text = client.get(reverse("metrics")).text
    for word in ("Noa", "noa", "sample.studio", "chosen-by-a-stranger"):
        assert word not in text


def test_it_tells_how_old_the_last_seal_is(told, an_invocation):
    an_invocation().event(Happened.RECEIVED).save()
    found = told()
    assert found["kitsu_bridge_unsealed_seconds",] > 0
    assert ("kitsu_bridge_last_seal_timestamp_seconds",) not in found
    before = timezone.now().timestamp()
    seal()
    found = told()
    assert found["kitsu_bridge_unsealed_seconds",] == 0
    assert found["kitsu_bridge_last_seal_timestamp_seconds",] >= before
