from __future__ import annotations

import pytest

from actions.line.calls import received
from audit.models import Invocation, TaskResult
from audit.parts import AT_THE_DOOR, AT_THE_END, PARTS, bind, hash_of
from audit.states import Door, State


@pytest.fixture
def bound_call(db):
    invocation = Invocation(
        door=Door.FORM,
        state=State.SUCCEEDED,
        payload="selection=1",
        address="192.0.2.7",
        options={"factor": 1e22, "small": 1e-7, "text": "é"},
        understood={"person_email": "noa@studio.example"},
    )
    hashes = bind(invocation, *AT_THE_DOOR, *AT_THE_END)
    invocation.save()
    return Invocation.objects.get(pk=invocation.pk), hashes


def test_it_works(bound_call):
    invocation, hashes = bound_call
    assert {part: hash_of(invocation, part) for part in PARTS} == hashes


@pytest.mark.parametrize("part", [part for part in PARTS if PARTS[part]])
def test_it_tells_each_part_apart(bound_call, part):
    invocation, hashes = bound_call
    setattr(invocation, PARTS[part][0], "altered")
    assert {name for name in PARTS if hash_of(invocation, name) != hashes[name]} == {part}


def test_it_binds_the_results(bound_call):
    invocation, hashes = bound_call
    result = TaskResult.objects.create(invocation=invocation, task_id="t", position=0, state="done", data={"n": 1e22})
    assert hash_of(invocation, "results") != hashes["results"]
    bound = bind(invocation, "results")
    TaskResult.objects.filter(pk=result.pk).update(message="altered")
    assert hash_of(invocation, "results") != bound["results"]


def test_it_salts_each_part_by_itself(bound_call):
    invocation, _ = bound_call
    assert len(set(invocation.salts.values())) == len(PARTS)


def test_it_is_what_the_first_event_binds(bound_call):
    invocation, _ = bound_call
    event = received(invocation)
    assert event.data["bound"] == {part: hash_of(invocation, part) for part in AT_THE_DOOR}
