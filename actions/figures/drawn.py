"""A figure as a page shows it: its table in words, and what its chart is drawn from. Plain JSON, so that it can be kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from actions.figures.figure import Column, Figure, Row, Series, Value

MOST_ROWS = 500
"""Rows of a table on a page; a file has them all."""

MOST_BARS = 40
"""Rows in a chart, as many as can be told apart; of a line, all that the table shows."""

LONGEST = 200
"""Characters of a name."""

COLOR = re.compile(r"#[0-9a-fA-F]{6}\Z")
DAY = re.compile(r"\d{4}-W?\d\d")
UNITS = {"share": "%", "days": "days", "hours": "hours"}
SHARE = ":share"
"""What the key of a column ends with that has the shares of another."""

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
        "rows": [_row(row, counted, shares) for row in rows],
        "total": _row(figure.total, counted, shares) if figure.total else None,
        "left_out": len(figure.rows) - len(rows),
        "drawing": _drawing(figure, rows),
    }


def name_of(row: Row) -> str:
    """What names a row in a link: its key, which is an id mostly, else its label."""
    return row.key or row.label


def said(value: Value, kind: str) -> str:
    """A value in words: `1,234`, `12.5`, `34 %`; a dash where there is none."""
    if value is None or value == "":
        return "–"
    if isinstance(value, str):
        return value[:LONGEST]
    if kind == "share":
        return f"{value * 100:.0f} %"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _head(column: Column, plain: str) -> dict[str, Any]:
    """The unit of the whole figure is not said again for each column."""
    unit = column.unit or UNITS.get(column.kind, "")
    return {"label": column.label[:LONGEST], "unit": unit if unit != plain else "", "number": column.kind not in TEXTS}


def _row(row: Row, columns: Sequence[Column], shares: Collection[str]) -> dict[str, Any]:
    return {
        "name": name_of(row),
        "label": row.label[:LONGEST],
        "color": row.color if COLOR.match(row.color) else "",
        "link": row.link,
        "tasks": len(row.task_ids),
        "cells": [_cell(row, column, shares) for column in columns],
    }


def _cell(row: Row, column: Column, shares: Collection[str]) -> dict[str, Any]:
    """A column's share stands in its own cell, behind its number."""
    share = f"{column.key}{SHARE}"
    return {
        "column": column.key,
        "text": said(row.values.get(column.key), column.kind),
        "share": said(row.values.get(share), "share") if share in shares else "",
        "number": column.kind not in TEXTS,
        "tasks": len(row.cell_task_ids.get(column.key, ())),
    }


def _drawing(figure: Figure, rows: Sequence[Row]) -> dict[str, Any] | None:
    """None where there is nothing to draw."""
    if figure.chart == "none" or not rows or not figure.series:
        return None
    over_time = all(DAY.match(row.label) for row in rows)
    shown = rows if figure.chart == "line" or over_time else rows[:MOST_BARS]
    kinds = {column.key: column.kind for column in figure.columns}
    series = [_series(one, shown, kinds.get(one.key, "number")) for one in figure.series]
    numbers = [value for one in series for value in one["values"] if value is not None]
    return {
        "title": figure.title,
        "file": f"statistics-{figure.slug}",
        "chart": figure.chart,
        "unit": figure.unit,
        "horizontal": figure.chart != "line" and not over_time,
        "whole": all(float(value).is_integer() for value in numbers),
        "labels": [row.label[:LONGEST] for row in shown],
        "keys": [name_of(row) for row in shown],
        "series": series,
        "left_out": len(rows) - len(shown),
    }


def _series(series: Series, rows: Sequence[Row], kind: str) -> dict[str, Any]:
    return {
        "key": series.key,
        "label": series.label[:LONGEST],
        "color": series.color if COLOR.match(series.color) else "",
        "values": [_number(row.values.get(series.key), kind) for row in rows],
        "linked": [bool(row.cell_task_ids.get(series.key)) for row in rows],
    }


def _number(value: Value, kind: str) -> float | None:
    """A share is drawn in per cent."""
    if value is None or isinstance(value, str):
        return None
    return round(value * 100, 1) if kind == "share" else round(value, 2)
