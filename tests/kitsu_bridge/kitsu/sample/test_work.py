from __future__ import annotations

from collections import Counter

from kitsu_bridge.kitsu.sample.rows import an_id


def test_it_works(tables):
    assert 560 <= len(tables.tasks) <= 640
    for row in tables.tasks.values():
        assert row["entity_id"] in tables.entities
        assert row["task_type_id"] in tables.task_types
        assert row["project_id"] == tables.entities[row["entity_id"]]["project_id"]


def test_its_tasks_are_in_every_status(tables):
    found = Counter(row["task_status_id"] for row in tables.tasks.values())
    assert set(found) == set(tables.task_statuses)
    assert min(found.values()) > 20


def test_it_assigns_only_people_of_the_team(tables):
    for row in tables.tasks.values():
        assert set(row["assignees"]) <= set(tables.teams[row["project_id"]])
        assert len(row["assignees"]) == len(set(row["assignees"]))
    assert {len(row["assignees"]) for row in tables.tasks.values()} >= {0, 1, 2}


def test_it_gives_each_vendor_a_few_tasks_of_one_production(tables):
    for vendor in (row for row in tables.persons.values() if row["role"] == "vendor"):
        given = [row for row in tables.tasks.values() if vendor["id"] in row["assignees"]]
        assert 3 <= len(given) <= 8
        assert len({row["project_id"] for row in given}) == 1


def test_its_statuses_say_what_they_are(tables):
    flags = {row["name"]: row for row in tables.task_statuses.values()}
    assert flags["Done"]["is_done"]
    assert flags["Retake"]["is_retake"]
    assert flags["Waiting For Approval"]["is_feedback_request"]
    assert [row["name"] for row in flags.values() if row["is_default"]] == ["Todo"]
    assert flags["Retake"]["color"] == "#ff3860"


def test_it_has_another_tool_s_action(tables):
    assert list(tables.custom_actions) == [an_id("custom_actions", "review")]
