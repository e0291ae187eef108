"""The kind `time_spent`; its hostile moments stand in test_changing_tasks.py."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from actions.contract import ActionError
from tests.actions.handlers.calling import Sample, plan, run

DAY = date(2026, 3, 2)


@pytest.fixture
def sample():
    return Sample()


@pytest.fixture
def row(sample):
    return sample.tasks(1, assignees=[sample.person("noa")])[0]


def logged(sample, row):
    return [(one["person_id"], one["date"], one["duration"]) for one in sample.tables.time_spents.values()
            if one["task_id"] == row["id"] and one["date"] == DAY.isoformat()]  # fmt: skip


def test_it_works(sample, row):
    outcome, report = run("time_spent", sample.session("noa"), [row["id"]], amount=1.5, day=DAY)
    assert outcome.message == "Log 1 h 30 min of Noa Bar-Lev on 2026-03-02: 1 task done."
    assert report.results[row["id"]] == ("done", "Time spent", {"before": "nothing", "after": "1 h 30 min"})
    assert logged(sample, row) == [(sample.person("noa"), "2026-03-02", 90)]


def test_it_adds_and_it_replaces(sample, row):
    noa = sample.session("noa")
    for how, amount in (("add", 60), ("add", 30), ("set", 45)):
        run("time_spent", noa, [row["id"]], amount=amount, unit="minutes", day=DAY, how=how)
    assert [duration for _, _, duration in logged(sample, row)] == [45]


def test_it_is_for_people_who_are_assigned(sample, row):
    found = plan("time_spent", sample.session("juno"), [row["id"]], amount=1, day=DAY)
    words = "Juno 🦊 Park is not assigned to it: Kitsu takes no time then."
    assert [(step.message, step.blocked) for step in found.steps] == [(words, True)]


def test_a_manager_logs_for_others_and_an_artist_does_not(sample, row):
    row["assignees"] = [sample.person("noa"), sample.person("juno")]
    for name, state in (("hana", "done"), ("juno", "failed")):
        kitsu = sample.session(name)
        _, report = run("time_spent", kitsu, [row["id"]], amount=1, day=DAY, person=sample.person("noa"))
        assert report.results[row["id"]][0] == state


def test_a_day_has_24_hours(sample, row):
    noa = sample.session("noa")
    run("time_spent", noa, [row["id"]], amount=20, day=DAY)
    _, report = run("time_spent", noa, [row["id"]], amount=5, day=DAY)
    assert report.results[row["id"]][1] == "With the 20 h logged already it would be more than 24 hours."
    with pytest.raises(ActionError, match="between one minute and 24 hours"):
        run("time_spent", noa, [row["id"]], amount=25, day=DAY)


def test_of_what_was_logged_before_the_first_try_a_retry_knows_the_difference(sample, row):
    noa, begun = sample.session("noa"), datetime.now(UTC)
    run("time_spent", noa, [row["id"]], amount=1, day=DAY)
    (made,) = [
        one for one in sample.tables.time_spents.values() if one["task_id"] == row["id"] and one["date"] == "2026-03-02"
    ]
    made["updated_at"] = (begun - timedelta(hours=1)).replace(tzinfo=None).isoformat()
    run("time_spent", noa, [row["id"]], amount=1, day=DAY, more={"tried_since": begun})
    assert made["duration"] == 120
    _, report = run("time_spent", noa, [row["id"]], amount=1, day=DAY, more={"tried_since": begun})
    assert made["duration"] == 120
    assert report.results[row["id"]][1].startswith("Was there already: 2 h")


def test_today_is_where_the_person_is(sample, row):
    _, report = run("time_spent", sample.session("noa"), [row["id"]], amount=1)
    days = {one["date"] for one in sample.tables.time_spents.values() if one["task_id"] == row["id"]}
    utc = datetime.now(UTC).date()
    assert days & {(utc + timedelta(days=one)).isoformat() for one in (-1, 0, 1)}
    assert report.ids("done")
