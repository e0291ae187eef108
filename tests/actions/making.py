"""Makes what tests of the line need, without a database: people, tasks, definitions."""

from __future__ import annotations

import uuid

from actions.models import Action
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.tasks import Entity, Missing, Named, Resolution, Status, Task, TaskType


def an_id(name):
    """The same id for the same name."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def a_definition(**fields):
    """An action's definition with its defaults."""
    return Action(**({"name": "Review", "slug": "review", "kind": "debug"} | fields)).definition()


def a_person(role="user", *, departments=(), **project_roles):
    """A person of a role, with roles of their own in some projects, by the projects' names."""
    roles = {an_id(name): own for name, own in project_roles.items()}
    return Person(
        an_id(f"person {role}"), f"{role}@studio.test", role.title(), role, tuple(departments), project_roles=roles
    )


def a_task(name="SH01", *, kind="shot", project="Fox"):
    """A task on an entity of a kind, in a project."""
    return Task(
        id=an_id(f"task {name}"),
        project=Named(an_id(project), project),
        entity=Entity(an_id(name), name, kind=kind),
        task_type=TaskType(an_id("Animation"), "Animation"),
        status=Status(an_id("Todo"), "Todo"),
        assignees=(),
        last_preview=None,
    )


def a_resolution(*tasks, missing=0):
    """Tasks, and so many ids that came to nothing."""
    gone = tuple(Missing(an_id(f"gone {number}"), "it is not in Kitsu") for number in range(missing))
    return Resolution(tasks, gone)
