from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions.contract import ActionError
from actions.quality import Facts, Look, check, checks
from actions.quality import table as tables
from kitsu_bridge.kitsu.errors import KitsuSlow
from tests.actions.making import a_task

FACTS = Facts(None, [], date(2026, 11, 21))


@pytest.fixture
def own(monkeypatch):
    """A table with nothing but a studio's own checks."""
    monkeypatch.setattr(tables, "_table", {})

    def make(examine, **fields):
        check(**({"title": "Own"} | fields))(examine)
        return tuple(checks().values())

    return make


def says(text="wrong"):
    def examine(task, facts):
        """Look at it."""
        if isinstance(text, Exception):
            raise text
        return text

    return examine


def test_it_works(own):
    rows, look = own(says()), Look()
    (finding,) = look.at(a_task(), rows, FACTS, {"user"})
    assert (finding.check.title, finding.check.sentence, finding.text) == ("Own", "Look at it.", "wrong")
    assert look.looked == {"examine": 1}


def test_a_later_check_of_the_same_name_takes_the_place(own):
    own(says("first"))
    rows = own(says("second"))
    assert [one.text for one in Look().at(a_task(), rows, FACTS, ())] == ["second"]


def test_the_gravest_come_first(own):
    def notice(task, facts):
        return ""

    own(notice, severity="notice")
    assert [one.severity for one in own(says(), severity="problem")] == ["problem", "notice"]


def test_an_entity_is_asked_about_once(own):
    rows, look = own(says(), of="entity"), Look()
    task = a_task()
    assert [len(look.at(one, rows, FACTS, ())) for one in (task, replace(task, id="other"), a_task("SH02"))] == [
        1,
        0,
        1,
    ]


def test_kinds_roles_and_cancelled_entities_are_left_out(own):
    rows, look = own(says(), entity_types={"shot"}, hidden_from={"client"}), Look()
    task = a_task()
    cancelled = replace(task, entity=replace(task.entity, record={"canceled": True}))
    assert not look.at(a_task(kind="asset"), rows, FACTS, ())
    assert not look.at(task, rows, FACTS, {"user", "client"})
    assert not look.at(cancelled, rows, FACTS, ())
    assert (look.looked, look.hidden) == ({}, {"examine": 1})


def test_a_broken_check_takes_no_other_with_it(own):
    def good(task, facts):
        return "seen"

    own(good)
    rows, look = own(says(ValueError("oops"))), Look()
    assert [one.text for task in (a_task("a"), a_task("b")) for one in look.at(task, rows, FACTS, ())] == [
        "seen",
        "seen",
    ]
    assert look.broken == {"examine": "ValueError at a / Animation: oops"}


@pytest.mark.parametrize("error", [KitsuSlow(), ActionError("Not now.")])
def test_kitsu_away_is_no_broken_check(own, error):
    with pytest.raises(type(error)):
        Look().at(a_task(), own(says(error)), FACTS, ())
