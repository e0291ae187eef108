from __future__ import annotations

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
    assert found.rows[0].cell_task_ids["2026-03-09"] == ("b", "no frames")
