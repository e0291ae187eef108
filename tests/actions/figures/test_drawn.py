from __future__ import annotations

import json

import pytest

from actions.figures import Column, Figure, Row, Series
from actions.figures.drawn import drawn, said

COLUMNS = (
    Column("type", "Task type", kind="text"),
    Column("a", "Done", "tasks"),
    Column("a:share", "Done", kind="share"),
)


def figure(rows, **more):
    return Figure("f", "F", "Help.", "stacked", COLUMNS, tuple(rows), (Series("a", "Done", "#22d160"),), **more)


def row(label, value, **more):
    return Row(label, {"type": label, "a": value, "a:share": 0.5}, ("1", "2"), cell_task_ids={"a": ("1",)}, **more)


def test_it_works():
    found = drawn(figure([row("Layout", 1200, key="k")]))
    (line,) = found["rows"]
    assert (line["name"], line["label"], line["tasks"]) == ("k", "Layout", 2)
    assert [(cell["text"], cell["share"], cell["leads"]) for cell in line["cells"]] == [("1,200", "50 %", True)]
    assert found["drawing"]["series"][0]["values"] == [1200]
    assert found["drawing"]["keys"] == ["k"]
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize(("value", "kind", "words"), [
    (None, "number", "–"), (0, "number", "0"), (0.0, "hours", "0"), (1234.56, "hours", "1,234.6"), (0.345, "share", "34 %"),
    ("2026-01-01", "date", "2026-01-01"), ("", "person", "–"), (-3, "days", "-3"),
])  # fmt: skip
def test_it_says_values_in_words(value, kind, words):
    assert said(value, kind) == words


def test_it_is_bounded_and_says_so():
    found = drawn(figure([row(f"T{n}", n) for n in range(700)]))
    assert (len(found["rows"]), found["left_out"]) == (500, 200)
    assert (len(found["drawing"]["labels"]), found["drawing"]["left_out"]) == (40, 460)


def test_time_runs_from_left_to_right_and_is_not_cut():
    found = drawn(figure([row(f"2026-W{n % 52 + 1:02}", n) for n in range(100)]))["drawing"]
    assert (found["horizontal"], len(found["labels"])) == (False, 100)
    assert drawn(figure([row("Layout", 1)]))["drawing"]["horizontal"]


def test_it_lets_no_strange_colour_in():
    found = drawn(figure([row("Layout", 1, color="red;} body {display: none")]))
    assert found["rows"][0]["color"] == ""


def test_nothing_is_drawn_of_nothing():
    assert drawn(figure([]))["drawing"] is None


def weekly(**more):
    weeks = ("2026-W01", "2026-W02")
    columns = (Column("label", "Person", kind="person"), *(Column(one, one, kind="hours") for one in weeks),
               Column("quota", "A week has", kind="hours"))  # fmt: skip
    rows = tuple(
        Row(
            f"P{n}",
            {"label": f"P{n}", weeks[0]: n, weeks[1]: 1.0, "quota": 40},
            key=str(n),
            cell_task_ids={weeks[0]: ("1",)},
        )
        for n in range(9)
    )
    return Figure("load", "Load", "Help.", "bars", columns, rows, tuple(Series(one, one) for one in weeks), **more)


def test_weeks_beside_each_other_are_lines_below_what_a_week_has():
    found = drawn(weekly())["drawing"]
    assert (found["chart"], found["turned"], found["labels"], found["left_out"]) == (
        "line",
        True,
        ["2026-W01", "2026-W02"],
        2,
    )
    assert found["series"][3] == {"key": "3", "label": "P3", "color": "", "share": False, "values": [3, 1.0],
                                  "linked": [True, True]}  # fmt: skip
    assert (found["series"][-1]["label"], found["series"][-1]["values"]) == ("A week has", [40, 40])
