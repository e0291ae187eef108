from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.figures import FIGURES, Scope
from actions.figures.load import spread
from tests.actions.figures.making import TODAY, due, production, spent, table, task

HOUR = 60.0
SOME = production(
    task("today to friday", estimation=12 * HOUR, due=due(2), assignees=("noa",)),
    task("two weeks", estimation=20 * HOUR, spent=4 * HOUR, start=due(-20), due=due(9), assignees=("noa", "juno")),
    task("overdue", estimation=5 * HOUR, due=due(-30), assignees=("juno",)),
    task("no due date", estimation=7 * HOUR, assignees=("juno",)),
    task("used up", estimation=1 * HOUR, spent=9 * HOUR, due=due(1), assignees=("juno",)),
    task("done", status="done", estimation=100 * HOUR, due=due(1), assignees=("noa",)),
    task("nobody's", estimation=3 * HOUR, due=due(7)),
    spents=(
        spent("two weeks", "noa", due(-7), 4),
        spent("done", "noa", due(0), 2),
        spent("used up", "juno", due(-1), 9),
    ),
)
"""From Wednesday to Friday of next week are 8 working days, 3 of them in this week: of 16 hours, 6 and 10, halved."""


def test_it_works():
    found = FIGURES["load"](SOME)
    keys = ("label", "2026-03-09", "2026-03-16", "2026-03-23", "quota", "peak", "unplaced")
    assert table(found, *keys) == [
        ("Juno", 0.0, 9 + 3 + 5.0, 5.0, 40.0, 17 / 40, 7.0),
        ("Noa", 4.0, 2 + 12 + 3.0, 5.0, 40.0, 17 / 40, 0.0),
        ("Nobody", 0.0, 1.5, 1.5, None, None, 0.0),
    ]
    assert found.rows[1].cell_task_ids["2026-03-16"] == ("done", "today to friday", "two weeks")
    assert len(found.series) == 10


def test_it_shows_one_person_alone():
    found = FIGURES["load"](SOME.within(Scope("show", person_id="noa")))
    assert table(found, "label", "2026-03-16") == [("Noa", 17.0)]


@given(st.integers(0, 400), st.integers(-400, 400))
def test_it_spreads_the_whole_and_no_more(after, length):
    parts = list(spread(due(after), due(after + length)))
    assert sum(part for _, part in parts) == pytest.approx(1)
    assert all(monday.weekday() == 0 for monday, _ in parts)


def test_it_puts_a_weekend_into_its_week():
    saturday = due(3)
    assert list(spread(saturday, due(4))) == [(due(-2), 1.0)]
    assert TODAY.isoweekday() == 3
