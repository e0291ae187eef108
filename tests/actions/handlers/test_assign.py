"""The kind `assign`; its hostile moments stand in test_changing_tasks.py."""

from __future__ import annotations

import pytest

from actions.contract import ActionError
from tests.actions.handlers.calling import Sample, plan, run


@pytest.fixture
def sample():
    return Sample()


def test_it_works(sample):
    (row,) = sample.tasks(1, assignees=[sample.person("noa")])
    outcome, report = run("assign", sample.session(), [row["id"]], people=(sample.person("juno"),))
    assert outcome.message == "Assign Juno 🦊 Park: 1 task done."
    data = {"before": "Noa Bar-Lev", "after": "Noa Bar-Lev, Juno 🦊 Park"}
    assert report.results[row["id"]] == ("done", "Assigned", data)
    assert row["assignees"] == [sample.person("noa"), sample.person("juno")]


def test_it_puts_people_in_the_place_of_others(sample):
    (row,) = sample.tasks(1, assignees=[sample.person("noa"), sample.person("leila")])
    people = (sample.person("juno"), sample.person("noa"))
    run("assign", sample.session(), [row["id"]], people=people, how="replace")
    assert row["assignees"] == [sample.person("noa"), sample.person("juno")]


def test_it_assigns_oneself(sample):
    (row,) = sample.tasks(1, assignees=[])
    _, report = run("assign", sample.session("noa"), [row["id"]], me=True)
    assert report.ids("done") == {row["id"]}
    assert row["assignees"] == [sample.person("noa")]


def test_it_refuses_nobody(sample):
    (row,) = sample.tasks(1)
    with pytest.raises(ActionError, match="Choose people, or yourself"):
        run("assign", sample.session(), [row["id"]])


def test_who_is_not_in_the_team_is_not_put_there(sample):
    (row,) = sample.tasks(1, assignees=[])
    stranger = sample.person("northlight")
    found = plan("assign", sample.session(), [row["id"]], people=(stranger,))
    assert [(step.message, step.blocked) for step in found.steps] == [
        ("Vendor Northlight is not in the team of The Lantern Keeper.", True)
    ]
    _, report = run("assign", sample.session(), [row["id"]], people=(stranger,))
    assert report.ids("failed") == {row["id"]}
    assert stranger not in sample.tables.teams[row["project_id"]]


def test_an_account_that_is_not_active_gets_no_tasks(sample):
    (row,) = sample.tasks(1, project="Kettle", assignees=[])
    found = plan("assign", sample.session("luis"), [row["id"]], people=(sample.person("former"),))
    assert found.steps[0].message == "The account of Former Colleague is not active."


def test_another_department_is_said(sample):
    (row,) = sample.tasks(1, assignees=[])
    found = plan("assign", sample.session(), [row["id"]], people=(sample.person("leila"), sample.person("hana")))
    assert not found.steps[0].blocked
    assert found.steps[0].message.startswith("Assigned (ليلى حداد: not of the department Animation): nobody → ")


def test_a_supervisor_assigns_people_of_the_own_department_only(sample):
    (row,) = sample.tasks(1, assignees=[])
    _, report = run("assign", sample.session("greta"), [row["id"]], people=(sample.person("leila"),))
    assert report.results[row["id"]][1].startswith("Kitsu would not take it: this task is not yours to assign.")
    assert row["assignees"] == []
