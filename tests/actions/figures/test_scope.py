from __future__ import annotations

from datetime import date

from actions.figures import Scope

EVERYTHING = Scope(
    "p", "e", "s", "d", "x", "t", since=date(2026, 3, 1), until=date(2026, 3, 31), task_ids=frozenset({"a", "b"})
)


def test_it_works():
    assert Scope.read(EVERYTHING.as_query()) == EVERYTHING
    assert EVERYTHING.as_query()["task_ids"] == "a,b"


def test_it_carries_only_what_is_set():
    assert Scope("p").as_query() == {"project_id": "p"}
    assert Scope.read({}) == Scope("")


def test_it_takes_nonsense_for_nothing():
    found = Scope.read({"project_id": "p", "since": "yesterday", "until": "2026-02-30", "task_ids": " , ", "x": "y"})
    assert found == Scope("p")
    assert len(Scope.read({"person_id": "<" * 1000}).person_id) == 64
