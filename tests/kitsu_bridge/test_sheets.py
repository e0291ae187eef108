from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from kitsu_bridge.sheets import LONGEST, csv_lines, write_xlsx

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "|cmd",
    'a "b", c;d',
    "SH\x00\x1f\ud800",
    "تصوير 🎬",
]


def read_csv(lines, **more):
    return list(csv.reader(io.StringIO(b"".join(lines).decode("utf-8-sig"), newline=""), **more))


def read_xlsx(path):
    book = openpyxl.load_workbook(path)
    return book.active


def test_it_works(tmp_path):
    rows = [["SH0010", 48, 1.5, date(2026, 11, 21), datetime(2026, 11, 21, 9, 5), None]]
    header = ["Name", "Frames", "Hours", "Day", "Moment", "Nothing"]
    assert read_csv(csv_lines(header, rows)) == [
        header,
        ["SH0010", "48", "1.5", "2026-11-21", "2026-11-21T09:05:00", ""],
    ]
    assert write_xlsx(tmp_path / "a.xlsx", header, rows) == 1
    sheet = read_xlsx(tmp_path / "a.xlsx")
    assert [cell.value for cell in sheet[1]] == header
    assert [cell.value for cell in sheet[2]] == [
        "SH0010", 48, 1.5, datetime(2026, 11, 21), datetime(2026, 11, 21, 9, 5), None,
    ]  # fmt: skip
    assert sheet["D2"].is_date
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:F2")


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(tmp_path, text):
    clean = text.replace("\x00", "").replace("\x1f", "").replace("\ud800", "?").replace("\r", "")
    kept = read_csv(csv_lines(["a"], [[text]]))[1][0]
    assert kept.lstrip("'") == clean
    assert not kept.startswith(("=", "+", "-", "@", "\t", "\n", "＝"))
    write_xlsx(tmp_path / "a.xlsx", ["a"], [[text]])
    cell = read_xlsx(tmp_path / "a.xlsx")["A2"]
    assert (cell.data_type, cell.value) == ("s", clean)
    assert cell.quotePrefix == (kept != clean)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_numbers_are_not_quoted():
    assert read_csv(csv_lines(["a"], [[-5], [-0.5]])) == [["a"], ["-5"], ["-0.5"]]


def test_it_begins_with_a_mark_for_excel():
    assert b"".join(csv_lines(["ä"], [], mark=True)).startswith(b"\xef\xbb\xbf\xc3\xa4")
    assert not b"".join(csv_lines(["ä"], [])).startswith(b"\xef\xbb\xbf")


def test_it_separates_as_asked():
    assert read_csv(csv_lines(["a", "b"], [["x;y", "z"]], separator=";"), delimiter=";") == [["a", "b"], ["x;y", "z"]]


def test_a_cell_has_its_bounds(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", ["a", "b"], [["x" * 40_000, float("inf")]])
    sheet = read_xlsx(tmp_path / "a.xlsx")
    assert len(sheet["A2"].value) == LONGEST
    assert sheet["B2"].value is None


def test_a_table_without_rows_is_one(tmp_path):
    assert write_xlsx(tmp_path / "a.xlsx", ["a"], []) == 0
    assert read_xlsx(tmp_path / "a.xlsx")["A1"].value == "a"


def test_what_a_sheet_does_not_hold_stands_on_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr("kitsu_bridge.sheets.ROWS_OF_A_SHEET", 2)
    assert write_xlsx(tmp_path / "a.xlsx", ["N"], [[n] for n in range(5)], name="Log") == 5
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert {name: [cell.value for cell in book[name]["A"]] for name in book.sheetnames} == {
        "Log": ["N", 0, 1], "Log 2": ["N", 2, 3], "Log 3": ["N", 4],
    }  # fmt: skip
