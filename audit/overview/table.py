"""A table of the overview: its numbers, what they are called, and where each leads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from audit.log.said import in_units

MOST_ROWS = 50
"""Rows on the page; the file has them all."""

MOST_BARS = 20
"""Rows in a chart, where they are no days."""

Number = float | int | None


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: `count`, `share` (0 to 1), `seconds`, or `text`. `color`: of its series, where the chart draws it."""

    key: str
    label: str
    kind: str = "count"
    color: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number, in words too, with the page of the log behind it."""

    value: Number | str
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `name` is what a person calls it, `key` what the record does."""

    key: str
    name: str
    cells: tuple[Cell, ...]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table, and what of it a chart shows: `series` are keys of columns."""

    slug: str
    title: str
    help: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    chart: str = ""
    series: tuple[str, ...] = field(default=())
    unit: str = ""

    @property
    def shown(self) -> Sequence[Row]:
        """The rows on the page; days with the newest first, under their chart."""
        return self.rows[: -MOST_ROWS - 1 : -1] if self.over_time else self.rows[:MOST_ROWS]

    @property
    def left_out(self) -> int:
        """How many rows only the file has."""
        return max(0, len(self.rows) - MOST_ROWS)

    @property
    def over_time(self) -> bool:
        """Whether its rows are days."""
        return self.slug == "days"

    @property
    def drawing(self) -> dict[str, Any] | None:
        """What `static/charts/figures.js` draws; None where there is nothing to draw."""
        if not self.chart or not self.rows:
            return None
        rows = self.rows if self.over_time else self.rows[:MOST_BARS]
        drawn = [(at, one) for at, one in enumerate(self.columns) if one.key in self.series]
        return {
            "title": self.title,
            "file": f"overview-{self.slug}",
            "chart": self.chart,
            "unit": self.unit,
            "horizontal": not self.over_time,
            "whole": all(one.kind == "count" for _, one in drawn),
            "labels": [row.name for row in rows],
            "keys": [row.key for row in rows],
            "leads": "the log",
            "series": [_series(one, [row.cells[at] for row in rows]) for at, one in drawn],
        }

    def lines(self) -> Iterator[list[Number | str]]:
        """All rows, for a file."""
        yield [self.about, "Id", *(one.label for one in self.columns)]
        for row in self.rows:
            yield [row.name, row.key, *(cell.value for cell in row.cells)]


def _series(column: Column, cells: Sequence[Cell]) -> dict[str, Any]:
    scale = 100 if column.kind == "share" else 1
    numbers = [round(one.value * scale, 2) if isinstance(one.value, float) else one.value for one in cells]
    return {
        "key": column.key,
        "label": column.label,
        "color": column.color,
        "share": column.kind == "share",
        "values": numbers,
        "linked": [bool(one.link) for one in cells],
        "links": [one.link for one in cells],
    }


def in_words(value: Number | str, kind: str) -> str:
    """`1,234`, `12 %`, `2.4 s`, `3 min 5 s`; a dash where there is none."""
    if value is None or isinstance(value, str):
        return value or "–"
    if kind == "share":
        return f"{value * 100:.1f} %" if 0 < value < 0.1 else f"{value * 100:.0f} %"
    return in_units(timedelta(seconds=value)) if kind == "seconds" else f"{value:,.0f}"
