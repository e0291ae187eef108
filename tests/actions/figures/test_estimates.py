from __future__ import annotations

from dataclasses import replace

from actions.figures import FIGURES
from tests.actions.figures.making import production, table, task

DAY = 480.0
SOME = production(
    task("over", status="done", estimation=2 * DAY, spent=3 * DAY, assignees=("noa",)),
    task("under", status="wip", estimation=4 * DAY, spent=1 * DAY),
    task("exactly", status="done", estimation=1 * DAY, spent=1 * DAY),
    task("never estimated", spent=0.5 * DAY),
    task("untouched", task_type="comp"),
    task("far over", task_type="comp", estimation=1 * DAY, spent=5 * DAY),
)


def test_it_works():
    found = FIGURES["estimates"](SOME)
    keys = ("type", "tasks", "estimated", "spent", "share", "done", "done_share", "over", "without")
    assert table(found, *keys) == [
        ("Animation", 3, 7.0, 5.0, 5 / 7, 2, 4 / 3, 1, 0.5),
        ("Compositing", 1, 1.0, 5.0, 5.0, 0, None, 1, 0.0),
    ]
    assert [found.total.values[key] for key in ("estimated", "spent", "without", "over")] == [8.0, 10.0, 0.5, 2]


def test_it_counts_days_as_the_studio_does():
    found = FIGURES["estimates"](replace(SOME, hours_by_day=7.5))
    assert found.total.values["estimated"] == 8 * 8 / 7.5
    assert "7.5 hours" in found.help


def test_it_names_the_worst():
    found = FIGURES["estimates-tasks"](SOME)
    assert table(found, "people", "status", "estimated", "spent", "over", "share") == [
        ("", "Todo", 1.0, 5.0, 4.0, 5.0),
        ("Noa", "Done", 2.0, 3.0, 1.0, 1.5),
    ]
