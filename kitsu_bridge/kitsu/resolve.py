"""From task ids to tasks with everything around them, in few requests: the reading that comes before every run."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from kitsu_bridge.kitsu.errors import KitsuError, KitsuForbids, NotInKitsu
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.tasks import (
    KINDS,
    Assignee,
    Entity,
    Missing,
    Named,
    Preview,
    Resolution,
    Status,
    Task,
    TaskType,
)

MOST_BY_ID = 350
"""Entities of one production that are read by id, 92 a request, without asking whether its whole list would be shorter."""

WORTH_IT = 4
"""A whole list is read when it is at most so many times longer than what is selected of it: reading 10,000 shots to use
1,000 takes three times as long as reading 1,000 by id (measured on a production of 50,000 tasks)."""

LISTED = frozenset({"Shot", "Asset", "Sequence", "Episode", "Edit", "Concept"})
"""What `project_entities` lists, as task types name it."""

NOT_AN_ID = "it is no id"
NOT_IN_KITSU = "Kitsu does not know it, or not any more"
NOT_VISIBLE = "not visible to you"
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


def resolve(kitsu: Kitsu, ids: Sequence[str], *, reader: Callable[[], Kitsu] | None = None) -> Resolution:
    """The tasks of a selection as this session may see them, in its order, and the ids that came to nothing, with why.

    `reader` opens a session that sees everything (the bot's): it is asked only which of the missing ids exist.
    Raises `KitsuError`. A thousand tasks are read in at most 20 requests when they share entities, or are most of a
    production's; in 31 when each stands on an entity of its own somewhere in a production of many thousands.
    """
    wanted = list(dict.fromkeys(one.lower() for one in ids))
    tasks = _resolved(kitsu, lambda: kitsu.tasks([one for one in wanted if is_id(one)]))
    missing = _missing([one for one in wanted if one not in tasks], reader)
    return Resolution(tuple(tasks[one] for one in wanted if one in tasks), missing)


def resolve_production(kitsu: Kitsu, project_id: str) -> Resolution:
    """All tasks of a production as this session may see them, in Kitsu's order, which is none.

    However many there are, they take about a dozen requests, and one for each 92 sequences. Raises `KitsuError`.
    """
    return Resolution(tuple(_resolved(kitsu, lambda: kitsu.project_tasks(project_id), whole=True).values()), ())


def _resolved(kitsu: Kitsu, read_rows: Callable[[], list[Record]], *, whole: bool = False) -> dict[str, Task]:
    """Tasks by id; those whose entity cannot be read are left out."""
    reads = (read_rows, kitsu.open_projects, kitsu.task_types,
             kitsu.task_statuses, kitsu.persons, kitsu.entity_types)  # fmt: skip
    with ThreadPoolExecutor(max_workers=3, thread_name_prefix="resolve") as pool:
        rows, projects, types, statuses, persons, entity_types = pool.map(lambda read: _by_id(read()), reads)
    if not {row["project_id"] for row in rows.values()} <= set(projects):
        projects |= _by_id(kitsu.projects())  # Some are closed.
    found = _entities(kitsu, list(rows.values()), types, entity_types, whole=whole)
    around = Around(projects, types, statuses, persons, entity_types, _with_parents(kitsu, found))
    return {key: _task(row, around) for key, row in rows.items() if row["entity_id"] in around.entities}


def _missing(ids: list[str], reader: Callable[[], Kitsu] | None) -> tuple[Missing, ...]:
    """Why each came to nothing. That a task exists is all that is said of one that is not the person's to see."""
    good = [one for one in ids if is_id(one)]
    there: set[str] = set()
    absent = NOT_THERE
    if reader is not None and good:
        with suppress(KitsuError):  # The selection is read already; only the exact reason is lost.
            there = {row["id"] for row in reader().tasks(good)}
            absent = NOT_IN_KITSU
    reasons = {one: NOT_VISIBLE if one in there else absent for one in good}
    return tuple(Missing(one, reasons.get(one, NOT_AN_ID)) for one in ids)


def is_id(text: str) -> bool:
    """Whether Kitsu would take it for an id; one that is none would spoil the whole request."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _with_parents(kitsu: Kitsu, entities: dict[str, Record]) -> dict[str, Record]:
    """A shot's sequence and the episode that an asset was made for; then the sequence's episode."""
    for fields in (("parent_id", "source_id"), ("parent_id",)):
        above = {str(row[field]) for row in entities.values() for field in fields if row.get(field)} - set(entities)
        entities = entities | (_by_id(kitsu.entities(sorted(above))) if above else {})
    return entities


def _entities(
    kitsu: Kitsu, tasks: list[Record], types: dict[str, Record], entity_types: dict[str, Record], *, whole: bool
) -> dict[str, Record]:
    """By id; where most of a production's shots are selected, as after a click on a column, all of them at once."""
    of_task = {row["entity_id"]: (row["project_id"], _for_entity(row, types)) for row in tasks}
    type_ids = {row["name"]: key for key, row in entity_types.items()}
    found: dict[str, Record] = {}
    for (project_id, for_entity), count in Counter(of_task.values()).items():
        with suppress(KitsuForbids, NotInKitsu):  # Then by id, as far as this session may.
            if (whole and for_entity in LISTED) or _is_worth_it(kitsu, project_id, type_ids.get(for_entity), count):
                found |= _by_id(kitsu.project_entities(project_id, for_entity))
    found = {key: row for key, row in found.items() if key in of_task}
    rest = [key for key in of_task if key not in found]
    return found | (_by_id(kitsu.entities(rest)) if rest else {})


def _is_worth_it(kitsu: Kitsu, project_id: str, type_id: str | None, count: int) -> bool:
    """Whether a whole list takes less than its part by id. Assets have as many types as a studio likes; they go by id."""
    if count <= MOST_BY_ID or type_id is None:
        return False
    return kitsu.entity_count(project_id, type_id) <= WORTH_IT * count


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


def _episode(row: Record, kind: str, parent: Record | None, around: Around) -> Record | None:
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
