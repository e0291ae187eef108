"""From task ids to tasks with everything around them, in few requests: the reading that comes before every run."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from kitsu_bridge.kitsu.errors import KitsuForbids, NotInKitsu
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.tasks import (
    Assignee,
    Entity,
    EntityKind,
    Missing,
    Named,
    Preview,
    Resolution,
    Status,
    Task,
    TaskType,
)

KINDS: dict[str, EntityKind] = {
    "Shot": "shot",
    "Sequence": "sequence",
    "Episode": "episode",
    "Edit": "edit",
    "Concept": "concept",
    "Scene": "scene",
}
"""Zou's special entity types; every other one is a type of asset (zou/app/services/entity_types_service.py in 1.0.97)."""

WHOLE_PROJECT_FROM = 400
"""Entities of one project from which its whole list costs less than reading them by id, 80 a request."""

NOT_AN_ID = "it is no id"
NOT_THERE = "it is not in Kitsu, or it is not yours to see"


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around tasks: rows by id."""

    projects: dict[str, Record]
    task_types: dict[str, Record]
    statuses: dict[str, Record]
    persons: dict[str, Record]
    entity_types: dict[str, Record]
    entities: dict[str, Record]


def resolve(kitsu: Kitsu, ids: Sequence[str]) -> Resolution:
    """The tasks of a selection as this session may see them, in its order, and the ids that came to nothing, with why.

    Raises `KitsuError`. A thousand tasks of one production are read in at most 20 requests.
    """
    wanted = list(dict.fromkeys(one.lower() for one in ids))
    good = [one for one in wanted if is_id(one)]
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="resolve") as pool:
        rows_read = pool.submit(kitsu.tasks, good)
        context = kitsu.context()
        rows = {row["id"]: row for row in rows_read.result()}
    around = _around(kitsu, list(rows.values()), context)
    tasks = {key: _task(row, around) for key, row in rows.items() if row["entity_id"] in around.entities}
    missing = [Missing(one, NOT_THERE if is_id(one) else NOT_AN_ID) for one in wanted if one not in tasks]
    return Resolution(tuple(tasks[one] for one in wanted if one in tasks), tuple(missing))


def is_id(text: str) -> bool:
    """Whether Kitsu would take it for an id; one that is none would spoil the whole request."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _around(kitsu: Kitsu, tasks: list[Record], context: Record) -> Around:
    types = _by_id(context["task_types"])
    entities = _entities(kitsu, tasks, types)
    for field in ("parent_id", "parent_id", "source_id"):
        # A shot's sequence, then the sequence's episode; and the episode that an asset was made for.
        above = {str(row[field]) for row in entities.values() if row.get(field)} - set(entities)
        entities |= _by_id(kitsu.entities(sorted(above))) if above else {}
    return Around(
        _projects(kitsu, tasks, context),
        types,
        _by_id(context["task_status"]),
        _by_id(context["persons"]),
        _by_id(kitsu.entity_types()),
        entities,
    )


def _projects(kitsu: Kitsu, tasks: list[Record], context: Record) -> dict[str, Record]:
    """The context has open projects only; a closed one costs a request more."""
    found = _by_id(context["projects"])
    return found if {row["project_id"] for row in tasks} <= set(found) else found | _by_id(kitsu.projects())


def _entities(kitsu: Kitsu, tasks: list[Record], types: dict[str, Record]) -> dict[str, Record]:
    """By id; where much of one production is selected, all of its shots or assets at once."""
    of_task = {row["entity_id"]: (row["project_id"], _for_entity(row, types)) for row in tasks}
    many = {group for group, count in Counter(of_task.values()).items() if count >= WHOLE_PROJECT_FROM and group[1]}
    found: dict[str, Record] = {}
    for project_id, for_entity in many:
        try:
            found |= _by_id(kitsu.project_entities(project_id, for_entity))
        except (KitsuForbids, NotInKitsu):
            continue  # Then by id, as far as this session may.
    found = {key: row for key, row in found.items() if key in of_task}
    rest = [key for key in of_task if key not in found]
    return found | (_by_id(kitsu.entities(rest)) if rest else {})


def _for_entity(task: Record, types: dict[str, Record]) -> str:
    return str(types.get(task["task_type_id"], {}).get("for_entity") or "")


def _task(row: Record, around: Around) -> Task:
    project = around.projects.get(row["project_id"], {})
    task_type = around.task_types.get(row["task_type_id"], {})
    status = around.statuses.get(row["task_status_id"], {})
    return Task(
        id=row["id"],
        project=Named(row["project_id"], _name(project), project),
        entity=_entity(around.entities[row["entity_id"]], around),
        task_type=TaskType(
            row["task_type_id"],
            _name(task_type),
            task_type,
            color=task_type.get("color") or "",
            department_id=task_type.get("department_id"),
        ),
        status=Status(
            row["task_status_id"],
            _name(status),
            status,
            short_name=status.get("short_name") or "",
            color=status.get("color") or "",
        ),
        assignees=tuple(_assignee(one, around) for one in row.get("assignees") or ()),
        last_preview=Preview(row["last_preview_file_id"]) if row.get("last_preview_file_id") else None,
        record=row,
    )


def _entity(row: Record, around: Around) -> Entity:
    entity_type = around.entity_types.get(row["entity_type_id"], {})
    kind = KINDS.get(_name(entity_type), "asset")
    parent = around.entities.get(row.get("parent_id") or "")
    sequence = parent if kind == "shot" else None
    return Entity(
        id=row["id"],
        name=_name(row),
        record=row,
        kind=kind,
        sequence=_named(sequence),
        episode=_named(_episode(row, kind, parent, around)),
        asset_type=_named(entity_type) if kind == "asset" else None,
    )


def _episode(row: Record, kind: EntityKind, parent: Record | None, around: Around) -> Record | None:
    """A shot's stands above its sequence, a sequence's and an edit's above itself, an asset's is where it came from."""
    if kind == "shot":
        return around.entities.get((parent or {}).get("parent_id") or "")
    if kind == "asset":
        return around.entities.get(row.get("source_id") or "")
    return parent if kind in {"sequence", "edit"} else None


def _assignee(person_id: str, around: Around) -> Assignee:
    row = around.persons.get(person_id, {})
    name = row.get("full_name") or f"{row.get('first_name') or ''} {row.get('last_name') or ''}".strip()
    return Assignee(person_id, name, row, email=row.get("email") or "")


def _named(row: Record | None) -> Named | None:
    return Named(row["id"], _name(row), row) if row else None


def _name(row: Record) -> str:
    return str(row.get("name") or "")


def _by_id(rows: Iterable[Record]) -> dict[str, Record]:
    return {row["id"]: row for row in rows}
