"""The rules for invocations beside each other, with the worker's own code in threads of this process."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import IntegrityError, connection, transaction

from actions.line import sweeper
from actions.models import Place
from actions.worker import watch as watching
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Happened, State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _kinds(test_kinds, monkeypatch):
    monkeypatch.setattr(watching, "EVERY", 0.05)
    monkeypatch.setattr(watching, "PATIENCE", 0.2)


@pytest.fixture
def sent(monkeypatch):
    """What was handed to the broker; carried out at once, in a thread, as a worker would."""
    threads, ids = [], []

    def send(invocation):
        ids.append(invocation.pk)
        threads.append(begin(invocation))
        return True

    monkeypatch.setattr("actions.line.queue.send", send)
    yield ids
    for thread in threads:
        thread.join(timeout=30)


def begin(invocation):
    def work():
        try:
            carry_out(str(invocation.pk))
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def run(invocation):
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    return invocation


def until(invocation, *states, seconds=30):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        invocation.refresh_from_db()
        if invocation.state in states and (invocation.state != State.RUNNING or invocation.log_lines.exists()):
            return invocation
        time.sleep(0.02)
    raise AssertionError(f"{invocation.state}: {invocation.reason}{invocation.traceback}")


def places_are_free():
    """A moment after the end stands in the record."""
    for _ in range(500):
        if not Place.objects.exists():
            return
        time.sleep(0.02)
    raise AssertionError(list(Place.objects.values()))


def what(invocation):
    return list(invocation.events.values_list("what", flat=True))


@pytest.fixture
def slow(an_action):
    """An action that takes its time: `slow("queue", "task", seconds=1)`."""

    def make(policy, scope="action", seconds=60, **fields):
        return an_action("slow", concurrency=policy, concurrency_scope=scope, options={"seconds": seconds}, **fields)

    return make


@pytest.fixture
def a_running(a_queued_invocation):
    """One that runs: `a_running(action, task_ids=...)`; stopped at the end."""
    begun = []

    def start(action, **fields):
        invocation = a_queued_invocation(action, **fields)
        begun.append((invocation, begin(invocation)))
        return until(invocation, State.RUNNING)

    yield start
    for invocation, thread in begun:
        invocation.ask_to_cancel(None)
        thread.join(timeout=30)


def test_it_works(slow, a_running, a_queued_invocation, sent):
    """Behind the running one, then in its place."""
    action = slow("queue")
    first = a_running(action)
    second = run(a_queued_invocation(action))
    assert (second.state, second.behind_id, second.attempts) == (State.QUEUED, first.pk, 0)
    assert second.reason == f"“Slow” runs already, as {first.reference}. This one waits for it."
    assert second.next_at is not None
    assert what(second)[-1] == Happened.BEHIND
    assert sent == []
    Invocation.objects.filter(pk=second.pk).update(options={"seconds": 0.1})
    first.ask_to_cancel(None)
    until(second, State.SUCCEEDED)
    assert sent == [second.pk]
    assert (second.reason, second.behind_id) == ("", None)
    places_are_free()


def test_both_may_run_where_nothing_is_said(slow, a_running, a_queued_invocation):
    a_running(slow("both"))
    action = slow("both", slug="quick", seconds=0.1)
    assert run(a_queued_invocation(action)).state == State.SUCCEEDED
    assert not Place.objects.exists()


def test_it_is_refused_with_the_way_to_the_running_one(slow, a_running, a_queued_invocation):
    action = slow("refuse")
    first = a_running(action)
    second = run(a_queued_invocation(action))
    assert (second.state, second.reason_code, second.behind_id) == (State.REFUSED, "runs_already", first.pk)
    assert first.reference in second.reason
    assert "Run it again when that one has ended" in second.reason


def test_it_replaces_the_running_one(slow, a_running, a_queued_invocation, sent):
    action = slow("replace")
    first = a_running(action)
    second = a_queued_invocation(action, count=2)
    Invocation.objects.filter(pk=second.pk).update(options={"seconds": 0.1})
    run(second)
    until(first, State.CANCELLED)
    until(second, State.SUCCEEDED)
    asked = first.events.get(what=Happened.CANCEL_ASKED)
    assert asked.text == f"Replaced by {second.reference}."
    assert asked.actor_id == second.person_id


def test_the_last_one_replaces_whoever_waits(slow, a_running, a_queued_invocation, sent, monkeypatch):
    action = slow("replace")
    monkeypatch.setattr(watching, "PATIENCE", 60)
    first = a_running(action)
    Invocation.objects.filter(pk=first.pk).update(options={"seconds": 60, "listens": False})
    second, third = (a_queued_invocation(action, count=count) for count in (2, 3))
    Invocation.objects.filter(pk__in=[second.pk, third.pk]).update(options={"seconds": 0.1})
    Place.objects.create(action_slug=action.slug, key="action", invocation=second)
    run(third)
    second.refresh_from_db()
    assert (second.state, second.reason) == (State.CANCELLED, f"Replaced by {third.reference}.")
    until(third, State.SUCCEEDED)


def test_it_joins_one_that_does_the_same(slow, a_running, a_queued_invocation):
    action = slow("join")
    first = a_running(action)
    second = run(a_queued_invocation(action))
    assert (second.state, second.behind_id) == (State.JOINED, first.pk)
    assert second.ended
    assert what(second)[-1] == Happened.JOINED
    assert second.results.count() == 0


def test_it_does_not_join_one_that_does_something_else(slow, a_running, a_queued_invocation):
    action = slow("join")
    first = a_running(action)
    second = run(a_queued_invocation(action, parameters={"word": "other"}))
    assert (second.state, second.behind_id) == (State.QUEUED, first.pk)


def test_it_does_not_join_one_that_leaves_some_of_its_tasks_out(slow, a_running, a_queued_invocation, sample_task_ids):
    action, ids = slow("join", "task"), sample_task_ids(3)
    first = a_running(action, task_ids=ids[:2])
    assert run(a_queued_invocation(action, task_ids=ids[1:2])).state == State.JOINED
    second = run(a_queued_invocation(action, task_ids=ids[1:]))
    assert (second.state, second.behind_id) == (State.QUEUED, first.pk)


@pytest.mark.parametrize("scope", ["action", "entity"])
def test_it_does_not_join_one_that_is_about_other_tasks(slow, a_running, a_queued_invocation, one_entity, scope):
    action, (one, another, _) = slow("join", scope), one_entity
    first = a_running(action, task_ids=[one])
    second = run(a_queued_invocation(action, task_ids=[another]))
    assert (second.state, second.behind_id) == (State.QUEUED, first.pk)
    assert run(a_queued_invocation(action, task_ids=[one])).state == State.JOINED


def test_tasks_in_common_are_in_the_way_and_named(slow, a_running, a_queued_invocation, sample_task_ids):
    action, ids = slow("refuse", "task"), sample_task_ids(4)
    a_running(action, task_ids=ids[:2])
    Invocation.objects.filter(state=State.QUEUED).update(options={"seconds": 0.1})
    refused = run(a_queued_invocation(action, task_ids=ids[1:3]))
    assert refused.state == State.REFUSED
    assert " on " in refused.reason
    other = a_queued_invocation(action, task_ids=ids[2:])
    Invocation.objects.filter(pk=other.pk).update(options={"seconds": 0.1})
    assert run(other).state == State.SUCCEEDED


def test_entities_in_common_are_in_the_way(slow, a_running, a_queued_invocation, one_entity):
    action = slow("refuse", "entity")
    first, second, elsewhere = one_entity
    a_running(action, task_ids=[first])
    assert run(a_queued_invocation(action, task_ids=[second])).state == State.REFUSED
    other = a_queued_invocation(action, task_ids=[elsewhere])
    Invocation.objects.filter(pk=other.pk).update(options={"seconds": 0.1})
    assert run(other).state == State.SUCCEEDED


@pytest.fixture
def one_entity():
    """Two tasks on one entity, and one on another."""
    from kitsu_bridge.kitsu.studio import studio

    rows = studio().bot().project_tasks(studio().bot().projects()[0]["id"])
    by_entity = {}
    for row in rows:
        by_entity.setdefault(row["entity_id"], []).append(row["id"])
    several = next(ids for ids in by_entity.values() if len(ids) > 1)
    other = next(ids for ids in by_entity.values() if ids[0] not in several)
    return several[0], several[1], other[0]


def test_first_come_first_served(slow, a_running, a_queued_invocation, sent):
    action = slow("queue")
    first = a_running(action)
    waiting = [a_queued_invocation(action, count=count) for count in (1, 2, 3)]
    Invocation.objects.filter(state=State.QUEUED).update(options={"seconds": 0.2})
    for one in waiting:
        run(one)
    first.ask_to_cancel(None)
    for one in waiting:
        until(one, State.SUCCEEDED)
    assert sent == [one.pk for one in waiting]
    began = [one.events.filter(what=Happened.CLAIMED).last().at for one in waiting]
    ended = [one.finished_at for one in waiting]
    assert all(end <= start for end, start in zip(ended, began[1:], strict=False))


def test_nobody_overtakes_who_waits(slow, a_running, a_queued_invocation, sample_task_ids):
    """The first holds one task, the second waits for it and for another: the third wants that other and stays behind."""
    action, ids = slow("queue", "task"), sample_task_ids(2)
    first = a_running(action, task_ids=ids[:1])
    second = run(a_queued_invocation(action, task_ids=ids))
    third = run(a_queued_invocation(action, task_ids=ids[1:]))
    assert (second.behind_id, third.behind_id) == (first.pk, second.pk)
    assert "waits already" in third.reason


def test_whoever_is_cancelled_while_waiting_lets_the_next_go(
    slow, a_running, a_queued_invocation, sample_task_ids, sent
):
    action, ids = slow("queue", "task"), sample_task_ids(2)
    a_running(action, task_ids=ids[:1])
    second = run(a_queued_invocation(action, task_ids=ids))
    third = a_queued_invocation(action, task_ids=ids[1:])
    Invocation.objects.filter(pk=third.pk).update(options={"seconds": 0.1})
    run(third)
    second.ask_to_cancel(None)
    until(third, State.SUCCEEDED)


def test_places_of_a_dead_worker_block_nobody_for_ever(slow, a_queued_invocation, settings, sent):
    action = slow("queue")
    dead = a_queued_invocation(action)
    Invocation.objects.filter(pk=dead.pk).update(state=State.RUNNING, heartbeat_at="2020-01-01T00:00Z")
    Place.objects.create(action_slug=action.slug, key="action", invocation=dead, holds=True)
    second = a_queued_invocation(action)
    Invocation.objects.filter(pk=second.pk).update(options={"seconds": 0.1})
    assert run(second).state == State.QUEUED
    assert sweeper.end_lost() == 1
    until(second, State.SUCCEEDED)
    assert sent == [second.pk]


def test_places_of_one_that_was_queued_again_do_not_count(slow, a_queued_invocation):
    action = slow("queue", seconds=0.1)
    lost = a_queued_invocation(action)
    Place.objects.create(action_slug=action.slug, key="action", invocation=lost, holds=True)
    assert run(a_queued_invocation(action)).state == State.SUCCEEDED
    assert run(lost).state == State.SUCCEEDED


def test_the_sweeper_is_a_safety_net(slow, a_queued_invocation, a_running):
    """The notice of the end was lost: what waits is sent again in time, and goes."""
    action = slow("queue")
    first = a_running(action)
    second = run(a_queued_invocation(action))
    Invocation.objects.filter(pk=first.pk).update(state=State.CRASHED, claim=None)
    Invocation.objects.filter(pk=second.pk).update(options={"seconds": 0.1}, next_at="2020-01-01T00:00Z")
    assert sweeper.send_again() in {0, 1}  # Whether a broker took it does not matter here.
    assert what(second)[-1] == Happened.SENT_AGAIN
    assert run(second).state == State.SUCCEEDED


def test_what_only_says_what_it_would_do_is_in_nobody_s_way(slow, a_queued_invocation, a_running):
    action = slow("refuse")
    a_running(action)
    assert run(a_queued_invocation(action, previewing=True)).state == State.WAITING


def test_the_database_holds_one_place_for_one(slow, a_queued_invocation):
    action = slow("queue")
    one, two = a_queued_invocation(action), a_queued_invocation(action)
    Place.objects.create(action_slug=action.slug, key="action", invocation=one, holds=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.create(action_slug=action.slug, key="action", invocation=two, holds=True)
