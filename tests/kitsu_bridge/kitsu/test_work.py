"""Whole productions, row by row: what everybody reads of them, from the sample studio, a real Zou, and the bot in their place."""

from __future__ import annotations

import uuid
from collections import Counter

import pytest

from kitsu_bridge.kitsu.errors import KitsuForbids, NotInKitsu

KINDS = ("Shot", "Asset", "Sequence", "Episode", "Edit", "Concept")
OF_A_TASK = {
    "id", "entity_id", "task_type_id", "task_status_id", "assignees", "estimation", "duration", "retake_count",
    "real_start_date", "end_date", "start_date", "due_date", "done_date", "last_comment_date",
}  # fmt: skip


def work(session, project_id):
    """Kind -> rows, as far as the session may."""
    found = {}
    for kind in KINDS:
        try:
            found[kind] = list(session.project_work(project_id, kind))
        except KitsuForbids:
            found[kind] = None
    return found


def tasks(found):
    return {task["id"]: task for rows in found.values() for row in rows or () for task in row["tasks"]}


def of(task, field):
    return sorted(task[field]) if field == "assignees" else task[field]


def test_it_works(kitsu):
    bot = kitsu.studio.bot()
    for project in bot.projects():
        found = work(bot, project["id"])
        rows = {row["id"]: row for row in bot.project_tasks(project["id"])}
        assert tasks(found).keys() == rows.keys()
        for key, task in tasks(found).items():
            assert task.keys() >= OF_A_TASK
            assert {one: of(task, one) for one in OF_A_TASK} == {one: of(rows[key], one) for one in OF_A_TASK}


def test_entities_come_with_what_is_above_them(kitsu):
    bot = kitsu.studio.bot()
    for project in bot.projects():
        found = work(bot, project["id"])
        sequences, episodes = ({row["id"]: row for row in found[kind]} for kind in ("Sequence", "Episode"))
        for shot in found["Shot"]:
            sequence = sequences[shot["sequence_id"]]
            assert shot["sequence_name"] == sequence["name"]
            assert str(shot["episode_id"]) == str(sequence["episode_id"])
            assert shot["nb_frames"]
            assert shot["canceled"] in {True, False}
            if shot["episode_id"]:
                assert shot["episode_name"] == episodes[shot["episode_id"]]["name"]
        assert all(row["asset_type_name"] for row in found["Asset"])
        assert {row["episode_id"] for row in found["Asset"]} <= {*episodes, ""}


def test_time_spent_is_that_of_the_tasks(kitsu):
    bot = kitsu.studio.bot()
    for project in bot.projects():
        wanted = bot.time_spents([row["id"] for row in bot.project_tasks(project["id"])])
        found = {(row["id"], row["task_id"], row["person_id"], row["date"], row["duration"]) for row in wanted}
        assert found == {
            (row["id"], row["task_id"], row["person_id"], row["date"], row["duration"])
            for row in bot.project_time_spents(project["id"])
        }


def test_retakes_have_their_moments(kitsu):
    """As many as Kitsu counts on each task. In the real Zou the production that no test writes to."""
    bot = kitsu.studio.bot()
    projects, retakes = bot.projects(), [row["id"] for row in bot.task_statuses() if row["is_retake"]]
    projects = [row for row in projects if row["name"] == "Zoetrope"] or projects
    for project in projects:
        found = list(bot.status_changes(project["id"], retakes))
        counted = {row["id"]: row["retake_count"] for row in bot.project_tasks(project["id"]) if row["retake_count"]}
        assert Counter(row["task_id"] for row in found) == counted != {}
        assert {row["task_status_id"] for row in found} <= {*retakes}
        assert all(row["created_at"][:2] == "20" for row in found)


def test_a_vendor_reads_their_own_tasks_and_no_concepts(writing):
    bot, session = writing.studio.bot(), writing.session("vendor")
    me = session.whoami()["id"]
    for project in session.projects():
        found = work(session, project["id"])
        everything = bot.project_tasks(project["id"])
        assert tasks(found).keys() == {row["id"] for row in everything if me in row["assignees"]}
        assert found["Concept"] is None
        assert list(session.project_time_spents(project["id"]))


def test_a_client_reads_tasks_with_the_studio_s_fields_blank(writing):
    session = writing.session("client")
    for project in session.projects():
        found = work(session, project["id"])
        assert found["Concept"] is None
        for task in tasks(found).values():
            assert (task["assignees"], task["due_date"], task["done_date"], task["estimation"]) == ([], None, None, 0)
            assert task["task_status_id"]
        with pytest.raises(KitsuForbids):
            session.project_time_spents(project["id"])
        with pytest.raises(KitsuForbids):
            list(session.status_changes(project["id"], [row["id"] for row in session.task_statuses()[:1]]))


@pytest.mark.parametrize("role", ["manager", "supervisor", "user"])
def test_others_read_all_of_their_productions_and_nothing_of_the_others(writing, role):
    bot, session = writing.studio.bot(), writing.session(role)
    mine = {row["id"] for row in session.projects()}
    for project in bot.projects():
        if project["id"] in mine:
            found, wanted = (tasks(work(one, project["id"])) for one in (session, bot))
            assert {key: of(task, "assignees") for key, task in found.items()} == {
                key: of(task, "assignees") for key, task in wanted.items()
            }
        else:
            assert set(work(session, project["id"]).values()) == {None}
            with pytest.raises(KitsuForbids):
                session.project_time_spents(project["id"])


def test_a_project_that_is_none_is_said_so(kitsu):
    for role in ("manager", "client"):
        with pytest.raises((NotInKitsu, KitsuForbids)):
            kitsu.session(role).project_work(str(uuid.uuid4()), "Shot")
