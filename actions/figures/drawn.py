"""A figure as a page shows it: its table in words, and what its chart is drawn from. Plain JSON, so that it can be kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from actions.figures.figure import Column, Figure, Row, Series, Value

MOST_ROWS = 500
"""Rows of a table on a page; a file has them all."""

MOST_BARS = 40
"""Rows in a chart, as many as can be told apart; of a line, all that the table shows."""

MOST_LINES = 7
"""Rows in a chart with a line for each."""

LONGEST = 200
"""Characters of a name."""

COLOR = re.compile(r"#[0-9a-fA-F]{6}\Z")
DAY = re.compile(r"\d{4}-W?\d\d")
UNITS = {"share": "%", "days": "days", "hours": "hours"}
SHARE = ":share"
"""What the key of a column ends with that has the shares of another."""

QUOTA = "quota"
"""The column of what a week has, which is drawn as a line to stay below."""

MEANT = {
    "done": "#22d160",
    "review": "#ab26ff",
    "retake": "#ff3860",
    "work": "#3273dc",
    "waiting": "#d6d8dc",
    "overdue": "#ff3860",
    "late": "#ff3860",
    "week": "#fbc02d",
}
"""Colours of what statuses mean, those that Kitsu gives its own ones (zou/app/commands/commands_service.py in Zou 1.0.97)."""

TEXTS = {"text", "date", "person"}


def drawn(figure: Figure, *, most_rows: int = MOST_ROWS) -> dict[str, Any]:
    """The figure in words and numbers, with at most `most_rows` rows; `left_out` says how many more there are."""
    rows = figure.rows[:most_rows]
    shares = {column.key for column in figure.columns if column.key.endswith(SHARE)}
    counted = [column for column in figure.columns[1:] if column.key not in shares]
    return {
        "slug": figure.slug,
        "title": figure.title,
        "help": figure.help,
        "unit": figure.unit,
        "note": figure.note,
        "empty": figure.empty,
        "about": figure.columns[0].label,
        "head": [_head(column, figure.unit) for column in counted],
        "rows": [_row(figure, row, counted, shares) for row in rows],
        "total": _row(figure, figure.total, counted, shares) if figure.total else None,
        "left_out": len(figure.rows) - len(rows),
        "drawing": _drawing(figure, rows),
    }


def lines(figure: Figure) -> tuple[list[str], Iterator[list[Value]]]:
    """The whole table for a file: its header with units, and its rows with raw numbers, the total last."""
    header = [f"{column.label} ({column.unit})" if column.unit else column.label for column in figure.columns]
    rows = (*figure.rows, *([figure.total] if figure.total else []))
    return header, ([row.values.get(column.key) for column in figure.columns] for row in rows)


def name_of(row: Row) -> str:
    """What names a row in a link: its key, which is an id mostly, else its label."""
    return row.key or row.label


def color_of(text: str) -> str:
    """`#22d160`, and nothing else that could stand in a page."""
    return text if COLOR.match(text) else ""


def said(value: Value, kind: str) -> str:
    """A value in words: `1,234`, `12.5`, `34 %`; a dash where there is none."""
    if value is None or value == "":
        return "–"
    if isinstance(value, str):
        return value[:LONGEST]
    if kind == "share":
        return f"{value * 100:,.0f} %"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _head(column: Column, plain: str) -> dict[str, Any]:
    """The unit of the whole figure is not said again for each column, nor one that the label has."""
    unit = column.unit or UNITS.get(column.kind, "")
    told = unit == plain or unit in column.label.lower()
    return {"label": column.label[:LONGEST], "unit": "" if told else unit, "number": column.kind not in TEXTS}


def _row(figure: Figure, row: Row, columns: Sequence[Column], shares: Collection[str]) -> dict[str, Any]:
    return {
        "name": name_of(row),
        "label": row.label[:LONGEST],
        "color": color_of(row.color),
        "link": row.link,
        "tasks": len(row.task_ids),
        "cells": [_cell(figure, row, column, shares) for column in columns],
    }


def _cell(figure: Figure, row: Row, column: Column, shares: Collection[str]) -> dict[str, Any]:
    """A column's share stands in its own cell, behind its number."""
    share = f"{column.key}{SHARE}"
    return {
        "column": column.key,
        "text": said(row.values.get(column.key), column.kind),
        "share": said(row.values.get(share), "share") if share in shares else "",
        "kind": "text" if column.kind in {"text", "person"} else "date" if column.kind == "date" else "number",
        "leads": figure.leads(row, column),
    }


def _drawing(figure: Figure, rows: Sequence[Row]) -> dict[str, Any] | None:
    """None where there is nothing to draw."""
    if figure.chart == "none" or not rows or not figure.series:
        return None
    columns = {column.key: column for column in figure.columns}
    weeks = len(figure.series) > 1 and all(DAY.match(one.label) for one in figure.series)
    plotted = _by_week(figure, rows, columns) if weeks else _by_row(figure, rows, columns)
    numbers = [value for one in plotted["series"] for value in one["values"] if value is not None]
    return plotted | {
        "title": figure.title,
        "file": f"statistics-{figure.slug}",
        "unit": figure.unit,
        "whole": all(float(value).is_integer() for value in numbers),
    }


def _by_row(figure: Figure, rows: Sequence[Row], columns: Mapping[str, Column]) -> dict[str, Any]:
    """A bar, or a place on the line, for each row. Rows that are weeks run from left to right, others from top to bottom."""
    over_time = figure.chart == "line" or all(DAY.match(row.label) for row in rows)
    shown = rows if over_time else rows[:MOST_BARS]
    return {
        "chart": figure.chart,
        "horizontal": not over_time,
        "over_time": over_time,
        "turned": False,
        "labels": [row.label[:LONGEST] for row in shown],
        "keys": [name_of(row) for row in shown],
        "series": [_series(figure, one, [(row, columns[one.key]) for row in shown]) for one in figure.series],
        "left_out": len(rows) - len(shown),
    }


def _by_week(figure: Figure, rows: Sequence[Row], columns: Mapping[str, Column]) -> dict[str, Any]:
    """Where the columns are weeks: a line for each row, `turned`, and one for what a week has."""
    shown = rows[:MOST_LINES]
    series = [
        _series(figure, Series(name_of(row), row.label, row.color), [(row, columns[one.key]) for one in figure.series])
        for row in shown
    ]
    return {
        "chart": "line",
        "horizontal": False,
        "turned": True,
        "labels": [one.label[:LONGEST] for one in figure.series],
        "keys": [one.key for one in figure.series],
        "series": [*series, *_quota(figure, shown)],
        "left_out": len(rows) - len(shown),
    }


def _quota(figure: Figure, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The same in each week: a line to stay below."""
    column = next((one for one in figure.columns if one.key == QUOTA), None)
    value = next((row.values[QUOTA] for row in rows if row.values.get(QUOTA)), None)
    if column is None or value is None:
        return []
    limit = Row(column.label, {QUOTA: value})
    return [_series(figure, Series(QUOTA, column.label, "#7a7f87"), [(limit, column)] * len(figure.series))]


def _series(figure: Figure, series: Series, cells: Sequence[tuple[Row, Column]]) -> dict[str, Any]:
    """One line, or the bars of one colour; its columns are all of one kind."""
    color = series.color or MEANT.get(series.key, "")
    return {
        "key": series.key,
        "label": series.label[:LONGEST],
        "color": color_of(color),
        "share": all(column.kind == "share" for _, column in cells),
        "values": [_number(row.values.get(column.key), column.kind) for row, column in cells],
        "linked": [figure.leads(row, column) for row, column in cells],
    }


def _number(value: Value, kind: str) -> float | None:
    """A share is drawn in per cent."""
    if value is None or isinstance(value, str):
        return None
    return round(value * 100, 1) if kind == "share" else round(value, 2)
