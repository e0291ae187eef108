"""Task results as CSV: one row a task, what a kind kept flattened into columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from audit.models import Invocation

FIXED = ("position", "task_id", "name", "state", "message")
MOST_COLUMNS = 400
RISKY = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(invocation: Invocation) -> Iterator[str]:
    """The lines of the file. Two passes: the columns first, since not every task has the same."""
    columns: dict[str, None] = {}
    for result in invocation.results.only("data").iterator(chunk_size=200):
        columns |= dict.fromkeys(flat(result.data))
    names = list(columns)[:MOST_COLUMNS]
    yield _line([*FIXED, *names])
    for result in invocation.results.iterator(chunk_size=200):
        values = flat(result.data)
        yield _line([getattr(result, name) for name in FIXED] + [values.get(name, "") for name in names])


def flat(data: Any, prefix: str = "") -> dict[str, Any]:
    """`{"a": {"b": 1}, "c": [2, 3]}` -> `{"a.b": 1, "c": "2; 3"}`; lists of objects are counted."""
    if isinstance(data, dict):
        found: dict[str, Any] = {}
        for key, value in data.items():
            found |= flat(value, f"{prefix}.{key}" if prefix else str(key))
        return found
    if isinstance(data, list):
        plain = not any(isinstance(item, dict | list) for item in data)
        return {prefix: "; ".join(map(str, data)) if plain else f"{len(data)} entries"}
    return {prefix: data}


def guarded(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets a quote in front (OWASP: CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


def _line(values: list[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([guarded(value) for value in values])
    return buffer.getvalue()
