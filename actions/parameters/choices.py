"""What a form offers where a type hint names something in Kitsu: read with the person's right, narrowed to their tasks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from actions.kinds.hints import FieldSpec
from actions.quality import checks
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.tasks import KINDS
from kitsu_bridge.named_secrets import secret_names

Choices = list[tuple[str, str]]
"""Value and label, in the order in which they are offered."""


def offered(spec: FieldSpec, kitsu: Kitsu, project_ids: Collection[str]) -> Choices | None:
    """The choices of a field; None for one that offers none. No projects: what any production has."""
    reader = READERS.get(spec.type)
    return reader(kitsu, set(project_ids)) if reader else None


def _persons(kitsu: Kitsu, projects: set[str]) -> Choices:
    """The active people of these productions' teams."""
    if projects:
        rows = {row["id"]: row for project_id in sorted(projects) for row in kitsu.team(project_id)}
    else:
        rows = {row["id"]: row for row in kitsu.persons()}
    return _sorted(row for row in rows.values() if row.get("active", True) and not row.get("is_bot"))


def _statuses(kitsu: Kitsu, projects: set[str]) -> Choices:
    """Those that every one of these productions has."""
    wanted = _of_all(kitsu, projects, "task_statuses")
    return [_choice(row) for row in kitsu.task_statuses() if wanted is None or row["id"] in wanted]


def _task_types(kitsu: Kitsu, projects: set[str]) -> Choices:
    wanted = _of_all(kitsu, projects, "task_types")
    return _sorted(row for row in kitsu.task_types() if wanted is None or row["id"] in wanted)


def _asset_types(kitsu: Kitsu, projects: set[str]) -> Choices:
    wanted = _of_all(kitsu, projects, "asset_types")
    rows = (row for row in kitsu.entity_types() if row["name"] not in KINDS)
    return _sorted(row for row in rows if wanted is None or row["id"] in wanted)


def _playlists(kitsu: Kitsu, projects: set[str]) -> Choices:
    """The newest first."""
    rows = [row for project_id in sorted(projects) for row in kitsu.playlists(project_id)]
    rows.sort(key=lambda row: str(row.get("created_at") or ""), reverse=True)
    return [_choice(row) for row in rows]


def _projects(kitsu: Kitsu, projects: set[str]) -> Choices:
    return _sorted(kitsu.open_projects())


def _departments(kitsu: Kitsu, projects: set[str]) -> Choices:
    return _sorted(kitsu.departments())


def _secrets(kitsu: Kitsu, projects: set[str]) -> Choices:
    return [(name, name) for name in secret_names()]


def _checks(kitsu: Kitsu, projects: set[str]) -> Choices:
    return [(one.name, one.title) for one in checks().values()]


READERS: dict[str, Callable[[Kitsu, set[str]], Choices]] = {
    "person": _persons,
    "task_status": _statuses,
    "task_type": _task_types,
    "asset_type": _asset_types,
    "playlist": _playlists,
    "project": _projects,
    "department": _departments,
    "secret": _secrets,
    "check": _checks,
}


def _of_all(kitsu: Kitsu, projects: set[str], field: str) -> set[str] | None:
    """The ids that all these productions have set up; a production without any of its own takes all (Kitsu's own rule)."""
    rows = [row for row in kitsu.projects() if row["id"] in projects] if projects else []
    sets = [set(row[field]) for row in rows if row.get(field)]
    return set.intersection(*sets) if sets else None


def _sorted(rows: Iterable[Record]) -> Choices:
    return sorted((_choice(row) for row in rows), key=lambda pair: pair[1].casefold())


def _choice(row: Record) -> tuple[str, str]:
    name = row.get("name") or row.get("full_name") or f"{row.get('first_name', '')} {row.get('last_name', '')}".strip()
    return str(row["id"]), str(name or row["id"])
