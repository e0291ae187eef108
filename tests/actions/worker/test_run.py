from __future__ import annotations

import threading
import time

import pytest
from django.db import connection

from actions.worker import watch as watching
from actions.worker.run import carry_out
from audit.models import Invocation, TaskResult
from audit.states import Happened, State, WaitingFor
from kitsu_bridge.kitsu.errors import KitsuUnreachable
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _kinds(test_kinds):
    return test_kinds


@pytest.fixture
def quick_watch(monkeypatch):
    monkeypatch.setattr(watching, "EVERY", 0.05)
    monkeypatch.setattr(watching, "PATIENCE", 0.1)


def run(invocation):
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    return invocation


def events(invocation):
    return list(invocation.events.values_list("what", flat=True))


def test_it_works(an_action, a_queued_invocation):
    done = run(a_queued_invocation(an_action("endings"), count=3))
    assert (done.state, done.message) == (State.SUCCEEDED, "All well.")
    assert done.outcome["link"] == "https://kitsu.studio/"
    assert [result.state for result in done.results.all()] == ["done"] * 3
    assert [result.task_id for result in done.results.all()] == done.task_ids
    assert done.project_names
    assert " / " in done.entities
    assert done.finished_at >= done.started_at
    assert events(done) == [Happened.CLAIMED, Happened.RESOLVED, Happened.FINISHED]


def test_a_handler_knows_how_long_it_may_take(an_action, a_queued_invocation):
    done = run(a_queued_invocation(an_action("slow", time_limit=100, options={"seconds": 0}), count=1))
    assert 0 < done.outcome["data"]["seconds_left"] <= 100


@pytest.mark.parametrize(
    ("how", "state", "words"),
    [
        ("action_error", State.FAILED, "Select at least one shot."),
        ("kitsu", State.FAILED, "Kitsu did not answer in time."),
        ("crash", State.CRASHED, "reference"),
        ("nothing", State.CRASHED, "reference"),
        ("one_failed", State.PARTIAL, ""),
        ("all_failed", State.FAILED, "It failed for every task."),
    ],
)
def test_it_ends_in_words(an_action, a_queued_invocation, how, state, words):
    done = run(a_queued_invocation(an_action("endings", options={"how": how})))
    assert done.state == state
    assert words in done.reason
    assert done.finished_at is not None


def test_it_keeps_the_traceback_for_the_operator_without_its_secrets(an_action, a_queued_invocation):
    done = run(a_queued_invocation(an_action("endings", options={"how": "crash"})))
    assert "ValueError" in done.traceback
    assert "hunter2" not in done.traceback
    assert done.reference in done.reason
    assert "ValueError" not in done.reason


def test_it_keeps_what_no_database_would(an_action, a_queued_invocation):
    done = run(a_queued_invocation(an_action("endings", options={"how": "odd"})))
    assert done.state == State.SUCCEEDED
    line = done.log_lines.get().text
    assert "abcdef" not in line
    assert "\x00" not in line
    assert "hunter2" not in str(done.outcome)


def test_it_gives_parameters_as_the_hints_ask(an_action, a_queued_invocation):
    done = run(a_queued_invocation(an_action("endings"), parameters={"word": "good", "unknown": 1}))
    assert done.message == "All good."


def test_a_second_delivery_finds_it_taken(an_action, a_queued_invocation):
    invocation = run(a_queued_invocation(an_action("endings")))
    run(invocation)
    assert events(invocation).count(Happened.CLAIMED) == 1
    assert invocation.attempts == 1


def test_it_names_the_ids_that_are_not_there(an_action, a_queued_invocation, sample_task_ids):
    ids = [*sample_task_ids(2), "00000000-0000-4000-8000-000000000000"]
    done = run(a_queued_invocation(an_action("endings"), task_ids=ids))
    assert done.state == State.PARTIAL
    missing = done.results.get(state=TaskResult.State.MISSING)
    assert (missing.task_id, missing.position) == (ids[2], 2)
    assert missing.message


def test_the_gate_refuses_in_the_worker(an_action, a_queued_invocation):
    done = run(a_queued_invocation(an_action("endings", entity_types=["concept"])))
    assert (done.state, done.reason_code) == (State.REFUSED, "entity_type")
    assert not done.results.filter(state="done").exists()


def test_a_vendor_does_not_reach_what_is_not_assigned(an_action, a_queued_invocation, sample_person, sample_task_ids):
    vendor = sample_person("vendor")
    bot = studio().bot()
    strange = [row["id"] for row in bot.tasks(sample_task_ids(40)) if vendor["id"] not in row["assignees"]][:3]
    done = run(a_queued_invocation(an_action("endings"), person=vendor, task_ids=strange))
    assert (done.state, done.reason_code) == (State.REFUSED, "nothing_there")


def test_it_says_when_a_kind_is_gone(an_action, a_queued_invocation):
    done = run(a_queued_invocation(an_action("no_such_kind")))
    assert done.state == State.FAILED
    assert "not installed" in done.reason


def test_it_waits_for_a_kitsu_that_is_away(an_action, a_queued_invocation):
    invocation = a_queued_invocation(an_action("endings"))
    studio().trouble = KitsuUnreachable()
    try:
        waiting = run(invocation)
    finally:
        studio().trouble = None
    assert (waiting.state, waiting.waiting_for) == (State.WAITING, WaitingFor.KITSU)
    assert waiting.expires_at is not None
    assert waiting.next_at is not None
    assert "cannot be reached" in waiting.reason
    assert waiting.results.count() == 0


def in_thread(invocation):
    def work():
        try:
            carry_out(str(invocation.pk))
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def until(invocation, state):
    for _ in range(400):
        invocation.refresh_from_db()
        if invocation.state == state and (state != State.RUNNING or invocation.log_lines.exists()):
            return
        time.sleep(0.02)
    raise AssertionError(invocation.state)


@pytest.mark.parametrize("listens", [True, False])
def test_it_stops_when_cancelled(an_action, a_queued_invocation, quick_watch, listens):
    action = an_action("slow", options={"seconds": 60, "listens": listens})
    invocation = a_queued_invocation(action)
    thread = in_thread(invocation)
    until(invocation, State.RUNNING)
    assert invocation.ask_to_cancel(None)
    thread.join(timeout=20)
    until(invocation, State.CANCELLED)
    assert Happened.CANCEL_ASKED in events(invocation)


def test_it_stops_at_the_time_limit(an_action, a_queued_invocation, quick_watch):
    action = an_action("slow", options={"seconds": 60, "listens": False}, time_limit=1)
    done = run(a_queued_invocation(action))
    assert (done.state, done.reason_code) == (State.FAILED, "time_limit")
    assert "1 seconds" in done.reason


def test_it_writes_nothing_once_its_claim_is_lost(an_action, a_queued_invocation, quick_watch):
    invocation = a_queued_invocation(an_action("slow", options={"seconds": 60, "listens": False}))
    thread = in_thread(invocation)
    until(invocation, State.RUNNING)
    Invocation.objects.filter(pk=invocation.pk).update(state=State.CRASHED, claim=None)
    thread.join(timeout=20)
    assert not thread.is_alive()
    invocation.refresh_from_db()
    assert invocation.state == State.CRASHED
    assert Happened.FINISHED not in events(invocation)


def test_it_gives_signs_of_life(an_action, a_queued_invocation, quick_watch):
    invocation = a_queued_invocation(an_action("slow", options={"seconds": 1}))
    thread = in_thread(invocation)
    until(invocation, State.RUNNING)
    first = invocation.heartbeat_at
    thread.join()
    invocation.refresh_from_db()
    assert invocation.heartbeat_at > first


def test_a_retry_has_only_what_was_not_done_and_knows_since_when(an_action, a_queued_invocation):
    from actions.worker.calling import tried_since

    first = run(a_queued_invocation(an_action("endings", options={"how": "one_failed"}), count=3))
    assert first.state == State.PARTIAL
    assert tried_since(first) is None
    retry = a_queued_invocation(an_action("debug"), count=1, rerun_of=first, retry=True)
    again = a_queued_invocation(an_action("debug", "debug-2"), count=1, rerun_of=retry, retry=True)
    anew = a_queued_invocation(an_action("debug", "debug-3"), count=1, rerun_of=first)
    begun = first.events.get(what=Happened.CLAIMED).at
    assert tried_since(retry) == tried_since(again) == begun
    assert tried_since(anew) is None
