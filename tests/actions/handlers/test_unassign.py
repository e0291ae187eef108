"""The kind `unassign`; its hostile moments stand in test_changing_tasks.py."""

from __future__ import annotations

import pytest

from actions.contract import ActionError
from tests.actions.handlers.calling import Sample, run


@pytest.fixture
def sample():
    return Sample()


def test_it_works(sample):
    (row,) = sample.tasks(1, assignees=[sample.person("noa"), sample.person("juno")])
    outcome, report = run("unassign", sample.session(), [row["id"]], people=(sample.person("noa"),))
    assert outcome.message == "Take Noa Bar-Lev off: 1 task done."
    data = {"before": "Noa Bar-Lev, Juno 🦊 Park", "after": "Juno 🦊 Park"}
    assert report.results[row["id"]] == ("done", "Taken off", data)
    assert row["assignees"] == [sample.person("juno")]


def test_it_takes_oneself_off(sample):
    (row,) = sample.tasks(1, assignees=[sample.person("noa"), sample.person("juno")])
    _, report = run("unassign", sample.session("noa"), [row["id"]], me=True)
    assert report.ids("done") == {row["id"]}
    assert row["assignees"] == [sample.person("juno")]


def test_it_says_that_an_artist_takes_off_nobody_else(sample):
    (row,) = sample.tasks(1, assignees=[sample.person("noa"), sample.person("juno")])
    _, report = run("unassign", sample.session("noa"), [row["id"]], everybody=True)
    assert report.ids("failed") == {row["id"]}
    assert sample.person("juno") in row["assignees"]


def test_it_skips_tasks_without_them(sample):
    (row,) = sample.tasks(1, assignees=[])
    outcome, report = run("unassign", sample.session(), [row["id"]], everybody=True)
    assert report.results[row["id"]][:2] == ("skipped", "Nobody of them is assigned.")
    assert outcome.message == "Take everybody off: 1 task so already."


def test_it_refuses_people_and_everybody(sample):
    with pytest.raises(ActionError, match="not both"):
        run("unassign", sample.session(), [], me=True, everybody=True)
