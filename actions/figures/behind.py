"""The tasks behind a number: of a figure as it is now, or kept with figures that stay as they were."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from actions.figures.compact import zone
from actions.figures.drawn import name_of
from actions.figures.figure import Column, Figure, Row
from actions.figures.listed import Listed, columns, listed
from actions.figures.production import Production

FILE = "figures.json"
"""Under which name it is kept."""


def tasks_behind(figure: Figure, *, row: str, column: str, total: bool) -> tuple[str, tuple[str, ...]]:
    """What a number is about, in words, and the ids of its tasks."""
    found = figure.total if total else next((one for one in figure.rows if name_of(one) == row), None)
    if found is None:
        return "", ()
    known = {one.key for one in figure.columns}
    ids = figure.behind(found, column) if column in known else () if column else found.task_ids
    return _words(figure, found, column), ids


def _words(figure: Figure, row: Row, column: str) -> str:
    labels = {one.key: one.label for one in figure.columns}
    return ", ".join(filter(None, [row.label, labels.get(column, "")]))


@dataclass(frozen=True)
class Behind:
    """The tasks of figures, by id, with the columns of their list; the figures name them, and have no values any more."""

    read_at: datetime
    columns: Mapping[str, str]
    tasks: Mapping[str, Listed]
    figures: Mapping[str, Figure]

    @classmethod
    def read(cls, text: str) -> Self:
        """As `kept` wrote it. Raises `ValueError`, `KeyError` or `TypeError` for what was written otherwise."""
        found = json.loads(text)
        tasks = [Listed(**row) for row in found["tasks"]]
        ids = [one.id for one in tasks]
        return cls(
            datetime.fromisoformat(found["read_at"]).astimezone(zone(found["zone"])),
            dict(found["columns"]),
            {one.id: one for one in tasks},
            {one["slug"]: _figure(one, ids) for one in found["figures"]},
        )


def kept(production: Production, figures: Sequence[Figure]) -> str:
    """JSON. Tasks stand in it once; rows and cells name them by their place."""
    places = {task.id: place for place, task in enumerate(production.tasks)}
    return json.dumps(
        {
            "read_at": production.read_at.isoformat(),
            "zone": str(production.zone),
            "columns": columns(production),
            "tasks": [asdict(listed(production, task)) for task in production.tasks],
            "figures": [_plain(figure, places) for figure in figures],
        }
    )


def _plain(figure: Figure, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "slug": figure.slug,
        "title": figure.title,
        "columns": [[one.key, one.label, one.leads] for one in figure.columns],
        "rows": [_plain_row(row, places) for row in figure.rows],
        "total": _plain_row(figure.total, places) if figure.total else None,
        "adds_up": figure.adds_up,
    }


def _plain_row(row: Row, places: Mapping[str, int]) -> dict[str, Any]:
    cells = {key: _places(ids, places) for key, ids in row.cell_task_ids.items()}
    return {"label": row.label, "key": row.key, "tasks": _places(row.task_ids, places), "cells": cells}


def _places(ids: Iterable[str], places: Mapping[str, int]) -> list[int]:
    return [places[one] for one in ids]


def _figure(plain: Mapping[str, Any], ids: Sequence[str]) -> Figure:
    return Figure(
        slug=plain["slug"],
        title=plain["title"],
        help="",
        chart="none",
        columns=tuple(Column(key, label, leads=leads) for key, label, leads in plain["columns"]),
        rows=tuple(_row(one, ids) for one in plain["rows"]),
        total=_row(plain["total"], ids) if plain["total"] else None,
        adds_up=plain["adds_up"],
    )


def _row(plain: Mapping[str, Any], ids: Sequence[str]) -> Row:
    cells = {key: tuple(ids[place] for place in places) for key, places in plain["cells"].items()}
    return Row(plain["label"], {}, tuple(ids[place] for place in plain["tasks"]), key=plain["key"], cell_task_ids=cells)
