"""A production as its figures need it: read once from Kitsu, then filtered as often as somebody asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property
from typing import Protocol

from actions.figures import compact
from actions.figures.rows import EntityRow, ProjectRow, SpentRow, StatusRow, TaskRow, TypeRow
from actions.figures.scope import Scope
from kitsu_bridge.kitsu.interface import Kitsu, Record

LISTS = ("Shot", "Asset", "Sequence", "Episode", "Edit", "Concept")


class Progress(Protocol):
    """How far a reading is."""

    def __call__(self, done: int, total: int, text: str) -> None:
        """`text` says what comes next."""


@dataclass(frozen=True)
class Production:
    """One production, or several, as one person may see them at one moment. `people` and `departments` are id -> name.

    `zone` is the person's time zone: by it a moment belongs to a day and a week. `sees_time` and `sees_studio` say what Kitsu
    shows them: time spent; assignees, dates, estimates and retakes (nothing of that to clients).
    """

    read_at: datetime
    zone: tzinfo
    projects: Mapping[str, ProjectRow]
    task_types: Mapping[str, TypeRow] = field(repr=False)
    statuses: Mapping[str, StatusRow] = field(repr=False)
    people: Mapping[str, str] = field(repr=False)
    departments: Mapping[str, str] = field(repr=False)
    entities: Mapping[str, EntityRow] = field(repr=False)
    tasks: tuple[TaskRow, ...] = field(repr=False)
    spents: tuple[SpentRow, ...] = field(default=(), repr=False)
    hours_by_day: float = 8.0
    sees_time: bool = True
    sees_studio: bool = True
    scope: Scope = field(default_factory=lambda: Scope(""))

    @property
    def today(self) -> date:
        """The day of the reading, where the person is."""
        return self.day(self.read_at)

    def day(self, moment: datetime) -> date:
        """The day of a moment, where the person is."""
        return moment.astimezone(self.zone).date()

    @cached_property
    def by_id(self) -> Mapping[str, TaskRow]:
        """The tasks by id."""
        return {task.id: task for task in self.tasks}

    def entity(self, task: TaskRow) -> EntityRow:
        """What a task is on."""
        return self.entities[task.entity_id]

    def label(self, entity_id: str) -> str:
        """The name of a sequence, an episode, a shot; empty for none."""
        found = self.entities.get(entity_id)
        return found.name if found else ""

    def path(self, entity_id: str) -> str:
        """A sequence below its episode: `E01 / SQ01`; empty for none."""
        found = self.entities.get(entity_id)
        return " / ".join(filter(None, (self.label(found.episode_id), found.name))) if found else ""

    def person(self, person_id: str) -> str:
        """A name; empty for nobody."""
        return self.people.get(person_id) or ("Somebody unknown" if person_id else "")

    def task_name(self, task: TaskRow) -> str:
        """How Kitsu writes it: `E01 / SQ01 / SH0010 / Lighting`."""
        entity = self.entity(task)
        above = (self.label(entity.episode_id), self.label(entity.sequence_id), entity.asset_type)
        return " / ".join([*filter(None, above), entity.name, self.task_types[task.task_type_id].name])

    def within(self, scope: Scope) -> Production:
        """The same with the tasks of this scope alone. Its time range is for the figures: it takes no task away."""
        tasks = tuple(task for task in self.tasks if self._is_within(task, scope))
        kept = {task.id for task in tasks}
        spents = tuple(spent for spent in self.spents if spent.task_id in kept and _by(scope, spent))
        return replace(self, tasks=tasks, spents=spents, scope=scope)

    def _is_within(self, task: TaskRow, scope: Scope) -> bool:
        entity = self.entity(task)
        return all(
            (
                scope.project_id in {"", task.project_id},
                scope.episode_id in {"", entity.episode_id, entity.id},
                scope.sequence_id in {"", entity.sequence_id, entity.id},
                scope.department_id in {"", self.task_types[task.task_type_id].department_id},
                scope.task_type_id in {"", task.task_type_id},
                not scope.person_id or scope.person_id in task.assignees,
                scope.task_ids is None or task.id in scope.task_ids,
            )
        )


def _by(scope: Scope, spent: SpentRow) -> bool:
    return scope.person_id in {"", spent.person_id}


def read_production(
    kitsu: Kitsu, scope: Scope | str | Iterable[str], *, progress: Progress | None = None
) -> Production:
    """The productions of a scope, or those of these ids, as this session may see them. Raises `KitsuError`.

    A production that the session does not see raises `KitsuForbids` or `NotInKitsu`.
    """
    ids, say = projects_of(scope), progress or (lambda done, total, text: None)
    total = 3 * len(ids)
    entities: dict[str, EntityRow] = {}
    tasks: list[TaskRow] = []
    spents: list[SpentRow] = []
    types = {row["id"]: compact.task_type(row) for row in kitsu.task_types()}
    kinds = {row["id"]: str(row["name"]) for row in kitsu.entity_types()}
    for done, project_id in enumerate(ids):
        say(3 * done, total, "Reading shots and assets")
        for kind in LISTS:
            _add_entities(entities, kitsu.project_entities(project_id, kind), kinds)
        say(3 * done + 1, total, "Reading tasks")
        rows = kitsu.project_tasks(project_id)
        tasks += [compact.task(row) for row in rows if row["entity_id"] in entities and row["task_type_id"] in types]
        say(3 * done + 2, total, "Reading time spent")
        spents += compact.spents(kitsu.time_spents([row["id"] for row in rows]))
    me = kitsu.whoami()
    return Production(
        read_at=datetime.now(UTC),
        zone=compact.zone(me.get("timezone")),
        projects={row["id"]: compact.project(row) for row in kitsu.open_projects() if row["id"] in ids},
        task_types=types,
        statuses={row["id"]: compact.status(row) for row in kitsu.task_statuses()},
        people={row["id"]: compact.person(row) for row in kitsu.persons()},
        departments={row["id"]: str(row["name"]) for row in kitsu.departments()},
        entities=_with_episodes(entities),
        tasks=tuple(tasks),
        spents=tuple(spents),
        hours_by_day=float(kitsu.organisation().get("hours_by_day") or 8),
        sees_time=me.get("role") != "client",
        sees_studio=me.get("role") != "client",
    )


def projects_of(scope: Scope | str | Iterable[str]) -> list[str]:
    """The ids of the productions to read."""
    if isinstance(scope, Scope):
        return [scope.project_id]
    return [scope] if isinstance(scope, str) else list(dict.fromkeys(scope))


def _add_entities(entities: dict[str, EntityRow], rows: Sequence[Record], kinds: dict[str, str]) -> None:
    for row in rows:
        if not row.get("canceled"):
            entities[row["id"]] = compact.entity(row, kinds)


def _with_episodes(entities: dict[str, EntityRow]) -> dict[str, EntityRow]:
    """A shot's episode is its sequence's."""
    above = {one.id: one.episode_id for one in entities.values() if one.kind == "sequence"}
    return {key: _below(one, above.get(one.sequence_id, "")) for key, one in entities.items()}


def _below(entity: EntityRow, episode_id: str) -> EntityRow:
    if not episode_id:
        return entity
    return EntityRow(entity.id, entity.name, entity.kind, entity.sequence_id, episode_id, entity.frames)
