from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from actions.figures import FIGURES, Scope
from actions.figures.rows import RetakeRow
from tests.actions.figures.making import day, production, table, task

SOME = production(
    task("clean", status="done", done=day(-9), assignees=("noa",)),
    task("twice", status="done", done=day(-8), retakes=2, assignees=("noa", "juno")),
    task("back now", "sh3", status="retake", retakes=1),
    task("worked on again", status="wip", retakes=3),
    task("in review", "crow", "model", status="wfa", assignees=("juno",)),
    task("of the sequence", "s1", "comp", status="done", done=day(-1)),
    task("not delivered", status="wip", assignees=("noa",)),
)
MEASURES = ("label", "tasks", "retakes", "rate", "returned", "share", "most")


def test_it_works():
    found = FIGURES["retakes"](SOME)
    assert table(found, *MEASURES) == [
        ("Modeling", 1, 0, 0.0, 0, 0.0, 0),
        ("Animation", 4, 6, 1.5, 3, 0.75, 3),
        ("Compositing", 1, 0, 0.0, 0, 0.0, 0),
    ]
    assert [found.total.values[key] for key in MEASURES] == ["All", 6, 6, 1.0, 3, 0.5, 3]
    assert found.rows[1].cell_task_ids["returned"] == ("twice", "back now", "worked on again")


def test_it_counts_by_sequence():
    assert table(FIGURES["retakes-sequences"](SOME), *MEASURES) == [
        ("E01 / SQ01", 4, 5, 1.25, 2, 0.5, 3),
        ("E02 / SQ01", 1, 1, 1.0, 1, 1.0, 1),
        ("No sequence", 1, 0, 0.0, 0, 0.0, 0),
    ]


def test_it_counts_for_each_artist():
    found = FIGURES["retakes-artists"](SOME)
    assert table(found, *MEASURES) == [
        ("Juno", 2, 2, 1.0, 1, 0.5, 2),
        ("Noa", 2, 2, 1.0, 1, 0.5, 2),
        ("Nobody", 3, 4, 4 / 3, 2, 2 / 3, 3),
    ]
    assert found.total.values["retakes"] == 6
    assert found.note.startswith("1 tasks of several people")


def test_it_goes_by_the_week_in_which_tasks_were_done():
    assert table(FIGURES["retakes-weeks"](SOME), "label", "monday", "tasks", "retakes", "rate") == [
        ("2026-W11", "2026-03-09", 2, 2, 1.0),
        ("2026-W12", "2026-03-16", 1, 0, 0.0),
    ]


RETAKEN = (
    RetakeRow("twice", day(-22)),
    RetakeRow("twice", day(-15)),
    RetakeRow("worked on again", day(-15)),
    RetakeRow("worked on again", day(-14)),
    RetakeRow("back now", day(-3, hour=23.5)),
)
"""Sunday, 23:30 in UTC, the last of them; one of the three on `worked on again` is not known."""


def test_it_goes_by_the_week_of_the_retake_where_that_was_read():
    found = FIGURES["retakes-weeks"](replace(SOME, retaken=RETAKEN))
    assert table(found, "label", "retakes", "returned", "done", "share") == [
        ("2026-W09", 1, 1, 0, 1.0),
        ("2026-W10", 3, 2, 0, 1.0),
        ("2026-W11", 1, 1, 2, 1 / 3),
        ("2026-W12", 0, 0, 1, 0.0),
    ]
    assert found.rows[1].cell_task_ids["retakes"] == ("twice", "worked on again")
    assert found.note == "1 more retakes have no day in Kitsu."


def test_a_retake_belongs_to_the_week_where_the_person_is():
    tokyo = replace(SOME, retaken=RETAKEN, zone=ZoneInfo("Asia/Tokyo"))
    assert table(FIGURES["retakes-weeks"](tokyo), "label", "retakes")[-1] == ("2026-W12", 1)


def test_a_scope_takes_retakes_of_other_tasks_away():
    of_noa = replace(SOME, retaken=RETAKEN).within(Scope("", person_id="noa"))
    assert {one.task_id for one in of_noa.retaken} == {"twice"}
    assert of_noa.within(Scope("", task_ids=frozenset(["clean"]))).retaken == ()
    assert SOME.within(Scope("", person_id="noa")).retaken is None


def test_a_time_range_cuts_it():
    seen = replace(
        SOME, retaken=RETAKEN, scope=Scope("", since=(day(-14)).date(), until=(day(-14) + timedelta(days=1)).date())
    )
    assert table(FIGURES["retakes-weeks"](seen), "label", "retakes") == [("2026-W10", 3)]


def test_it_keeps_a_week_in_which_nothing_was_done():
    found = FIGURES["retakes-weeks"](production(task("a", status="done", done=day(-14))))
    assert table(found, "label", "tasks", "rate") == [
        ("2026-W10", 1, 0.0),
        ("2026-W11", 0, None),
        ("2026-W12", 0, None),
    ]


def test_it_goes_by_the_day_where_the_person_is():
    """Sunday, 23:30 in UTC, is Monday in Tokyo."""
    late = production(task("a", status="done", done=day(-3, hour=23.5)))
    assert table(FIGURES["retakes-weeks"](late), "label")[0] == ("2026-W11",)
    assert table(FIGURES["retakes-weeks"](replace(late, zone=ZoneInfo("Asia/Tokyo"))), "label") == [("2026-W12",)]
