from __future__ import annotations

import pytest

from actions.figures import FIGURES


def test_it_works(short):
    found = FIGURES["status"](short)
    assert sum(row.values["tasks"] for row in found.rows) == found.total.values["tasks"] == len(short.tasks) > 100
    for row in found.rows:
        assert sum(row.values[one.key] for one in found.series) == row.values["tasks"] == len(row.task_ids)
        assert sum(row.values[f"{one.key}:share"] for one in found.series) == pytest.approx(1)
        behind = {one.key: len(row.cell_task_ids[one.key]) for one in found.series}
        assert behind == {one.key: row.values[one.key] for one in found.series}
