"""The events of an invocation in order: what changed with each, and how long between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from audit.record.happenings import AT_ONCE, Change, happenings
from audit.states import Happened, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(an_invocation):
    """Writes events a second apart: `told(("queued", {}), ...)`, and returns the invocation."""

    def write(*events):
        invocation = an_invocation()
        begun = timezone.now() - timedelta(hours=1)
        for number, (what, data) in enumerate(events):
            event = invocation.event(what, **data)
            event.at = begun + timedelta(seconds=number)
            event.save()
        return invocation

    return write


def changes(invocation, after=0):
    return [one.changes for one in happenings(invocation, after)[0]]


def test_it_works(told):
    invocation = told(
        (Happened.RECEIVED, {}),
        (Happened.WAITING, {"waiting_for": "parameters"}),
        (Happened.QUEUED, {"queue": "actions"}),
        (Happened.CLAIMED, {"worker": "w:1"}),
        (Happened.FINISHED, {"state": "partial"}),
    )
    shown, more = happenings(invocation)
    assert [one.changes for one in shown] == [
        (),
        (Change("State", "", "Waiting"),),
        (Change("State", "Waiting", "Queued"),),
        (Change("State", "Queued", "Running"),),
        (Change("State", "Running", "Partly done"),),
    ]
    assert [one.since for one in shown] == [None, *[timedelta(seconds=1)] * 4]
    assert (shown[3].facts, more) == ((("worker", "w:1"),), 0)


def test_it_says_which_answers_became_others(told):
    invocation = told(
        (Happened.GIVEN, {"answers": {"Name": "One", "For": "client"}}),
        (Happened.BACK, {}),
        (Happened.GIVEN, {"answers": {"Name": "Two", "For": "client"}}),
    )
    first, *rest = changes(invocation)
    assert set(first) == {Change("Name", "", "One"), Change("For", "", "client")}  # PostgreSQL keeps no order of names.
    assert rest == [
        (Change("State", "", "Waiting"),),
        (Change("Name", "One", "Two"),),
    ]


def test_it_shows_what_an_event_itself_says_was_and_is(told):
    invocation = told((Happened.FARM_ASKED, {"before": {"priority": 50}, "after": {"priority": 90}}))
    assert changes(invocation) == [(Change("priority", "50", "90"),)]


def test_it_leaves_the_state_where_somebody_else_tried(told):
    invocation = told((Happened.WAITING, {}), (Happened.REFUSED, {"code": "contradiction"}), (Happened.QUEUED, {}))
    assert changes(invocation)[1:] == [(), (Change("State", "Waiting", "Queued"),)]


def test_it_goes_on_where_the_page_before_ended(told):
    invocation = told((Happened.QUEUED, {}), (Happened.CLAIMED, {}))
    Event.objects.bulk_create(invocation.event(Happened.EXPORTED) for _ in range(AT_ONCE))
    ended = invocation.event(Happened.FINISHED, state=State.SUCCEEDED)
    ended.save()
    first, more = happenings(invocation)
    assert (len(first), more) == (AT_ONCE, first[-1].event.pk)
    rest, more = happenings(invocation, more)
    assert (rest[-1].event, more, len(rest)) == (ended, 0, 3)
    assert rest[-1].changes == (Change("State", "Running", "Succeeded"),)
    assert rest[0].since is not None


def test_it_bounds_what_somebody_wrote(told):
    invocation = told((Happened.GIVEN, {"answers": {"Note": "x" * 90_000}}))
    (change,) = changes(invocation)[0]
    assert len(change.new) < 2100
    assert "90,000" in change.new
