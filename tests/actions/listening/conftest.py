from __future__ import annotations

import threading

import pytest

from actions.listening.listener import Listener
from actions.models import Rule
from audit.models import Invocation
from kitsu_bridge.kitsu.studio import studio


@pytest.fixture
def own_studio():
    """A sample studio in which nothing has happened yet."""
    studio.cache_clear()
    yield studio()
    studio.cache_clear()


@pytest.fixture
def listener(own_studio, transactional_db):
    return Listener(threading.Event())


@pytest.fixture
def a_rule(an_action):
    """Makes a rule that starts `debug`: `a_rule(event="comment:new")`."""

    def make(**fields):
        if "action_slug" not in fields:
            an_action(slug=f"a{Rule.objects.count()}")
            fields["action_slug"] = f"a{Rule.objects.count()}"
        return Rule.objects.create(**{"name": f"Rule {Rule.objects.count()}", "dry_run": False} | fields)

    return make


@pytest.fixture
def tasks(own_studio):
    """Tasks of the sample studio with a status that is not work in progress."""
    bot = own_studio.bot()
    wip = status("wip")
    project = bot.projects()[0]
    return [row for row in bot.project_tasks(project["id"]) if row["task_status_id"] != wip]


def status(short):
    return next(row["id"] for row in studio().bot().task_statuses() if row["short_name"] == short)


def comment(task, short, session=None):
    """What a studio manager does in Kitsu, unless it is somebody else's session."""
    session = session or studio().session_of("ada@sample.studio")
    return session.post_comment(
        {"object_id": task["id"], "project_id": task["project_id"], "task_status_id": status(short), "comment": "x"}
    )


def started():
    return list(Invocation.objects.filter(door="event").order_by("received_at"))
