from __future__ import annotations

from actions.figures import FIGURES
from actions.figures.behind import tasks_behind
from tests.actions.figures.making import day, due, production, table, task

SOME = production(
    task("a", status="done", done=day(-16), due=due(-16)),
    task("b", status="done", done=day(-9), due=due(-16)),
    task("c", status="done", done=day(-8), due=due(-9)),
    task("d", status="done", done=day(0), due=due(7)),
    task("e", due=due(7)),
    task("f", status="wip"),
    task("no day", status="done"),
)
"""Done: one without a day; one in W10, two in W11, one in this week, W12. Two are left: at 1.5 a week, in 9.33 days."""


def test_it_works():
    found = FIGURES["burn-up"](SOME)
    assert table(found, "label", "until", "all", "due", "done", "projected") == [
        ("2026-W10", "2026-03-08", 7, 2, 2, None),
        ("2026-W11", "2026-03-15", 7, 3, 4, None),
        ("2026-W12", "2026-03-22", 7, 3, 5, 5 + 1.5 * 4 / 7),
        ("2026-W13", "2026-03-29", 7, 5, None, 7),
    ]
    assert found.note == (
        "1.5 tasks a week were done in the last 2 full weeks. At this pace the 2 that are left are done by 2026-03-28. "
        "The last due day is 2026-03-25, 3 days earlier. 1 done tasks have no day in Kitsu on which they were done."
    )


def test_it_makes_no_projection_of_too_little():
    found = FIGURES["burn-up"](production(task("a", status="done", done=day(-7)), task("b")))
    assert {row.values["projected"] for row in found.rows} == {None}
    assert found.note.startswith("There is no projection before 2 full weeks")


def test_it_makes_no_projection_without_end():
    slow = production(task("a", status="done", done=day(-14)), *(task(str(one)) for one in range(100)))
    found = FIGURES["burn-up"](slow)
    assert "are not done within two years" in found.note
    assert len(found.rows) == 3


def test_it_says_when_everything_is_done():
    found = FIGURES["burn-up"](production(task("a", status="done", done=day(-1))))
    assert found.note == "Everything is done."
    assert table(found, "done") == [(1,)]


def test_it_takes_the_mean_of_six_weeks_at_most():
    done = [task(f"old {one}", status="done", done=day(-100)) for one in range(90)]
    done += [task(f"new {one}", status="done", done=day(-7 * one)) for one in range(1, 4)]
    assert FIGURES["burn-up"](production(*done, task("left"))).note.startswith("0.5 tasks a week")


def test_it_leads_to_as_many_tasks_as_each_number_says():
    found = FIGURES["burn-up"](SOME)
    for row in found.rows:
        for column in ("due", "done"):
            _, tasks = tasks_behind(found, row=row.key, column=column, total=False)
            assert len(tasks) == len(set(tasks)) == (row.values[column] or 5)
