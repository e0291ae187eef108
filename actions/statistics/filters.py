"""What a page of figures can be narrowed to: only what there is in the production."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actions.figures.production import Production
from actions.figures.scope import Scope
from actions.figures.sight import Sight

MOST = 1000
"""Choices of one list."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A list to choose from: the name of the field, its label, and ids with their names."""

    name: str
    label: str
    chosen: str
    choices: list[tuple[str, str]]


def filters(production: Production, scope: Scope, sight: Sight) -> list[Filter]:
    """The lists with at least two choices, or whose choice is in force. Sequences are those of the chosen episode."""
    found = [
        Filter("episode_id", "Episode", scope.episode_id, _entities(production, "episode", "")),
        Filter("sequence_id", "Sequence", scope.sequence_id, _entities(production, "sequence", scope.episode_id)),
        Filter("department_id", "Department", scope.department_id, _departments(production)),
        Filter("person_id", "Person", scope.person_id, [] if sight.only else _people(production)),
        Filter("task_type_id", "Task type", scope.task_type_id, _task_types(production)),
    ]
    return [
        one for one in found if len(one.choices) > 1 or (one.chosen and not (sight.only and one.name == "person_id"))
    ]


def _entities(production: Production, kind: str, episode_id: str) -> list[tuple[str, str]]:
    return _sorted(
        (one.id, one.name if episode_id else production.path(one.id))
        for one in production.entities.values()
        if one.kind == kind and episode_id in {"", one.episode_id}
    )


def _departments(production: Production) -> list[tuple[str, str]]:
    used = {production.task_types[task.task_type_id].department_id for task in production.tasks}
    return _sorted((key, name) for key, name in production.departments.items() if key in used)


def _people(production: Production) -> list[tuple[str, str]]:
    used = {person_id for task in production.tasks for person_id in task.assignees}
    return _sorted((key, name) for key, name in production.people.items() if key in used)


def _task_types(production: Production) -> list[tuple[str, str]]:
    used = {task.task_type_id for task in production.tasks}
    types = sorted((production.task_types[key] for key in used), key=lambda one: (one.priority, one.name))
    return [(one.id, f"{one.name} ({one.for_entity.lower()}s)") for one in types]


def _sorted(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: pair[1].casefold())[:MOST]
