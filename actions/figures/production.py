"""A production as its figures need it: read once from Kitsu, then filtered as often as somebody asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property
from typing import Protocol

from actions.figures import compact
from actions.figures.rows import EntityRow, ProjectRow, RetakeRow, SpentRow, StatusRow, TaskRow, TypeRow
from actions.figures.scope import Scope
from kitsu_bridge.kitsu.errors import KitsuForbids, NotInKitsu
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.tasks import EntityKind

LISTS: dict[str, EntityKind] = {
    "Episode": "episode",
    "Sequence": "sequence",
    "Shot": "shot",
    "Asset": "asset",
    "Edit": "edit",
    "Concept": "concept",
}
"""What has tasks, as Kitsu lists it."""

MOST_DATED = 5_000
"""Retakes of a production whose days are read. Zou tells them as news, page by page, and takes for 5,000 of them a quarter of
the time that it takes for 50,000 tasks."""

KEPT_BACK = {"Concept"}
"""Lists that Kitsu refuses to some who may read the others: vendors and clients."""


class Progress(Protocol):
    """How far a reading is."""

    def __call__(self, done: int, total: int, text: str) -> None:
        """`text` says what comes next."""


@dataclass(frozen=True)
class Production:
    """One production, or several, as one person may see them at one moment. `people` and `departments` are id -> name.

    `zone` is the person's time zone: by it a moment belongs to a day and a week. `sees_time` and `sees_studio` say what Kitsu
    shows them: time spent; assignees, dates, estimates and retakes (nothing of that to clients). `retaken` is None where the
    days of the retakes were not read.
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
    retaken: tuple[RetakeRow, ...] | None = field(default=None, repr=False)
    hours_by_day: float = 8.0
    sees_time: bool = True
    sees_studio: bool = True
    scope: Scope = field(default_factory=lambda: Scope(""))

    @cached_property
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
        retaken = self.retaken and tuple(one for one in self.retaken if one.task_id in kept)
        return replace(self, tasks=tasks, spents=spents, retaken=retaken, scope=scope)

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
    """The productions of a scope, or those of these ids, as this session may see them. Raises `KitsuError`: `KitsuForbids` or
    `NotInKitsu` for one that the session does not see, or whose figures are not for clients.
    """
    wanted = _Reading(kitsu, projects_of(scope), progress or (lambda done, total, text: None))
    me = kitsu.whoami()
    projects = wanted.projects()
    roles = {_role(kitsu, me, row) for row in projects.values()}
    for number, project_id in enumerate(projects):
        wanted.add(project_id, number, sees_time="client" not in roles)
    retaken = None if "client" in roles else wanted.retakes()
    return Production(
        read_at=datetime.now(UTC),
        zone=compact.zone(me.get("timezone")),
        projects={key: compact.project(row) for key, row in projects.items()},
        task_types=wanted.types,
        statuses=wanted.statuses,
        people={row["id"]: compact.person(row) for row in kitsu.persons()},
        departments={row["id"]: str(row["name"]) for row in kitsu.departments()},
        entities=wanted.entities,
        tasks=tuple(wanted.tasks),
        spents=tuple(wanted.spents),
        retaken=retaken,
        hours_by_day=float(kitsu.organisation().get("hours_by_day") or 8),
        sees_time="client" not in roles,
        sees_studio="client" not in roles,
    )


def projects_of(scope: Scope | str | Iterable[str]) -> list[str]:
    """The ids of the productions to read."""
    if isinstance(scope, Scope):
        return [scope.project_id]
    return [scope] if isinstance(scope, str) else list(dict.fromkeys(scope))


def _role(kitsu: Kitsu, me: Record, project: Record) -> str:
    """In this production, which may give another role than the studio does."""
    role = str(me.get("role") or "user")
    if role != "admin":
        mine = next((row for row in kitsu.team(project["id"]) if row["id"] == me["id"]), {})
        role = "client" if "client" in {role, mine.get("project_role")} else mine.get("project_role") or role
    if role == "client" and project.get("is_client_stats_visible") is False:
        raise KitsuForbids  # `ProjectEpisodeStatsResource` in zou/app/blueprints/shots/resources.py (1.0.97)
    return role


class _Reading:
    """What has been read so far."""

    _steps = len(LISTS) + 1

    def __init__(self, kitsu: Kitsu, ids: list[str], say: Progress) -> None:
        self._kitsu, self._ids, self._say = kitsu, ids, say
        self.types = {row["id"]: compact.task_type(row) for row in kitsu.task_types()}
        self.statuses = {row["id"]: compact.status(row) for row in kitsu.task_statuses()}
        self.entities: dict[str, EntityRow] = {}
        self.tasks: list[TaskRow] = []
        self.spents: list[SpentRow] = []

    def projects(self) -> dict[str, Record]:
        """The rows of the productions, closed ones too where the session sees them."""
        found = {row["id"]: row for row in self._kitsu.open_projects() if row["id"] in self._ids}
        if len(found) < len(self._ids):
            found |= {row["id"]: row for row in self._kitsu.projects() if row["id"] in self._ids}
        if len(found) < len(self._ids):
            raise NotInKitsu
        return {one: found[one] for one in self._ids}

    def add(self, project_id: str, number: int, *, sees_time: bool) -> None:
        """One production. Its time spent comes at the same time as all else: Zou takes as long for it as for the tasks."""
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="figures") as beside:
            coming = beside.submit(self._spents, project_id) if sees_time else None
            for step, (for_entity, kind) in enumerate(LISTS.items(), self._steps * number):
                self._say(step, self._steps * len(self._ids), f"Reading {kind}s and their tasks")
                with suppress(KitsuForbids) if for_entity in KEPT_BACK else nullcontext():
                    self._add_work(project_id, kind, self._kitsu.project_work(project_id, for_entity))
            self._say(self._steps * (number + 1) - 1, self._steps * len(self._ids), "Reading the time spent")
            known = {task.id for task in self.tasks}
            self.spents += [one for one in (coming.result() if coming else ()) if one.task_id in known]

    def retakes(self) -> tuple[RetakeRow, ...] | None:
        """When tasks came back; None where there are too many to ask, or the session may not."""
        known = {task.id for task in self.tasks if task.retakes}
        if sum(task.retakes for task in self.tasks) > MOST_DATED:
            return None
        statuses = [one.id for one in self.statuses.values() if one.is_retake]
        found: list[RetakeRow] = []
        self._say(self._steps * len(self._ids), self._steps * len(self._ids), "Reading when tasks came back")
        for project_id in self._ids if known else ():
            try:
                found += compact.retakes(self._kitsu.status_changes(project_id, statuses))
            except KitsuForbids:
                return None
        return tuple(one for one in found if one.task_id in known)

    def _spents(self, project_id: str) -> list[SpentRow]:
        return list(compact.spents(self._kitsu.project_time_spents(project_id)))

    def _add_work(self, project_id: str, kind: EntityKind, rows: Iterable[Record]) -> None:
        for row in rows:
            if row.get("canceled"):
                continue
            self.entities[row["id"]] = compact.entity(row, kind)
            if kind == "shot" and row.get("sequence_id") not in self.entities:
                self.entities |= {one.id: one for one in compact.above(row) if one.id not in self.entities}
            self.tasks += [
                compact.task(task, project_id, row["id"])
                for task in row["tasks"]
                if task["task_type_id"] in self.types and task["task_status_id"] in self.statuses
            ]
