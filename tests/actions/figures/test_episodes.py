from __future__ import annotations

from dataclasses import replace

from actions.figures import FIGURES
from tests.actions.figures.making import due, production, table, task

SOME = production(
    task("done", status="done", retakes=1),
    task("review", "sh2", status="wfa", due=due(-2)),
    task("of the episode", "e1", status="retake", retakes=1, due=due(9)),
    task("other", "sh3", status="wip"),
    task("asset", "crow", "model"),
)


def test_it_works():
    keys = ("label", "done", "review", "retake", "work", "waiting", "tasks", "share", "retakes", "rate", "late", "due")
    assert table(FIGURES["episodes"](SOME), *keys, "frames") == [
        ("E01", 1, 1, 1, 0, 0, 3, 1 / 3, 2, 2 / 3, 1, "2026-03-27", 150),
        ("E02", 0, 0, 0, 1, 0, 1, 0.0, 0, None, 0, None, 0),
        ("No episode", 0, 0, 0, 0, 1, 1, 0.0, 0, None, 0, None, 0),
    ]


def test_it_has_none_where_there_are_no_episodes():
    found = FIGURES["episodes"](production(task("asset", "crow", "model")))
    assert (found.rows, found.total) == ((), None)


def test_it_shows_clients_how_far_an_episode_is_and_no_more():
    found = FIGURES["episodes"](replace(SOME, sees_studio=False))
    assert {"done", "share", "frames"} <= {one.key for one in found.columns}
    assert not {"retakes", "rate", "late", "due"} & {one.key for one in found.columns}
