"""From the record into Kitsu: the page that a call came from, and the pages of its tasks."""

from __future__ import annotations

import re

from django import template
from django.conf import settings

from audit.models import Invocation, TaskResult
from kitsu_bridge.kitsu.links import task_page

register = template.Library()

PLACE = re.compile(r"(/[\w-]+)+/?", re.ASCII)
"""A path of Kitsu's router: ids and words. What a payload says is hostile."""

SAID_ANYWHERE = "episode"
"""What Kitsu says of tasks on pages that are about no kind of entity, such as My Tasks (Kitsu 1.0.56)."""


@register.filter
def page_in_kitsu(invocation: Invocation) -> str:
    """The address of the page of Kitsu on which somebody clicked; empty where that is not known."""
    path = str(invocation.understood.get("path", ""))
    return f"{settings.KITSU_PUBLIC_URL}{path}" if settings.KITSU_PUBLIC_URL and PLACE.fullmatch(path) else ""


@register.filter
def task_in_kitsu(result: TaskResult, invocation: Invocation) -> str:
    """The address of a task's page; empty where its production or the kind of its entity is not known."""
    projects, kind = invocation.project_ids, invocation.entity_type
    known = (
        len(projects) == 1
        and kind != SAID_ANYWHERE
        and all(map(PLACE.fullmatch, (f"/{projects[0]}", f"/{result.task_id}")))
    )
    return task_page(settings.KITSU_PUBLIC_URL, projects[0], kind, result.task_id) if known else ""
