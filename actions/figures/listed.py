"""A task as a list of the tasks behind a number shows it: everything in words, so that it can be kept."""

from __future__ import annotations

from dataclasses import dataclass

from actions.figures.drawn import LONGEST, color_of
from actions.figures.production import Production
from actions.figures.rows import TaskRow

OF_ALL = {"name": "Task", "status": "Status"}
OF_THE_STUDIO = {"people": "Assigned to", "due": "Due", "estimate": "Estimate (hours)"}
OF_TIME = {"spent": "Spent (hours)"}
"""Columns, by what Kitsu shows to whom: where it hides assignees, "nobody" would be wrong."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One task. `kind` is that of its entity; `due` an ISO day. `below`: the id of the episode below which Kitsu's pages have
    it, `main` for what is in none; empty where the production has no episodes."""

    id: str
    project_id: str
    below: str
    episode: str
    kind: str
    task_type_id: str
    task_type: str
    name: str
    status: str
    color: str
    people: str
    due: str
    estimate: float
    spent: float


def listed(production: Production, task: TaskRow) -> Listed:
    """A task of a production."""
    entity, status = production.entity(task), production.statuses[task.status_id]
    show = production.projects[task.project_id].production_type == "tvshow"
    return Listed(
        id=task.id,
        project_id=task.project_id,
        below=(entity.episode_id or "main") if show else "",
        episode=production.label(entity.episode_id)[:LONGEST],
        kind=entity.kind,
        task_type_id=task.task_type_id,
        task_type=production.task_types[task.task_type_id].name[:LONGEST],
        name=production.task_name(task)[: 4 * LONGEST],
        status=status.name[:LONGEST],
        color=color_of(status.color),
        people=", ".join(production.people.get(one, "somebody who is gone") for one in task.assignees)[: 4 * LONGEST],
        due=task.due.isoformat() if task.due else "",
        estimate=round(task.estimation / 60, 2),
        spent=round(task.spent / 60, 2),
    )


def columns(production: Production) -> dict[str, str]:
    """Of a list of its tasks: labels by field of `Listed`."""
    studio = OF_THE_STUDIO if production.sees_studio else {}
    return OF_ALL | studio | (OF_TIME if production.sees_time else {})
