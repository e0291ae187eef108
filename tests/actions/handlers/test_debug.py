"""The debug view needs no database: a call, a report that collects, and the sample studio."""

from __future__ import annotations

import json

import pytest

from actions.contract import Call, Cancelled, Selection
from actions.handlers import debug
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.sample import SampleStudio


class Collected:
    """What a handler said."""

    def __init__(self, stop_after=10**9):
        self.results, self.lines, self.steps, self._stop_after = {}, [], [], stop_after

    @property
    def cancelled(self):
        return len(self.results) >= self._stop_after

    def log(self, text, level):
        self.lines.append((level, text))

    def progress(self, done, total, text):
        self.steps.append((done, total))

    def result(self, task, state, message, data):
        self.results[task.id] = (state, message, dict(data))


@pytest.fixture
def called():
    """Runs it for somebody of the sample studio: `called("ada", ids)`."""
    studio = SampleStudio()

    def run(name="ada", count=None, *, extra=(), report=None, **selection):
        kitsu = studio.session(studio.log_in(f"{name}@sample.studio", "any"))
        everything = [row["id"] for one in studio.bot().projects() for row in studio.bot().project_tasks(one["id"])]
        ids = (*everything[:count], *extra)
        report = report or Collected()
        person = Person.from_record(kitsu.whoami())
        call = Call(
            "i", person, True, Selection(ids, **selection), resolve(kitsu, ids), kitsu, report, "https://kitsu.studio"
        )
        return debug.run(call), report, call

    return run


def test_it_works(called):
    outcome, report, call = called(count=5)
    assert outcome.message == "5 tasks of 1 production."
    state, message, data = report.results[call.tasks[0].id]
    assert (state, message) == ("done", call.tasks[0].status.name)
    assert set(data) >= {"task", "entity", "parents", "project", "task type", "status", "people", "metadata", "casting",
                         "comments", "previews", "time_spents", "said", "link"}  # fmt: skip
    assert data["link"].startswith("https://kitsu.studio/productions/")
    assert data["entity"]["link"].endswith(f"/assets/{call.tasks[0].entity.id}")


def test_it_takes_all_tasks_of_the_studio(called):
    _outcome, report, call = called()
    assert len(report.results) == len(call.tasks) > 500
    assert report.steps[-1] == (len(call.tasks), len(call.tasks))
    assert all(len(json.dumps(data)) <= debug.LARGEST for _, _, data in report.results.values())
    assert any(data["comments"] for _, _, data in report.results.values())
    assert any(data["casting"] for _, _, data in report.results.values())


def test_it_says_what_is_not_there(called):
    outcome, _, _ = called(count=2, extra=("00000000-0000-4000-8000-000000000000",))
    assert outcome.message == "2 tasks of 1 production. 1 not there."


def test_what_the_call_said_stands_beside_what_is_true(called):
    _, report, call = called(count=1, entity_type="episode", project_id=str(0), person_id="X")
    said = report.results[call.tasks[0].id][2]["said"]
    assert said["entity type"] == {"said": "episode", "is": call.tasks[0].entity.kind, "agree": False}
    assert not said["project"]["agree"]


@pytest.mark.parametrize(("name", "words"), [("clara", "As a client"), ("pixelworks", "As a vendor"), ("ada", "")])
def test_it_says_what_a_role_does_not_see(called, name, words):
    outcome, report, _ = called(name)
    assert outcome.data["not_seen"] == [] if not words else outcome.data["not_seen"][0].startswith(words)
    assert report.results


def test_a_client_s_blank_fields_are_named(called):
    _, report, call = called("clara")
    data = report.results[call.tasks[0].id][2]
    assert "estimation" in data["blanked for clients"]
    assert data["task"]["estimation"] == 0


def test_it_stops_when_cancelled(called):
    report = Collected(stop_after=1)
    with pytest.raises(Cancelled):
        called(report=report)
    assert len(report.results) <= debug.AT_ONCE


def test_a_task_that_is_too_large_is_cut(called, monkeypatch):
    monkeypatch.setattr(debug, "LARGEST", 9000)
    _, report, _ = called()
    sizes = [len(json.dumps(data)) for _, _, data in report.results.values()]
    assert max(sizes) <= 9000
    assert any(name.endswith(" cut") for _, _, data in report.results.values() for name in data)
