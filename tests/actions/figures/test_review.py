from __future__ import annotations

from actions.figures import FIGURES
from tests.actions.figures.making import day, production, table, task

SOME = production(
    task("now", status="wfa", sent=day(0, hour=6)),
    task("two days", status="wfa", sent=day(-2), assignees=("noa", "juno")),
    task("ten days", status="wfa", task_type="comp", sent=day(-10), commented=day(-1)),
    task("no day of its own", status="wfa", commented=day(-4)),
    task("unknown", status="wfa"),
    task("done", status="done", sent=day(-3), done=day(-1)),
    task("not begun"),
)


def test_it_works():
    found = FIGURES["review"](SOME)
    assert table(found, "type", "day", "three", "week", "longer", "unknown", "tasks", "median", "longest") == [
        ("Animation", 1, 1, 1, 0, 1, 4, 2.0, 4.0),
        ("Compositing", 0, 0, 0, 1, 0, 1, 10.0, 10.0),
    ]
    assert found.rows[0].cell_task_ids["three"] == ("two days",)
    assert [found.total.values[key] for key in ("tasks", "median", "longest")] == [5, 3.0, 10.0]


def test_it_names_those_that_wait_longest():
    found = FIGURES["review-tasks"](SOME)
    assert table(found, "people", "since", "days") == [
        ("", "2026-03-08", 10.0),
        ("", "2026-03-14", 4.0),
        ("Noa, Juno", "2026-03-16", 2.0),
        ("", "2026-03-18", 0.25),
    ]
    assert found.rows[0].label == "E01 / SQ01 / SH01 / Compositing"


def test_it_says_what_the_list_leaves_out():
    found = FIGURES["review-tasks"](production(*(task(str(one), status="wfa", sent=day(-1)) for one in range(51))))
    assert len(found.rows) == 50
    assert found.note == "The first 50 of 51 tasks in review."
