from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from actions.figures import FIGURES
from tests.actions.figures.making import day, production, table, task

SOME = production(
    task("a", "sh1", status="wfa", sent=day(-1), assignees=("noa", "juno"), drawings=7),
    task("b", "sh2", "comp", "done", sent=day(-8), done=day(-1), assignees=("noa",)),
    task("no frames", "sh3", status="wfa", sent=day(-8), assignees=("noa",)),
    task("long ago", "sh1", "comp", "done", sent=day(-90), assignees=("noa",)),
    task("no shot", "crow", "model", "wfa", sent=day(-1), assignees=("noa",)),
    task("not sent", "sh2", status="wip", assignees=("juno",)),
)


def test_it_works():
    found = FIGURES["quotas"](SOME)
    assert table(found, "label", "2026-03-09", "2026-03-16", "frames", "seconds", "shots", "drawings") == [
        ("Noa", 100, 50, 150, 6.0, 3, 7),
        ("Juno", 0, 50, 50, 2.0, 1, 7),
    ]
    assert found.rows[0].cell_task_ids["2026-03-09"] == ("b",)


def test_a_week_begins_and_ends_where_the_person_is():
    """Sunday, 23:30 in UTC, is Monday in Tokyo; the last minute of the first of eight weeks, and the first, are in it."""
    tokyo = ZoneInfo("Asia/Tokyo")
    edge = datetime(2026, 1, 26, tzinfo=tokyo)
    moments = {"in": edge, "out": edge - timedelta(seconds=1), "monday": day(-3, hour=23.5)}
    some = [task(key, status="wfa", sent=at.astimezone(UTC), assignees=("noa",)) for key, at in moments.items()]
    (row,) = FIGURES["quotas"](production(*some, zone=tokyo)).rows
    assert (row.cell_task_ids["2026-01-26"], row.cell_task_ids["2026-03-16"]) == (("in",), ("monday",))
    assert row.values["shots"] == 2
