from __future__ import annotations

from dataclasses import replace

from actions.figures import FIGURES, Scope
from tests.actions.figures.making import day, due, production, table, task

SOME = production(
    task("a", "sh1", status="done", done=day(-24), estimation=480),
    task("b", "sh2", "comp", status="done", done=day(-9)),
    task("c", "sh1", "comp", status="done", done=day(-1)),
    task("d", "crow", "model", "done", done=day(-1)),
    task("no day", status="done"),
    task("done once, not now", status="retake", done=day(-1)),
)


def test_it_works():
    found = FIGURES["velocity"](SOME)
    keys = ("label", "model", "anim", "comp", "tasks", "mean", "frames", "seconds", "estimated")
    assert table(found, *keys) == [
        ("2026-W08", 0, 1, 0, 1, None, 50, 2.0, 1.0),
        ("2026-W09", 0, 0, 0, 0, None, 0, 0.0, 0.0),
        ("2026-W10", 0, 0, 0, 0, None, 0, 0.0, 0.0),
        ("2026-W11", 0, 0, 1, 1, 0.5, 100, 4.0, 0.0),
        ("2026-W12", 1, 0, 1, 2, 0.75, 50, 2.0, 0.0),
    ]
    assert found.note == "1 done tasks have no day in Kitsu on which they were done. The last week is not over."
    assert found.total.values["tasks"] == 4


def test_it_shows_the_weeks_that_are_asked_for():
    within = SOME.within(Scope("show", since=due(-10), until=due(-4)))
    found = FIGURES["velocity"](within)
    assert table(found, "label", "tasks") == [("2026-W10", 0), ("2026-W11", 1)]
    assert found.total.values["tasks"] == 1


def test_it_counts_seconds_by_the_frame_rate_of_each_production():
    film = task("film", "sh2", status="done", done=day(-1), project="film")
    assert FIGURES["velocity"](replace(SOME, tasks=(film,))).total.values["seconds"] == 100 / 24
