"""Links into Kitsu's own pages, as `gazu.task.get_task_url` and its like write them (gazu 1.3.1)."""

from __future__ import annotations

from kitsu_bridge.kitsu.tasks import Task

PAGES = {"asset": "assets", "shot": "shots", "sequence": "sequences", "episode": "episodes", "edit": "edits"}


def task_link(kitsu_url: str, task: Task) -> str:
    """The task's page; empty where there is none, as in the sample studio and for concepts."""
    pages = PAGES.get(task.entity.kind)
    return f"{kitsu_url}/productions/{task.project.id}/{pages}/tasks/{task.id}" if kitsu_url and pages else ""


def person_link(kitsu_url: str, person_id: str) -> str:
    """A person's page."""
    return f"{kitsu_url}/people/{person_id}" if kitsu_url else ""
