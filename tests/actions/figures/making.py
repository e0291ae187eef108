"""Small productions, made by hand: on Wednesday, 18 March 2026 (2026-W12), at noon UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from actions.figures import Production
from actions.figures.rows import EntityRow, ProjectRow, SpentRow, StatusRow, TaskRow, TypeRow

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
TODAY = NOW.date()

PROJECTS = [ProjectRow("show", "Kettle", 25.0), ProjectRow("film", "Tide", 24.0)]
TYPES = [
    TypeRow("model", "Modeling", "#111111", "assets", "Asset", 1),
    TypeRow("anim", "Animation", "#222222", "shots", "Shot", 1),
    TypeRow("comp", "Compositing", "#333333", "shots", "Shot", 2),
]
STATUSES = [
    StatusRow("todo", "Todo", priority=1),
    StatusRow("wip", "In work", is_wip=True, priority=2),
    StatusRow("wfa", "In review", is_review=True, priority=3),
    StatusRow("retake", "Retake", is_retake=True, priority=4),
    StatusRow("done", "Done", is_done=True, priority=5),
]
ENTITIES = [
    EntityRow("e1", "E01", "episode"),
    EntityRow("e2", "E02", "episode"),
    EntityRow("s1", "SQ01", "sequence", episode_id="e1"),
    EntityRow("s2", "SQ01", "sequence", episode_id="e2"),
    EntityRow("sh1", "SH01", "shot", "s1", "e1", 50),
    EntityRow("sh2", "SH02", "shot", "s1", "e1", 100),
    EntityRow("sh3", "SH01", "shot", "s2", "e2", None),
    EntityRow("crow", "Crow", "asset", asset_type="Characters"),
]
PEOPLE = {"noa": "Noa", "juno": "Juno"}


def day(number, *, hour=12):
    """A moment so many days from now."""
    return datetime.combine(TODAY + timedelta(days=number), datetime.min.time(), UTC) + timedelta(hours=hour)


def due(number):
    """A day so many from today."""
    return TODAY + timedelta(days=number)


def task(name, entity="sh1", task_type="anim", status="todo", **more):
    """One task of the show."""
    return TaskRow(name, more.pop("project", "show"), entity, task_type, status, **more)


def spent(task_id, person, on: date, hours):
    """Hours of a person on a day."""
    return SpentRow(task_id, person, on, hours * 60)


def production(*tasks, **more):
    """These tasks, read now by somebody in UTC."""
    return Production(
        **{
            "read_at": NOW,
            "zone": UTC,
            "projects": by_id(PROJECTS),
            "task_types": by_id(TYPES),
            "statuses": by_id(STATUSES),
            "people": PEOPLE,
            "departments": {"assets": "Modeling", "shots": "Shots"},
            "entities": by_id(ENTITIES),
            "tasks": tasks,
            **more,
        }
    )


def by_id(rows):
    """Rows by their id."""
    return {row.id: row for row in rows}


def table(figure, *keys):
    """The rows of a figure, as tuples of these columns."""
    return [tuple(row.values[key] for key in keys) for row in figure.rows]
