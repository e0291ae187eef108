"""A studio manager by the bot's hand: everything is theirs, and so is the name under it."""

from __future__ import annotations

import pytest

from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.visibility import seen_by


@pytest.fixture
def ada():
    bot = SampleStudio().bot()
    row = next(row for row in bot.persons() if row["email"] == "ada@sample.studio")
    return bot, seen_by(bot, Person.from_record(row))


def test_it_works(ada):
    bot, session = ada
    assert session.whoami()["email"] == "ada@sample.studio"
    assert session.persons() == bot.persons()
    assert [row["id"] for row in session.projects()] == [row["id"] for row in bot.projects()]


def test_it_has_the_context_that_a_bot_may_not_read(ada):
    bot, session = ada
    context = session.context()
    assert context["projects"] == bot.open_projects()
    assert {"Characters", "Props"} <= {row["name"] for row in context["asset_types"]}
    assert "Shot" not in {row["name"] for row in context["asset_types"]}


def test_it_leaves_a_name_that_was_given(ada):
    bot, session = ada
    task = bot.project_tasks(bot.projects()[0]["id"])[0]
    draft = {"object_id": task["id"], "project_id": task["project_id"], "task_status_id": task["task_status_id"]}
    hana = next(row["id"] for row in bot.persons() if row["email"] == "hana@sample.studio")
    me = session.whoami()["id"]
    rows = session.post_comments([draft, draft | {"person_id": hana}])
    assert [row["person_id"] for row in rows] == [me, hana]
    assert bot.post_comment(draft)["person_id"] == bot.whoami()["id"]
