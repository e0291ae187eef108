"""The rules for invocations beside each other, with real workers in parallel on PostgreSQL and Redis."""

from __future__ import annotations

import itertools
import random
import signal
import time

import pytest

from audit.states import Happened, State
from tests.actions.worker.test_guards import places_are_free
from tests.actions.worker.test_workers import a_worker, broker, end, send, sweep_until, until  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.redis]

POLICIES = ("both", "refuse", "queue", "replace", "join")
SCOPES = ("action", "task", "entity")
MAY_END = {
    "both": {State.SUCCEEDED},
    "refuse": {State.SUCCEEDED, State.REFUSED},
    "queue": {State.SUCCEEDED},
    "replace": {State.SUCCEEDED, State.CANCELLED},
    "join": {State.SUCCEEDED, State.JOINED},
}


def ran(invocation):
    """From the handler's first word to the end; None where it never began."""
    began = invocation.log_lines.order_by("id").first()
    return (began.at, invocation.finished_at) if began else None


def overlap(one, other):
    return one[0] < other[1] and other[0] < one[1]


@pytest.fixture
def two_workers(a_worker):  # noqa: F811
    """Four at a time."""
    return a_worker(), a_worker()


def test_it_works(two_workers, send, an_action, a_queued_invocation, sample_task_ids):  # noqa: F811
    """Every rule with every scope, four calls at the same moment, on selections that overlap: [1,2] [2,3] [3,1] [2,1]."""
    one, two, three = sample_task_ids(3)
    for policy, scope in itertools.product(POLICIES, SCOPES):
        fields = {"concurrency": policy, "concurrency_scope": scope, "options": {"seconds": 0.3}}
        action = an_action("slow", slug=f"{policy}-{scope}", **fields)
        selections = ([one, two], [two, three], [three, one], [two, one])
        calls = [a_queued_invocation(action, task_ids=ids) for ids in selections]
        for call in calls:
            send(call)
        for call in calls:
            until(call, *MAY_END[policy])
        times = [time for call in calls if (time := ran(call))]
        assert times, (policy, scope)
        if policy != "both":  # Any two of the four have something in common, whatever counts.
            assert not any(overlap(*pair) for pair in itertools.combinations(times, 2)), (policy, scope)
        for call in calls:
            if call.state in {State.REFUSED, State.JOINED}:
                assert call.behind in calls, (policy, scope)
        places_are_free()


def test_overlapping_selections_in_opposite_order_do_not_lock_each_other(
    two_workers,
    send,  # noqa: F811
    an_action,
    a_queued_invocation,
    sample_task_ids,
):
    action = an_action("slow", concurrency="queue", concurrency_scope="task", options={"seconds": 0.05})
    ids = sample_task_ids(80)
    order = random.Random(7)
    calls = [a_queued_invocation(action, task_ids=order.sample(ids, 60)) for _ in range(12)]
    for call in calls:
        send(call)
    for call in calls:
        until(call, State.SUCCEEDED, seconds=90)
    times = [ran(call) for call in calls]
    assert not any(overlap(*pair) for pair in itertools.combinations(times, 2))


def test_those_that_have_nothing_in_common_run_beside_each_other(
    two_workers,
    send,  # noqa: F811
    an_action,
    a_queued_invocation,
    sample_task_ids,
):
    action = an_action("slow", concurrency="queue", concurrency_scope="task", options={"seconds": 120})
    one, two = sample_task_ids(2)
    calls = [a_queued_invocation(action, task_ids=[task]) for task in (one, two)]
    for call in calls:
        send(call)
    for call in calls:
        until(call, State.RUNNING)
        while not has_begun(call):
            time.sleep(0.05)
    for call in calls:
        call.ask_to_cancel(None)
    for call in calls:
        until(call, State.CANCELLED)
    assert overlap(*map(ran, calls))


def has_begun(invocation):
    return invocation.log_lines.exists()


def stands_behind(invocation, give):
    """Given again now and then, as the sweeper does: Redis may hand it to the dead worker, whose end it has not noticed."""
    for _ in range(30):
        give(invocation)
        time.sleep(1)
        if invocation.events.filter(what=Happened.BEHIND).exists():
            return
    raise AssertionError(list(invocation.events.values_list("what", flat=True)))


def test_what_a_killed_worker_held_is_free_when_the_sweeper_has_seen_it(
    a_worker,  # noqa: F811
    send,  # noqa: F811
    an_action,
    a_queued_invocation,
    settings,
    monkeypatch,
):
    settings.HEARTBEAT_TIMEOUT = 3
    monkeypatch.setattr("actions.line.queue.send", lambda invocation: send(invocation) or True)
    action = an_action("slow", concurrency="queue", options={"seconds": 120})
    first = a_queued_invocation(action)
    send(first)
    worker = a_worker()
    until(first, State.RUNNING)
    while not has_begun(first):
        time.sleep(0.05)
    end(worker, signal.SIGKILL)
    second = a_queued_invocation(action)
    type(second).objects.filter(pk=second.pk).update(options={"seconds": 0.1})
    a_worker()
    stands_behind(second, send)
    assert sweep_until(first, State.CRASHED)
    until(second, State.SUCCEEDED)
    places_are_free()
