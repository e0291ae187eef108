"""The kind `dates`; its hostile moments stand in test_changing_tasks.py."""

from __future__ import annotations

from datetime import date

import pytest

from actions.contract import ActionError
from actions.handlers.dates import moved
from tests.actions.handlers.calling import Sample, plan, run

MONDAY, FRIDAY = "2026-01-05T00:00:00", "2026-01-09T00:00:00"


@pytest.fixture
def sample():
    return Sample()


@pytest.fixture
def row(sample):
    return sample.tasks(1, start_date=MONDAY, due_date=FRIDAY, estimation=480)[0]


def test_it_works(sample, row):
    outcome, report = run("dates", sample.session(), [row["id"]], due=date(2026, 1, 12), estimate=1.5)
    assert outcome.message == "Set due 2026-01-12, estimate 1.5 days: 1 task done."
    data = {"before": "due 2026-01-09, estimate 1 day", "after": "due 2026-01-12, estimate 1.5 days"}
    assert report.results[row["id"]] == ("done", "Dates", data)
    assert (row["start_date"], row["due_date"], row["estimation"]) == (MONDAY, "2026-01-12T00:00:00", 720)


@pytest.mark.parametrize(
    ("day", "days", "skip_weekends", "found"),
    [
        ("2026-01-05", 3, True, "2026-01-08"),
        ("2026-01-09", 1, True, "2026-01-12"),
        ("2026-01-09", 1, False, "2026-01-10"),
        ("2026-01-10", 1, True, "2026-01-12"),
        ("2026-01-12", -1, True, "2026-01-09"),
        ("2026-01-11", -1, True, "2026-01-09"),
        ("2026-01-05", 10, True, "2026-01-19"),
        ("2024-02-28", 1, False, "2024-02-29"),
        ("2026-01-05", 0, True, "2026-01-05"),
    ],
)
def test_it_counts_days(day, days, skip_weekends, found):
    assert moved(day, days, skip_weekends) == found


def test_it_shifts_over_the_weekend(sample, row):
    run("dates", sample.session(), [row["id"]], shift=1)
    assert (row["start_date"][:10], row["due_date"][:10]) == ("2026-01-06", "2026-01-12")
    run("dates", sample.session(), [row["id"]], shift=-1, skip_weekends=False)
    assert (row["start_date"][:10], row["due_date"][:10]) == ("2026-01-05", "2026-01-11")


def test_it_leaves_alone_what_has_no_dates(sample, row):
    row.update(start_date=None, due_date=None)
    _, report = run("dates", sample.session(), [row["id"]], shift=5)
    assert report.results[row["id"]][:2] == ("skipped", "It has no dates to shift.")


def test_it_clears(sample, row):
    _, report = run("dates", sample.session(), [row["id"]], clear=("due_date", "estimation"))
    assert (row["start_date"], row["due_date"], row["estimation"]) == (MONDAY, None, 0)
    assert report.results[row["id"]][2]["after"] == "due –, estimate –"


def test_a_start_after_the_due_date_is_blocked(sample, row):
    found = plan("dates", sample.session(), [row["id"]], start=date(2026, 1, 20))
    assert [(step.message, step.blocked) for step in found.steps] == [
        ("It would start on 2026-01-20, after it is due on 2026-01-09.", True)
    ]


def test_dates_that_stand_the_wrong_way_round_already_do_not_hold_up_an_estimate(sample, row):
    row.update(start_date=FRIDAY, due_date=MONDAY)
    run("dates", sample.session(), [row["id"]], estimate=3)
    assert row["estimation"] == 3 * 480


def test_the_end_of_the_calendar_is_an_answer(sample, row):
    row.update(due_date="9999-12-30T00:00:00")
    found = plan("dates", sample.session(), [row["id"]], shift=10)
    assert [(step.message, step.blocked) for step in found.steps] == [
        ("A calendar has no day for its dates so many days away.", True)
    ]


@pytest.mark.parametrize(("unit", "minutes"), [("hours", 150), ("days", 1125)])
def test_it_counts_estimates_as_the_studio_does(sample, row, unit, minutes):
    sample.tables.organisation["hours_by_day"] = 7.5
    run("dates", sample.session(), [row["id"]], estimate=2.5, unit=unit)
    assert row["estimation"] == minutes


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "Give a date"),
        ({"shift": 2, "due": date(2026, 1, 1)}, "not both"),
        ({"shift": 2, "clear": ("due_date",)}, "not both"),
        ({"due": date(2026, 1, 1), "clear": ("due_date",)}, "set and cleared"),
        ({"start": date(2026, 2, 1), "due": date(2026, 1, 1)}, "after the due date"),
    ],
)
def test_it_refuses_what_contradicts_itself(sample, row, asked, words):
    with pytest.raises(ActionError, match=words):
        plan("dates", sample.session(), [row["id"]], **asked)


def test_a_supervisor_sets_dates_of_the_own_department_only(sample):
    mine, theirs = sample.tasks(1)[0], sample.tasks(1, task_type="Lighting")[0]
    _, report = run("dates", sample.session("greta"), [mine["id"], theirs["id"]], due=date(2030, 1, 1))
    assert report.ids("done") == {mine["id"]}
    assert "Supervisors of its department and managers may." in report.results[theirs["id"]][1]
