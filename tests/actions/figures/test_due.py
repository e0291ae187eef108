from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from actions.figures import FIGURES
from tests.actions.figures.making import due, production, table, task

SOME = production(
    task("yesterday", due=due(-1)),
    task("long ago", task_type="comp", due=due(-21), assignees=("juno",)),
    task("done in time", status="done", due=due(-5)),
    task("today", status="wfa", due=due(0)),
    task("sunday", due=due(4)),
    task("monday", due=due(5)),
    task("whenever"),
)


def test_it_works():
    found = FIGURES["due"](SOME)
    assert table(found, "type", "late", "due", "median", "longest") == [
        ("Animation", 1, 2, 1, 1),
        ("Compositing", 1, 0, 21, 21),
    ]
    late, soon = ("yesterday",), ("today", "sunday")
    assert found.rows[0].cell_task_ids == {"late": late, "due": soon, "median": late, "longest": late}
    assert [found.total.values[key] for key in ("late", "due", "median", "longest")] == [2, 2, 11.0, 21]


def test_it_goes_task_by_task():
    assert table(FIGURES["due-tasks"](SOME), "people", "due", "late") == [
        ("Juno", "2026-02-25", 21),
        ("", "2026-03-17", 1),
        ("", "2026-03-18", 0),
        ("", "2026-03-22", 0),
    ]


def test_it_knows_the_day_where_the_person_is():
    """At 16:00 in UTC it is tomorrow already in Tokyo: what is due today is late there."""
    later = replace(SOME, read_at=datetime(2026, 3, 18, 16, tzinfo=UTC))
    assert FIGURES["due"](later).total.values["late"] == 2
    assert FIGURES["due"](replace(later, zone=ZoneInfo("Asia/Tokyo"))).total.values["late"] == 3
