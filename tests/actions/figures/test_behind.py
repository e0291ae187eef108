"""Every number leads to the tasks that it counts, as it is and as it is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.figures import FIGURES
from actions.figures.behind import Behind, kept, tasks_behind
from actions.figures.drawn import name_of
from tests.actions.figures.making import TODAY, day, due, production, spent, task

OF_EVERYTHING = production(
    task("done", status="done", done=day(-9), sent=day(-10), due=due(-9), estimation=480.0, spent=600.0, assignees=("noa",)),
    task("done by two", "sh2", status="done", done=day(-1), retakes=2, assignees=("noa", "juno"), estimation=60.0),
    task("done one day", "sh3", status="done", due=due(3)),
    task("in review", "sh2", "comp", status="wfa", sent=day(-2), assignees=("juno",), estimation=960.0, due=due(20)),
    task("in review for long", "crow", "model", status="wfa", commented=day(-30)),
    task("late", "sh3", "comp", status="retake", retakes=1, due=due(-3), assignees=("noa",), estimation=60.0, spent=90.0),
    task("due", "s1", "comp", status="wip", due=TODAY, estimation=120.0),
    task("nothing known", "sh1", "comp"),
    spents=(spent("done", "noa", due(-9), 10), spent("late", "noa", due(-1), 1.5)),
)  # fmt: skip

NO_TASKS = {"frames", "seconds", "drawings", "rate", "most", "mean", "median", "longest", "estimated", "quota", "peak"}
"""Columns that count something else than tasks, by whatever figure."""

MORE = {
    ("retakes", "retakes"): "returned",
    ("retakes-sequences", "retakes"): "returned",
    ("retakes-artists", "retakes"): "returned",
    ("episodes", "retakes"): "",
}
"""Numbers of something that tasks have several of, and the column that counts those tasks."""


def counts(figure):
    """Every number of tasks: the row, the column, and what it says."""
    for row in (*figure.rows, *filter(None, [figure.total])):
        for column in figure.columns:
            if column.unit == "tasks" or (column.key == "shots" and figure.slug == "quotas"):
                yield row, column.key, row.values[column.key]


@pytest.mark.parametrize("slug", FIGURES)
def test_it_works(slug):
    """A number of tasks leads to as many, each once; a row's own link to all that its numbers are about."""
    figure = FIGURES[slug](OF_EVERYTHING)
    for row, column, number in counts(figure):
        if number is None or column in {"projected", "mean"}:
            continue
        _, ids = tasks_behind(figure, row=name_of(row), column=column, total=row is figure.total)
        assert len(ids) == len(set(ids)) == number, (row.label, column)


@pytest.mark.parametrize("slug", FIGURES)
def test_every_other_number_has_its_tasks_too(slug):
    """Frames, days, hours, retakes: whatever is above nothing stands on some task of its row."""
    figure = FIGURES[slug](OF_EVERYTHING)
    for row in (*figure.rows, *filter(None, [figure.total])):
        for column in figure.columns:
            number = row.values[column.key]
            if isinstance(number, float | int) and number and column.key not in {"quota", "projected", "mean"}:
                _, ids = tasks_behind(figure, row=name_of(row), column=column.key, total=row is figure.total)
                assert ids, (row.label, column.key)


@pytest.mark.parametrize("slug", FIGURES)
def test_it_keeps_them(slug):
    figures = [make(OF_EVERYTHING) for make in FIGURES.values()]
    read = Behind.read(kept(OF_EVERYTHING, figures))
    figure = FIGURES[slug](OF_EVERYTHING)
    for row in (*figure.rows, *filter(None, [figure.total])):
        for column in ("", *(one.key for one in figure.columns)):
            asked = {"row": name_of(row), "column": column, "total": row is figure.total}
            assert tasks_behind(read.figures[slug], **asked) == tasks_behind(figure, **asked)
    assert read.read_at == OF_EVERYTHING.read_at
    assert read.tasks["late"].name == "E02 / SQ01 / SH01 / Compositing"
    assert read.tasks["late"].people == "Noa"
    assert (read.tasks["late"].due, read.tasks["late"].spent) == (due(-3).isoformat(), 1.5)


def test_it_keeps_no_column_that_kitsu_hides():
    seen = replace(OF_EVERYTHING, sees_studio=False, sees_time=False)
    assert list(Behind.read(kept(seen, [])).columns) == ["name", "status"]


def test_a_number_that_there_is_not_has_no_tasks():
    assert tasks_behind(FIGURES["status"](OF_EVERYTHING), row="gone", column="", total=False) == ("", ())


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"read_at": "2026-01-01", "columns": {}, "tasks": [{}], "figures": []}']
)
def test_it_says_what_it_cannot_read(text):
    with pytest.raises((ValueError, KeyError, TypeError)):
        Behind.read(text)
