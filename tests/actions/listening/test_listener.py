from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from actions.line import queue
from actions.listening import position, reading
from actions.listening.listener import Listener
from actions.models import Occasion, Position, Rule
from audit.models import Event, Invocation
from audit.states import Door, Happened, State, Trust
from kitsu_bridge.kitsu.errors import KitsuUnreachable
from tests.actions.listening.conftest import comment, started, status

Outcome = Occasion.Outcome


def test_it_works(listener, a_rule, tasks, own_studio):
    rule = a_rule(statuses_to=[status("wip")])
    assert listener.round() == 0  # It begins with what happens from now on.
    comment(tasks[0], "wip")
    assert listener.round() == 1
    (run,) = started()
    ada = own_studio.session_of("ada@sample.studio").whoami()
    assert (run.door, run.trust, run.person_id, run.task_ids) == (Door.EVENT, Trust.PROVEN, ada["id"], [tasks[0]["id"]])
    assert run.state in {State.QUEUED, State.RUNNING, State.SUCCEEDED}
    occasion = Occasion.objects.get()
    assert (occasion.outcome, occasion.invocation, occasion.rule) == (Outcome.STARTED, run, rule)
    said = Event.objects.get(invocation=run, what=Happened.RULE_STARTED)
    assert rule.name in said.text
    assert said.data["kitsu_event"] == str(occasion.event_id)


def test_each_event_starts_once_however_often_it_is_read(listener, a_rule, tasks):
    a_rule()
    listener.round()
    comment(tasks[0], "wip")
    assert [listener.round() for _ in range(3)] == [1, 0, 0]
    Position.objects.update(read_to=timezone.now() - timedelta(days=1))
    assert listener.round() == 0
    assert len(started()) == 1


def test_of_two_listeners_one_reads_and_the_other_takes_its_place(listener, a_rule, tasks):
    a_rule()
    other = Listener(threading.Event())
    listener.round()
    comment(tasks[0], "wip")
    assert (other.round(), listener.round()) == (0, 1)
    comment(tasks[1], "wip")
    Position.objects.update(held_until=timezone.now() - timedelta(seconds=1))  # It was killed half a minute ago.
    assert (other.round(), listener.round()) == (1, 0)
    assert len(started()) == 2


def test_a_listener_that_lost_its_place_starts_nothing_twice(listener, a_rule, tasks):
    """It has read the events, and only then the other one took over and dealt with them."""
    rule = a_rule()
    listener.round()
    comment(tasks[0], "wip")
    slow = Listener(threading.Event())
    events = reading.since(Position.objects.get().read_to, [rule.event])
    assert listener.round() == 1
    assert slow._deal_with(events, [rule]) == 0
    assert len(started()) == 1


def test_what_happened_in_its_absence_is_read_page_by_page(listener, a_rule, tasks, monkeypatch):
    a_rule(per_minute=1000)
    listener.round()
    monkeypatch.setattr(reading, "PAGE", 4)
    for task in tasks[:11]:
        comment(task, "wip")
    assert listener.round() == 11
    assert [run.task_ids[0] for run in started()] == [task["id"] for task in tasks[:11]]


def test_what_fits_no_rule_is_not_read_again_and_again(listener, a_rule, tasks, own_studio):
    """Events of the same family that no rule is about move the position as well."""
    a_rule(event="task:new")
    listener.round()
    own_studio.session_of("ada@sample.studio").set_priority([tasks[0]["id"]], 3)
    listener.round()
    newest = own_studio.events(limit=1)[0]
    assert (newest["name"], Position.objects.get().event_id) == ("task:update", newest["id"])


def test_kitsu_being_away_loses_nothing(listener, a_rule, tasks, own_studio):
    a_rule()
    listener.round()
    comment(tasks[0], "wip")
    own_studio.trouble = KitsuUnreachable()
    listener._round_safely()
    assert "cannot be reached" in Position.objects.get().trouble
    own_studio.trouble = None
    listener._round_safely()
    assert (len(started()), Position.objects.get().trouble) == (1, "")


def test_a_gap_is_said(listener, a_rule, tasks, own_studio):
    a_rule()
    comment(tasks[0], "wip")
    listener.round()
    own_studio.happened._rows.clear()  # As Zou removes events that are older than 90 days.
    Position.objects.update(read_at=timezone.now() - timedelta(days=100))
    comment(tasks[1], "wip")
    listener.round()
    assert "Kitsu no longer has its events from" in Position.objects.get().gap
    assert Event.objects.filter(what=Happened.EVENTS_LOST).count() == 1
    assert len(started()) == 1


def test_what_happened_before_the_rule_starts_nothing(listener, a_rule, tasks):
    a_rule(event="task:assign")
    listener.round()
    comment(tasks[0], "wip")
    a_rule(since=timezone.now() + timedelta(seconds=2))
    assert listener.round() == 0


def test_without_rules_it_keeps_up(listener, a_rule, tasks):
    listener.round()
    comment(tasks[0], "wip")
    listener.round()
    assert Position.objects.get().read_to is not None
    rule = a_rule()
    Rule.objects.filter(pk=rule.pk).update(since=timezone.now() + timedelta(seconds=1))
    assert listener.round() == 0
    assert not started()


def test_a_burst_is_held_to_the_rules_limit(listener, a_rule, tasks, own_studio):
    a_rule(event="task:update", per_minute=7)
    listener.round()
    ids = [row["id"] for row in own_studio.tables.tasks.values()][:500]
    ada = own_studio.session_of("ada@sample.studio")
    for priority in (1, 2):
        ada.set_priority(ids, priority)
    assert listener.round() == 1000
    counts = {outcome: Occasion.objects.filter(outcome=outcome).count() for outcome in Outcome}
    assert 7 <= counts[Outcome.STARTED] <= 14  # It may fall into two minutes.
    assert counts[Outcome.STARTED] + counts[Outcome.LIMITED] == 1000
    assert len(started()) == counts[Outcome.STARTED]


def test_what_is_in_the_middle_when_it_dies_is_done_by_the_next(listener, a_rule, tasks, monkeypatch):
    """Killed after the invocation was written and before anything was committed: all of it is gone, and read again."""
    a_rule()
    listener.round()
    comment(tasks[0], "wip")

    class Killed(BaseException):
        pass

    from actions.listening import starting

    real = starting._write
    monkeypatch.setattr(starting, "_write", lambda *_: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        listener.round()
    assert (Occasion.objects.count(), Invocation.objects.count()) == (0, 0)
    monkeypatch.setattr(starting, "_write", real)
    assert listener.round() == 1
    assert len(started()) == 1


def test_it_listens_and_stops(listener, a_rule, tasks, monkeypatch):
    sent = threading.Event()
    monkeypatch.setattr(queue, "send", lambda invocation: sent.set() or True)
    a_rule()
    thread = threading.Thread(target=listener.listen, daemon=True)
    thread.start()
    try:
        for _ in range(100):
            if Position.objects.filter(read_to__isnull=False).exists():
                break
            threading.Event().wait(0.1)
        comment(tasks[0], "wip")
        assert sent.wait(20)
    finally:
        listener.stopped.set()
        listener._ring()
        thread.join(20)
    assert not thread.is_alive()
    assert position.take("another") is not None
