from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import Error, transaction
from django.utils import timezone

from actions.line.recording import record
from audit.models import Event, Invocation
from audit.states import Door, Happened, State, Trust

NASTY = 'O\'Neill \\ "%s" %(lock)s {} \\u0041 é ليلى 🙂 \n\t; DROP TABLE audit_event; --'
WINDOW = {"double_click_window": 5}


@pytest.fixture
def a_call(db):
    """A call not yet written, with something in every kind of field."""

    def make(**fields):
        given = {"door": Door.FORM, "state": State.QUEUED, "fingerprint": "same", "definition": WINDOW}
        more = {"payload": NASTY, "options": {NASTY: [1, 2.5, None, True, {"a": NASTY}]}, "trust": Trust.PROVEN}
        return Invocation(**{**given, **more, "task_ids": [str(uuid4())], "queued_at": timezone.now(), **fields})

    return make


def events_of(call):
    return [call.event(Happened.RECEIVED), call.event(Happened.QUEUED, text=NASTY, queue=NASTY, n=1)]


def fields(row, *but):
    return {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.attname not in but
    }


def test_it_works(a_call):
    call = a_call()
    events = events_of(call)
    assert record(call, events, alone=False) is None
    assert fields(Invocation.objects.get(pk=call.pk)) == fields(call)
    kept = list(call.events.all())
    assert [fields(one, "id") for one in kept] == [fields(one, "id") for one in events]
    assert [fields(one.particulars, "event_id") for one in kept] == [
        fields(one.particulars, "event_id") for one in events
    ]
    assert [one.particulars.event_id for one in kept] == [one.pk for one in kept]


def test_it_works_for_a_rerun(a_call):
    first, again = a_call(), a_call(fingerprint="again")
    record(first, events_of(first))
    again.rerun_of = first
    record(again, events_of(again))
    assert Invocation.objects.get(pk=again.pk).rerun_of == first


@pytest.mark.parametrize("seconds", [-4, 0, 4])
def test_it_refuses_a_twin(a_call, seconds):
    first, twin = a_call(), a_call(received_at=timezone.now() + timedelta(seconds=seconds))
    record(first, events_of(first), alone=False)
    assert record(twin, events_of(twin), alone=False) == first
    assert (Invocation.objects.count(), Event.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    "fields",
    [
        {"fingerprint": "other"},
        {"received_at": timezone.now() + timedelta(days=1)},
        {"definition": {"double_click_window": 0}},
    ],
)
def test_it_writes_what_is_no_twin(a_call, fields):
    first, other = a_call(), a_call(**fields)
    record(first, events_of(first), alone=False)
    assert record(other, events_of(other), alone=False) is None
    assert Invocation.objects.count() == 2


@pytest.mark.parametrize("state", [State.REFUSED, State.CANCELLED])
def test_it_writes_a_call_again_that_ended_at_once(a_call, state):
    first, again = a_call(state=state), a_call()
    record(first, events_of(first), alone=False)
    assert record(again, events_of(again), alone=False) is None


def test_it_writes_a_twin_where_twins_do_not_matter(a_call):
    first, twin = a_call(), a_call()
    record(first, events_of(first))
    assert record(twin, events_of(twin)) is None


def test_it_writes_both_or_nothing(a_call):
    call = a_call()
    events = events_of(call)
    events[1].particulars.text = None
    with pytest.raises(Error), transaction.atomic():
        record(call, events)
    assert not Invocation.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.postgres
def test_it_asks_postgresql_once(a_call, django_assert_num_queries):
    call = a_call()
    with django_assert_num_queries(1):
        record(call, events_of(call), alone=False)
