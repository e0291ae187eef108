from __future__ import annotations

from actions.figures import FIGURES
from tests.actions.figures.making import due, production, table, task

SOME = production(
    task("planned", assignees=("noa",), estimation=60, due=due(3)),
    task("nobody's", estimation=60, due=due(3)),
    task("not estimated", assignees=("noa",), due=due(3)),
    task("not due", assignees=("noa",), estimation=60),
    task("nothing at all", task_type="comp"),
    task("done anyway", status="done"),
)


def test_it_works():
    found = FIGURES["missing"](SOME)
    assert table(found, "type", "tasks", "assignee", "estimate", "due", "any", "share") == [
        ("Animation", 4, 1, 1, 1, 3, 0.75),
        ("Compositing", 1, 1, 1, 1, 1, 1.0),
    ]
    assert found.total.values["any"] == 4
    assert found.rows[0].cell_task_ids["estimate"] == ("not estimated",)
