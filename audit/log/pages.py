"""One page of a walk through the log: which rows, what lies before and after them, and how many there are in all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from audit.log.place import Place
from audit.log.walk import Walk
from audit.models import Invocation

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first. `newer` and `older`: the places from which the pages beside it go on, empty at an end."""

    rows: list[Invocation]
    newer: str
    older: str
    count: int
    """How many there are; 0 where it was not counted."""

    more: bool
    """Whether there are more than `count`."""

    @property
    def said(self) -> str:
        """How many, honestly: `1–50 of more than 200`."""
        number = len(self.rows)
        if not self.count:
            return f"{number:,}, further down"
        total = f"{'more than ' if self.more else ''}{self.count:,}"
        if not self.newer:
            return f"1–{number:,} of {total}"
        return f"The last {number:,} of {total}"


def page_of(walk: Walk, asked: Mapping[str, str]) -> Page:
    """The page that is asked for: `older` or `newer` than a place, `page=last`, else the first."""
    older, newer = Place.read(asked.get("older", "")), Place.read(asked.get("newer", ""))
    if older is not None:
        return _after(walk, older)
    if newer is not None:
        return _before(walk, newer)
    return _last(walk) if asked.get("page") == "last" else _first(walk)


def _first(walk: Walk) -> Page:
    """Counted along the way: the same steps of the index that find the page go on a little."""
    ids = walk.ids(walk.counted)
    rows = walk.rows(ids[:AT_ONCE])
    return Page(
        rows, "", _place(rows[-1:], len(ids) > AT_ONCE), min(len(ids), walk.counted - 1), len(ids) == walk.counted
    )


def _last(walk: Walk) -> Page:
    ids = walk.ids(walk.counted, backwards=True)
    rows = walk.rows(ids[:AT_ONCE])
    return Page(
        rows, _place(rows[:1], len(ids) > AT_ONCE), "", min(len(ids), walk.counted - 1), len(ids) == walk.counted
    )


def _after(walk: Walk, place: Place) -> Page:
    found = walk.first(AT_ONCE + 1, place)
    rows = found[:AT_ONCE]
    if not rows:
        return _last(walk)
    return Page(rows, _place(rows[:1]), _place(rows[-1:], len(found) > AT_ONCE), 0, False)


def _before(walk: Walk, place: Place) -> Page:
    found = walk.last(AT_ONCE + 1, place)
    if len(found) <= AT_ONCE:  # Everything newer fits: that is the first page, with what is there to fill it.
        return _first(walk)
    rows = found[1:]
    return Page(rows, _place(rows[:1]), _place(rows[-1:]), 0, False)


def _place(rows: list[Invocation], there: bool = True) -> str:
    return str(Place.of(rows[0])) if rows and there else ""
