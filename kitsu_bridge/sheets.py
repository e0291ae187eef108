"""Tables as CSV and XLSX. What a spreadsheet would take for a formula stays text; dates and numbers are real ones."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import count as count_from
from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter

Cell = str | int | float | date | datetime | None

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a formula begins with (OWASP, "CSV Injection"), in full width as well: Excel takes both in East Asian locales."""

LONGEST = 32_767
"""Characters that one cell of Excel holds (Microsoft, "Excel specifications and limits")."""

ROWS_OF_A_SHEET = 1_048_575
"""Below the header (the same source)."""

MARK = "\ufeff".encode()
"""The byte order mark by which Excel knows UTF-8."""


def csv_lines(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], *, separator: str = ",", mark: bool = False
) -> Iterator[bytes]:
    """The lines of a CSV file in UTF-8; `mark` puts a byte order mark in front, for Excel."""
    if mark:
        yield MARK
    yield _line(header, separator)
    for row in rows:
        yield _line(row, separator)


def write_xlsx(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str = "Tasks") -> int:
    """A workbook with one sheet, its header frozen and filtering; returns the number of rows.

    Rows go to the disk as they come, so that any number of them takes the same memory; those beyond what a sheet holds go on
    to the next one.
    """
    count = 0
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        written = iter(rows)
        for number in count_from(1):
            sheet = _begun(book, f"{name} {number}" if number > 1 else name, header)
            on_it = _fill(_Sheet(sheet, book), islice(written, ROWS_OF_A_SHEET))
            sheet.autofilter(0, 0, on_it, max(0, len(header) - 1))
            count += on_it
            if on_it < ROWS_OF_A_SHEET:
                return count
    return count


def _begun(book: Any, name: str, header: Sequence[str]) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(header) - 1), 18)
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, title in enumerate(header):
        sheet.write_string(0, column, plain(title)[:LONGEST], bold)
    return sheet


def _fill(writer: _Sheet, rows: Iterable[Sequence[Cell]]) -> int:
    count = 0
    for count, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            writer.write(count, column, cell)
    return count


class _Sheet:
    """Writes cells by their type: never by what their text looks like, as XlsxWriter's own `write` would."""

    def __init__(self, sheet: Any, book: Any) -> None:
        self._sheet = sheet
        self._text = book.add_format({"quote_prefix": True})  # Still text after somebody has edited the cell.
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})

    def write(self, row: int, column: int, cell: Cell) -> None:
        """One cell; nothing for None."""
        if isinstance(cell, str):
            text = plain(cell)[:LONGEST]
            self._sheet.write_string(row, column, text, self._text if text.startswith(RISKY) else None)
        elif isinstance(cell, datetime):
            self._sheet.write_datetime(row, column, cell.replace(tzinfo=None), self._moment)
        elif isinstance(cell, date):
            self._sheet.write_datetime(row, column, cell)
        elif cell is not None and math.isfinite(cell):
            self._sheet.write_number(row, column, cell)


def plain(text: str) -> str:
    """Text that every file format takes: without control characters and lone surrogates."""
    kept = "".join(sign for sign in text if sign in "\n\t" or (ord(sign) >= 32 and ord(sign) != 127))
    return kept.encode("utf-8", "replace").decode()


def _line(row: Sequence[Cell], separator: str) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator).writerow([_written(cell) for cell in row])
    return buffer.getvalue().encode()


def _written(cell: Cell) -> str | int | float:
    """A cell as CSV keeps it; an apostrophe before a formula makes it text."""
    if isinstance(cell, str):
        text = plain(cell)
        return f"'{text}" if text.startswith(RISKY) else text
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else cell
