"""No job that kills an afserver, or that it lists so that nobody can read the list, gets out."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.clients.afanasy import check
from actions.farms.contract import FarmRefuses
from tests.actions.clients.afanasy.jobs import frames, job, tasks
from tests.actions.clients.afanasy.server import Crash, FakeServer


def without(whole, name):
    return {key: value for key, value in whole.items() if key != name}


KILLING = {
    "no blocks": without(job(), "blocks"),
    "empty blocks": job() | {"blocks": []},
    "blocks that are no list": job() | {"blocks": {"0": frames()}},
    "a block that is no object": job(frames(), "block"),
    "a block that is null": job(None),
    "no tasks": job(without(tasks(), "tasks")),
    "empty tasks": job(tasks(tasks=[])),
    "tasks that are no list": job(tasks(tasks={"name": "x"})),
    "a task that is no object": job(tasks(tasks=["x"])),
    "no flags": job(without(frames(), "flags")),
    "no user": without(job(), "user_name"),
    "an empty user": job(user_name=""),
    "a user that is null": job(user_name=None),
    "no object": ["job"],
    "a text": "job",
    "nothing": None,
    "a long name": job(name="x" * 255),
    "a long name of few characters": job(name="Ä" * 128),
}
HARMFUL = {
    "a user with a quotation mark": job(user_name='ja"ne'),
    "a user with a line end": job(user_name="jane\n"),
    "a host with a quotation mark": job(host_name='a"b'),
    "a service with a quotation mark": job(frames(service='ge"neric')),
    "a block's name with a quotation mark": job(frames('ren"der')),
    "a block's name with a backslash": job(frames("ren\\der")),
    "frames backwards": job(frames(frame_first=10, frame_last=9)),
    "no frames per task": job(frames(frames_per_task=0)),
    "no step": job(frames(frames_inc=0)),
    "frames that are texts": job(frames(frame_first="1001")),
    "frames that are true": job(frames(frames_per_task=True)),
    "two million tasks": job(frames(frame_last=4_000_000)),
    "a huge custom_data": job(custom_data="x" * 5_000),
    "a priority as text": job(priority="50"),
    "a priority of 9999": job(priority=9999),
    "an unknown field": job(pirority=50),
    "no command": job(frames(command=" ")),
    "a task without a command": job(tasks(tasks=[{"name": "x"}])),
    "two blocks of one name": job(frames(), frames()),
    "a block that waits for none": job(frames(depend_mask="rendr")),
    "a block that waits for itself": job(frames("a", depend_mask="b"), frames("b", depend_mask="c|a"), frames("c")),
    "a bad regular expression": job(frames(depend_mask="(")),
    "hosts by a bad regular expression": job(hosts_mask="("),
    "hosts of a block by a bad one": job(frames(hosts_mask="*")),
    "hosts by another kind of mask": job(hosts_mask="node.*", hosts_mask_type="find"),
    "half a character": job(name="\ud800"),
    "an end in the middle": job(frames(command="echo \0")),
    "a command of a megabyte": job(frames(command="x" * 1_000_000)),
    "five megabytes": job(*(frames(f"b{number}", command="x" * 90_000) for number in range(60))),
    "frames and tasks": job(frames(tasks=[{"name": "x", "command": "x"}])),
    "an environment that breaks out": job(frames(environment={"A": '"'})),
    "no number": job(frames(capacity=float("nan"))),
}


@pytest.mark.parametrize("name", KILLING)
def test_it_refuses_what_kills_before_a_byte_is_sent(server, farm, name):
    with pytest.raises(FarmRefuses):
        farm.submit(KILLING[name], "mark")
    assert server.heard == []


@pytest.mark.parametrize("name", [name for name in KILLING if name != "a task that is no object"])
def test_these_do_kill(name):
    """Else the tests would prove nothing: the server of these tests dies of them as the real one does."""
    fake = FakeServer()
    try:
        with pytest.raises(Crash):
            fake.answer(json.dumps({"job": KILLING[name]}))
    finally:
        fake.close()


@pytest.mark.parametrize("name", HARMFUL)
def test_it_refuses_what_goes_wrong_later(name):
    with pytest.raises(FarmRefuses):
        check(HARMFUL[name])


def test_it_refuses_a_mark_of_some_kilobytes(server, farm):
    with pytest.raises(FarmRefuses, match="custom_data"):
        farm.submit(job(), "m" * 5_000)
    assert server.heard == []


def test_it_works():
    check(job())
    check(job(name="Ä" * 100))
    check(job(frames("a"), frames("b", depend_mask="a"), tasks("c", depend_mask="a|b")))
    check(job(frames(frame_first=-10, frame_last=-10), priority=0, folders={"output": "/out"}, max_running_tasks=-1))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@st.composite
def broken(draw):
    """A whole job with some of its parts, however deep, replaced by anything or taken away."""
    whole = json.loads(json.dumps(job(frames(), tasks(depend_mask="render"), tasks("other"))))
    for _ in range(draw(st.integers(1, 3))):
        place = whole
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
                place = place[key]
                continue
            if draw(st.booleans()):
                del place[key]
            else:
                place[key] = draw(JUNK)
            break
    return whole


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whole=broken() | JUNK)
def test_nothing_that_passes_kills(whole, idle):
    try:
        check(whole)
    except FarmRefuses:
        return
    said = idle.answer(json.dumps({"job": whole}))
    assert b"serial" in said
    json.loads(idle.answer('{"get":{"type":"jobs"}}'), strict=False)


@pytest.fixture(scope="module")
def idle():
    fake = FakeServer()
    yield fake
    fake.close()
