"""The forms in which the log leaves the bridge: CSV and JSON lines as a stream where it is short, all of them as a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from audit.exports.rows import COLUMNS, cells, entities
from audit.models import Invocation
from kitsu_bridge.sheets import Cell, csv_lines, write_xlsx

Pieces = Iterable[list[Invocation]]
Streamed = Callable[[Pieces], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Form:
    """One of them: its name, its content type, what writes it to a file; and what streams it, where it can be."""

    name: str
    content_type: str
    write: Callable[[Path, Pieces], None]
    stream: Streamed | None = None


def csv_bytes(pieces: Pieces) -> Iterator[bytes]:
    """A piece of the file for each piece of the rows; marked as UTF-8 for Excel, formulas defused."""
    yield b"".join(csv_lines(list(COLUMNS), (), mark=True))
    for piece in pieces:
        lines = csv_lines((), map(cells, piece))
        next(lines)  # The header of this piece, which is none.
        yield b"".join(lines)


def json_bytes(pieces: Pieces) -> Iterator[bytes]:
    """One object a line; what is nothing is null, and times are ISO 8601 in UTC."""
    for piece in pieces:
        yield b"".join(_object(one) for one in piece)


def xlsx_file(path: Path, pieces: Pieces) -> None:
    """The workbook: it cannot be sent before its last row is known."""
    rows = (_without_zone(cells(one)) for piece in pieces for one in piece)
    write_xlsx(path, list(COLUMNS), rows, name="Log")


def _file_of(stream: Streamed, path: Path, pieces: Pieces) -> None:
    with path.open("wb") as file:
        file.writelines(stream(pieces))


def _object(invocation: Invocation) -> bytes:
    named = dict(zip(COLUMNS, map(_json, cells(invocation)), strict=True))
    named |= {"productions": list(invocation.project_names), "entities": entities(invocation)}
    return json.dumps(named, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _json(cell: Cell | list[str]) -> object:
    return cell.isoformat() if isinstance(cell, date) else cell


def _without_zone(row: list[Cell]) -> list[Cell]:
    """Excel's times have no zone; the columns' titles say which it is."""
    return [cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell for cell in row]


FORMS: dict[str, Form] = {
    "csv": Form("CSV", "text/csv; charset=utf-8", partial(_file_of, csv_bytes), csv_bytes),
    "jsonl": Form("JSON lines", "application/x-ndjson", partial(_file_of, json_bytes), json_bytes),
    "xlsx": Form("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_file),
}

NAMES = {key: form.name for key, form in FORMS.items()}
