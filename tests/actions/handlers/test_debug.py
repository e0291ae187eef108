"""The debug view needs no database: a call of the sample studio, and a report that collects."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from actions.contract import Cancelled
from actions.handlers import debug
from actions.testing import call_for
from kitsu_bridge.kitsu.sample import SampleStudio


@pytest.fixture
def called():
    """Runs it for somebody of the sample studio: `called("noa", 5)`; without a number on every task that they may see."""

    def run(name="ada", count=None, *, missing=0, stop_after=10**9, **said):
        studio = SampleStudio()
        bot = studio.bot()
        tasks = count or [row["id"] for one in bot.projects() for row in bot.project_tasks(one["id"])]
        sample = call_for(name, tasks, missing=missing, stop_after=stop_after, studio=studio)
        sample.call = replace(sample.call, selection=replace(sample.call.selection, **said))
        return sample.run(debug), sample.report, sample.call

    return run


def test_it_works(called):
    outcome, report, call = called(count=5)
    assert outcome.message == "5 tasks of 1 production."
    result = report.results[call.tasks[0].id]
    data = result.data
    assert (result.state, result.message) == ("done", call.tasks[0].status.name)
    assert set(data) >= {"task", "entity", "parents", "project", "task type", "status", "people", "metadata", "casting",
                         "comments", "previews", "time_spents", "said", "link"}  # fmt: skip
    assert data["link"].startswith("https://kitsu.sample.studio/productions/")
    assert data["entity"]["link"].endswith(f"/assets/{call.tasks[0].entity.id}")


def test_it_takes_all_tasks_of_the_studio(called):
    _outcome, report, call = called()
    assert len(report.results) == len(call.tasks) > 500
    assert report.steps[-1][:2] == (len(call.tasks), len(call.tasks))
    assert all(len(json.dumps(data)) <= debug.LARGEST for data in (result.data for result in report.done))
    assert any(data["comments"] for data in (result.data for result in report.done))
    assert any(data["casting"] for data in (result.data for result in report.done))


def test_it_says_what_is_not_there(called):
    outcome, _, _ = called(count=2, missing=1)
    assert outcome.message == "2 tasks of 1 production. 1 not there."


def test_what_the_call_said_stands_beside_what_is_true(called):
    _, report, call = called(count=1, entity_type="episode", project_id=str(0), person_id="X")
    said = report.results[call.tasks[0].id].data["said"]
    assert said["entity type"] == {"said": "episode", "is": call.tasks[0].entity.kind, "agree": False}
    assert not said["project"]["agree"]


@pytest.mark.parametrize(("name", "words"), [("clara", "As a client"), ("pixelworks", "As a vendor"), ("ada", "")])
def test_it_says_what_a_role_does_not_see(called, name, words):
    outcome, report, _ = called(name)
    assert outcome.data["not_seen"] == [] if not words else outcome.data["not_seen"][0].startswith(words)
    assert report.results


def test_a_client_s_blank_fields_are_named(called):
    _, report, call = called("clara")
    data = report.results[call.tasks[0].id].data
    assert "estimation" in data["blanked for clients"]
    assert data["task"]["estimation"] == 0


def test_it_stops_when_cancelled(called):
    sample = call_for("ada", 2 * debug.AT_ONCE + 1, stop_after=1)
    with pytest.raises(Cancelled):
        sample.run(debug)
    assert len(sample.report.done) == debug.AT_ONCE


def test_a_task_that_is_too_large_is_cut(called, monkeypatch):
    monkeypatch.setattr(debug, "LARGEST", 9000)
    _, report, _ = called()
    sizes = [len(json.dumps(data)) for data in (result.data for result in report.done)]
    assert max(sizes) <= 9000
    assert any(name.endswith(" cut") for data in (result.data for result in report.done) for name in data)
