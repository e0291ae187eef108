"""Which task templates are tried on: one of each kind of a production, or the one whose id or page was pasted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.tasks import Task

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
MOST = 40
KEPT = 300
"""Seconds for which the examples of a production are kept: reading all its tasks takes seconds where it is large."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen: productions and tasks as id and name, and which are."""

    projects: tuple[tuple[str, str], ...]
    project: str
    tasks: tuple[tuple[str, str], ...]
    task: str = ""


def choices(kitsu: Kitsu, whose: str, asked: str = "") -> Choice:
    """The productions that this session sees, and tasks of the one that was asked for, or of the first."""
    projects = tuple(sorted(((row["id"], str(row["name"])) for row in kitsu.open_projects()), key=lambda pair: pair[1]))
    named = [one for one, name in projects if name == settings.KITSU_PROJECT]
    project = next(
        (one for one, _ in projects if one == asked), next(iter([*named, *(one for one, _ in projects)]), "")
    )
    tasks = _examples(kitsu, whose, project) if project else ()
    return Choice(projects, project, tasks, tasks[0][0] if tasks else "")


def _examples(kitsu: Kitsu, whose: str, project_id: str) -> tuple[tuple[str, str], ...]:
    key = f"trial:{whose}:{project_id}"
    found: tuple[tuple[str, str], ...] | None = cache.get(key)
    if found is None:
        tasks = resolve(kitsu, [row["id"] for row in _one_of_each(kitsu.project_tasks(project_id))])
        ordered = sorted(tasks, key=lambda task: task.entity.kind != "shot")  # Most templates are about shots.
        found = tuple((task.id, task.name) for task in ordered)
        cache.set(key, found, KEPT)
    return found


def _one_of_each(rows: list[Record]) -> list[Record]:
    """A task of each type, rather one that has a preview: it fills the most variables."""
    best: dict[str, Record] = {}
    for row in rows:
        kept = best.get(row["task_type_id"])
        if kept is None or (row.get("last_preview_file_id") and not kept.get("last_preview_file_id")):
            best[row["task_type_id"]] = row
    return list(best.values())[:MOST]


def task_of(kitsu: Kitsu, chosen: str, pasted: str) -> Task | None:
    """The task whose id or page in Kitsu was pasted, else the chosen one; of an entity's page, its first task."""
    ids = UUID.findall((pasted[:2000] or chosen).lower())
    for one in reversed(ids):
        found = (
            resolve(kitsu, [one]).tasks or resolve(kitsu, [row["id"] for row in kitsu.entity_tasks([one])[:1]]).tasks
        )
        if found:
            return found[0]
    return None
