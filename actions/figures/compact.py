"""Kitsu's rows made compact: what a figure does not need is left behind, ids that many rows share are kept once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from sys import intern
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actions.figures.rows import EntityRow, ProjectRow, RetakeRow, SpentRow, StatusRow, TaskRow, TypeRow
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.tasks import EntityKind

FPS = 25.0
"""Of a production that says none (`get_project_fps` in zou/app/services/projects_service.py, 1.0.97)."""


def entity(row: Record, kind: EntityKind) -> EntityRow:
    """Of a list with tasks. Sequences and episodes are listed with their parent as `episode_id`, and with the word `None`
    where there is none (`get_entities_and_tasks` in zou/app/services/entities_service.py, 1.0.97).
    """
    return EntityRow(
        id=row["id"],
        name=str(row.get("name") or ""),
        kind=kind,
        sequence_id=_id(row.get("sequence_id")) if kind == "shot" else "",
        episode_id="" if kind == "episode" else _id(row.get("episode_id")),
        frames=row.get("nb_frames") if kind == "shot" else None,
        asset_type=str(row.get("asset_type_name") or "") if kind == "asset" else "",
    )


def above(row: Record) -> Iterator[EntityRow]:
    """The sequence and the episode of a shot, as far as its row names them: who sees a shot may not see their own rows."""
    episode_id = _id(row.get("episode_id"))
    if row.get("sequence_id"):
        yield EntityRow(_id(row["sequence_id"]), str(row.get("sequence_name") or ""), "sequence", episode_id=episode_id)
    if episode_id and row.get("episode_name"):
        yield EntityRow(episode_id, str(row["episode_name"]), "episode")


def _id(text: object) -> str:
    return intern(str(text)) if text and text != "None" else ""


def task(row: Record, project_id: str, entity_id: str) -> TaskRow:
    """A task; what a client is not shown comes as nothing."""
    return TaskRow(
        id=intern(row["id"]),
        project_id=project_id,
        entity_id=entity_id,
        task_type_id=intern(row["task_type_id"]),
        status_id=intern(row["task_status_id"]),
        assignees=tuple(map(intern, row.get("assignees") or ())),
        estimation=float(row.get("estimation") or 0),
        spent=float(row.get("duration") or 0),
        retakes=int(row.get("retake_count") or 0),
        drawings=int(row.get("nb_drawings") or 0),
        start=_day(row.get("start_date")),
        due=_day(row.get("due_date")),
        begun=_moment(row.get("real_start_date")),
        sent=_moment(row.get("end_date")),
        done=_moment(row.get("done_date")),
        commented=_moment(row.get("last_comment_date")),
    )


def spents(rows: Iterable[Record]) -> Iterator[SpentRow]:
    """Time spent, but for what has no day."""
    for row in rows:
        day = _day(row.get("date"))
        if day is not None:
            yield SpentRow(intern(row["task_id"]), intern(row["person_id"]), day, float(row.get("duration") or 0))


def retakes(rows: Iterable[Record]) -> Iterator[RetakeRow]:
    """Changes to a status of retakes."""
    for row in rows:
        at = _moment(row.get("created_at"))
        if at is not None:
            yield RetakeRow(intern(row["task_id"]), at)


def project(row: Record) -> ProjectRow:
    """A production."""
    return ProjectRow(
        id=row["id"],
        name=str(row.get("name") or ""),
        fps=_fps(row.get("fps")),
        production_type=str(row.get("production_type") or ""),
        start=_day(row.get("start_date")),
        end=_day(row.get("end_date")),
    )


def _fps(text: object) -> float:
    """Zou keeps it as text that anybody may type."""
    try:
        found = float(str(text or FPS))
    except ValueError:
        return FPS
    return found if 0 < found < 1e6 else FPS


def task_type(row: Record) -> TypeRow:
    """A task type."""
    return TypeRow(
        id=row["id"],
        name=str(row.get("name") or ""),
        color=str(row.get("color") or ""),
        department_id=str(row.get("department_id") or ""),
        for_entity=str(row.get("for_entity") or ""),
        priority=int(row.get("priority") or 0),
    )


def status(row: Record) -> StatusRow:
    """A status."""
    return StatusRow(
        id=row["id"],
        name=str(row.get("name") or ""),
        short_name=str(row.get("short_name") or ""),
        color=str(row.get("color") or ""),
        is_done=bool(row.get("is_done")),
        is_review=bool(row.get("is_feedback_request")),
        is_retake=bool(row.get("is_retake")),
        is_wip=bool(row.get("is_wip")),
        priority=int(row.get("priority") or 0),
    )


def person(row: Record) -> str:
    """A person's name."""
    name = row.get("full_name") or f"{row.get('first_name') or ''} {row.get('last_name') or ''}".strip()
    return str(name or row["id"])


def zone(name: object) -> tzinfo:
    """The zone of this name; UTC where nobody knows it."""
    try:
        return ZoneInfo(str(name or "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _day(text: object) -> date | None:
    """A day that somebody typed: Zou keeps it as midnight of no zone."""
    return _same_day(str(text)[:10]) if text else None


@lru_cache(maxsize=4096)
def _same_day(text: str) -> date:
    """Many tasks are due on the same day: they share it."""
    return date.fromisoformat(text)


def _moment(text: object) -> datetime | None:
    """Zou writes UTC without saying so (`get_utc_now_datetime` in zou/app/utils/date_helpers.py, 1.0.97)."""
    if not text:
        return None
    found = datetime.fromisoformat(str(text))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
