"""Results as CSV, as a spreadsheet opens them."""

from __future__ import annotations

import csv

import pytest

from audit.export import MOST_COLUMNS, csv_lines, flat, guarded

pytestmark = pytest.mark.django_db


def test_it_works(an_invocation):
    invocation = an_invocation()
    invocation.results.create(position=0, task_id="a", name='Été, "1"', state="done", data={"x": {"y": 1}})
    invocation.results.create(position=1, task_id="b", state="failed", message="one\ntwo", data={"z": [1, 2]})
    assert list(csv.reader(csv_lines(invocation))) == [
        ["position", "task_id", "name", "state", "message", "x.y", "z"],
        ["0", "a", 'Été, "1"', "done", "", "1", ""],
        ["1", "b", "", "failed", "one\ntwo", "", "1; 2"],
    ]


@pytest.mark.parametrize("start", list("=+-@\t\r"))
def test_it_lets_no_text_become_a_formula(start, an_invocation):
    assert guarded(f"{start}1+1") == f"'{start}1+1"
    invocation = an_invocation()
    invocation.results.create(position=0, task_id="a", name=f"{start}x", state="done", data={f"{start}y": f"{start}z"})
    for line in csv.reader(csv_lines(invocation)):
        assert not any(cell.startswith(start) for cell in line)


def test_it_leaves_numbers_alone():
    assert guarded(-3) == -3
    assert guarded("3 - 4") == "3 - 4"


def test_it_flattens_what_is_nested():
    assert flat({"a": {"b": [1, "c"], "d": [{"e": 1}]}, "f": None, "g": {}}) == {
        "a.b": "1; c",
        "a.d": "1 entries",
        "f": None,
    }


def test_it_has_so_many_columns_and_no_more(an_invocation):
    invocation = an_invocation()
    invocation.results.create(position=0, task_id="a", state="done", data={f"k{n}": n for n in range(MOST_COLUMNS * 2)})
    assert len(next(csv.reader(csv_lines(invocation)))) == MOST_COLUMNS + 5
