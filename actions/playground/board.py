"""A production as Kitsu shows it: entities in rows, task types in columns, a status in each cell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.tasks import KINDS

PAGES = ("asset", "shot", "sequence", "episode", "edit", "concept")
"""Kitsu's pages of a production that have tasks."""

FOR_ENTITY = {page: page.title() for page in PAGES}
HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")
MOST = 6000
"""Cells of one board; what is more is reached by choosing an episode or another page."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One task: its id, its status and who has it."""

    task_id: str
    status: Record
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One entity with its tasks, a cell a column; None where it has no such task."""

    name: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading: a sequence, an asset type, an episode."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """What is shown of `page`. `left_out`: tasks beyond the most that one page bears."""

    page: str = "shot"
    columns: tuple[Record, ...] = ()
    groups: tuple[Group, ...] = ()
    statuses: tuple[Record, ...] = ()
    pages: dict[str, int] = field(default_factory=dict)
    episodes: tuple[Record, ...] = ()
    left_out: int = 0

    @property
    def task_count(self) -> int:
        """Tasks on the board."""
        return sum(cell is not None for group in self.groups for row in group.rows for cell in row.cells)


def read_board(kitsu: Kitsu, context: Record, project: Record, asked: str, episode: str) -> Board:
    """The page that was asked for, else the first that has tasks, as this session may see it. Raises `KitsuError`.

    `context` is what `kitsu.context()` answered.
    """
    types = {row["id"]: row for row in context["task_types"]}
    tasks = kitsu.project_tasks(project["id"])
    pages = _pages(tasks, types)
    page = page_of(pages, asked)
    chosen = [task for task in tasks if _page_of(task, types) == page]
    entities = {row["id"]: row for row in _entities(kitsu, project, page)}
    above = _above(kitsu, project, entities)
    entity_types = {row["id"]: row for row in kitsu.entity_types()}
    if episode and page == asked:
        chosen = [task for task in chosen if _episode_id(entities.get(task["entity_id"], {}), above) == episode]
    shown = chosen[:MOST]
    columns = sorted((types[one] for one in {task["task_type_id"] for task in shown}), key=_place)
    statuses = {row["id"]: row for row in context["task_status"]}
    people = {row["id"]: _full_name(row) for row in context["persons"]}
    return Board(
        page,
        tuple(columns),
        tuple(_groups(shown, columns, entities, above, entity_types, statuses, people)),
        tuple(statuses.values()),
        pages,
        tuple(row for row in _episodes(kitsu, project)) if page in {"asset", "shot", "sequence", "edit"} else (),
        len(chosen) - len(shown),
    )


def page_of(pages: Iterable[str], asked: str) -> str:
    """The page that was asked for; of a production without such tasks, the first that it has."""
    wanted = asked if asked in PAGES else "shot"
    return wanted if wanted in pages else next(iter(pages), wanted)


def color(value: object, default: str = "#888888") -> str:
    """A colour of Kitsu's, or the default: nothing else may come into a style sheet."""
    text = str(value or "")
    return text if HEX.match(text) else default


def _place(task_type: Record) -> tuple[int, str]:
    """Where its column stands. `priority` may be null (zou/app/models/task_type.py in Zou 1.0.97)."""
    return task_type.get("priority") or 0, str(task_type["name"])


def _pages(tasks: Iterable[Record], types: dict[str, Record]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for task in tasks:
        counts[_page_of(task, types)] += 1
    return {page: counts[page] for page in PAGES if counts[page]}


def _page_of(task: Record, types: dict[str, Record]) -> str:
    return str(types.get(task["task_type_id"], {}).get("for_entity") or "").lower()


def _entities(kitsu: Kitsu, project: Record, page: str) -> list[Record]:
    return kitsu.project_entities(project["id"], FOR_ENTITY[page])


def _episodes(kitsu: Kitsu, project: Record) -> list[Record]:
    if project.get("production_type") != "tvshow":
        return []
    return sorted(kitsu.project_entities(project["id"], "Episode"), key=lambda row: str(row["name"]))


def _above(kitsu: Kitsu, project: Record, entities: dict[str, Record]) -> dict[str, Record]:
    """Sequences and episodes, where some entity stands below one."""
    if not any(row.get("parent_id") or row.get("source_id") for row in entities.values()):
        return {}
    rows = [*kitsu.project_entities(project["id"], "Sequence"), *_episodes(kitsu, project)]
    return {row["id"]: row for row in rows}


def _groups(
    tasks: list[Record],
    columns: list[Record],
    entities: dict[str, Record],
    above: dict[str, Record],
    entity_types: dict[str, Record],
    statuses: dict[str, Record],
    people: dict[str, str],
) -> list[Group]:
    cells: dict[str, dict[str, Cell]] = defaultdict(dict)
    for task in tasks:
        names = tuple(people.get(one, "") for one in task.get("assignees") or ())
        status = statuses.get(task["task_status_id"], {})
        cells[task["entity_id"]][task["task_type_id"]] = Cell(task["id"], status, names)
    grouped: dict[str, list[Row]] = defaultdict(list)
    for entity_id, of_type in cells.items():
        entity = entities.get(entity_id, {"name": entity_id})
        row = Row(str(entity["name"]), tuple(of_type.get(column["id"]) for column in columns))
        grouped[_heading(entity, above, entity_types)].append(row)
    return [Group(name, tuple(sorted(rows, key=lambda row: row.name))) for name, rows in sorted(grouped.items())]


def _heading(entity: Record, above: dict[str, Record], entity_types: dict[str, Record]) -> str:
    """A shot's episode and sequence; an asset's type, and the episode it was made for."""
    parent = above.get(entity.get("parent_id") or "")
    if parent is not None:
        grandparent = above.get(parent.get("parent_id") or "")
        return " / ".join(str(row["name"]) for row in (grandparent, parent) if row)
    name = str(entity_types.get(entity.get("entity_type_id") or "", {}).get("name") or "")
    source = above.get(entity.get("source_id") or "")
    return f"{name} ({source['name']})" if source else "" if name in KINDS else name


def _episode_id(entity: Record, above: dict[str, Record]) -> str:
    parent = above.get(entity.get("parent_id") or "", {})
    return str(entity.get("source_id") or parent.get("parent_id") or parent.get("id") or "")


def _full_name(row: Record) -> str:
    return row.get("full_name") or f"{row.get('first_name') or ''} {row.get('last_name') or ''}".strip()
