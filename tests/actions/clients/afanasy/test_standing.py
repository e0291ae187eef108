from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.clients.afanasy.standing import CANCELLED, seen
from actions.farms.contract import Seen
from tests.actions.clients.afanasy.jobs import job as a_job

HOSTS = [{"state": " ONL"}, {"state": " ONL RUN"}, {"state": " OFF"}]


def row(st, **more):
    blocks = [{"tasks_num": 3, "p_tasks_done": 2}, {"tasks_num": 1, "p_tasks_error": 1}]
    return {"st": st, "blocks": blocks} | more


@pytest.mark.parametrize(
    ("bits", "state"),
    [
        (4, "queued"),
        (1 | 4, "queued"),
        (1, "queued"),
        (1 | 2, "running"),
        (2, "running"),
        (1 | 2 | 32, "running"),
        (32, "failed"),
        (16, "done"),
        (16 | 16384, "done"),
        (16 | 512, "done"),
        (16 | 1, "queued"),
        (512, "paused"),
        (512 | 32, "paused"),
        (512 | 2, "running"),
        (8, "queued"),
        (32 | 131072, "failed"),
    ],
)
def test_it_reads_bits(bits, state):
    assert seen(row(bits)).state == state


def test_it_works():
    assert seen(row(2)) == Seen("running", 2, 1, 4, "One of its tasks failed.")
    assert seen(row(512, annotation=CANCELLED)).state == "cancelled"
    assert "thumbnail" in seen(row(16 | 16384)).message


@pytest.mark.parametrize(
    ("job", "renders", "said"),
    [
        (row(1, blocks=[{"p_avoid_hosts": 1}, {"p_avoid_hosts": 2}]), HOSTS, "failed on 2 hosts"),
        (row(1, blocks=[{"p_avoid_hosts": 1}]), None, "failed on 1 host,"),
        (row(1, blocks=[{"p_avoid_hosts": 1, "p_error_hosts": 2}], time_started=7), HOSTS, ""),
        (row(1, blocks=[{"p_error_hosts": 2}], time_started=7), HOSTS, ""),
        (row(1, blocks=[]), [], "No render"),
        (row(1, blocks=[]), [{"state": " OFF"}], "No render"),
        (row(1, blocks=[]), HOSTS, "1 host is free, and none takes it"),
        (row(1, blocks=[], time_creation=2**52), HOSTS, ""),
        (row(1, blocks=[], time_started=7), HOSTS, ""),
        (row(1, blocks=[]), [{"state": " ONL RUN"}, {"state": " ONL NBY"}], ""),
        (row(2, blocks=[{"p_avoid_hosts": 2}]), HOSTS, ""),
        (row(512 | 1, blocks=[{"p_avoid_hosts": 2}]), [], ""),
    ],
)
def test_it_says_why_nothing_happens(job, renders, said):
    stuck = seen(job, renders).stuck
    assert said in stuck
    assert bool(said) == bool(stuck)


@given(
    st.dictionaries(
        st.sampled_from(["st", "blocks", "annotation"]), st.recursive(st.none() | st.integers() | st.text(), st.lists)
    )
)
def test_it_bears_any_answer(job):
    assert seen(job).total >= 0


def test_it_asks_for_the_renders_only_when_a_job_waits(server, farm):
    sent = farm.submit(a_job(offline=False), "m")
    server.of(sent.id).update(st=1)
    server.renders = []
    assert farm.look([sent])[sent.id].stuck == "No render of the farm is there."
    assert [message["get"]["type"] for message in server.heard[1:]] == ["jobs", "renders"]
    server.trouble = ["", "empty"]
    assert farm.look([sent])[sent.id].stuck == ""
