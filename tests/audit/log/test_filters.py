from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl

import pytest
from django.http import QueryDict
from django.utils import timezone

from audit.log.filters import NAMES, Filters
from audit.models import Invocation
from audit.states import Door, State, Trust

TASK = "3e107a2b-0f5e-4c1d-9a44-0123456789ab"


@pytest.fixture
def two(an_invocation, project_ids):
    """Two that differ in everything that can be asked for; `wanted` is the one that all filters below mean."""
    tide, lantern = project_ids["Ninth Tide"], project_ids["The Lantern Keeper"]
    now = timezone.now()
    wanted = an_invocation(
        "juno", action_slug="dailies", action_name="Playlist for Monday's dailies", kind="playlist", door=Door.AJAX,
        project_ids=[tide], project_names=["Ninth Tide"], entities="SQ01 / SH0010\nSQ01 / SH0020", task_ids=[TASK],
        state=State.FAILED, reason_code="disk_full", reason="Disk: façade is full", trust=Trust.CLAIMED,
        received_at=now - timedelta(days=2), started_at=now - timedelta(minutes=10), finished_at=now,
    )  # fmt: skip
    an_invocation(
        "noa", action_slug="check", action_name="Check", kind="check", project_ids=[lantern], entities="Props / Lamp",
        project_names=["The Lantern Keeper"], task_ids=["x"], message="All well", started_at=now, finished_at=now,
    )  # fmt: skip
    return wanted


def found(query, me=None):
    return list(Filters.read(query, me).apply(Invocation.objects.all()))


def test_it_works(two):
    assert len(found({})) == 2
    assert found({"action": "dailies", "state": "failed"}) == [two]


@pytest.mark.parametrize(
    "query",
    [
        {"q": "juno dai*"}, {"q": "dai* jun*"}, {"q": "SH0010"}, {"q": "FAÇADE".lower()}, {"q": "juno"}, {"q": "tide"},
        {"q": "disk_full"},
        {"q": TASK}, {"action": "dailies"}, {"action": "playlist for monday's DAILIES"}, {"action": "monday"},
        {"kind": "playlist"}, {"person": "juno@sample.studio"}, {"person": "juno"}, {"trust": "claimed"},
        {"trust": ["claimed", "unknown"]}, {"production": "ninth tide"}, {"production": "Ninth"}, {"entity": "SQ01 / SH0020"},
        {"entity": "sh00*"}, {"entity": TASK}, {"state": "failed"}, {"state": ["failed", "crashed"]}, {"door": "ajax"},
        {"code": "disk_full"}, {"error": "disk full"}, {"until": "1d"}, {"longer": "5m"},
        {"action": "dailies", "person": "juno", "error": "full", "since": "3d", "until": "1d", "longer": "1m", "shorter": "1h"},
    ],
)  # fmt: skip
def test_it_finds_by_each(query, two):
    assert found(query) == [two]
    assert found(QueryDict(Filters.read(query).as_query())) == [two]


def test_it_finds_by_the_beginning_of_an_id(two):
    assert found({"q": two.reference}) == [two]
    assert found({"q": str(two.pk)}) == [two]
    assert found({"q": str(two.pk).upper()[:13]}) == [two]


@pytest.mark.parametrize(
    "query",
    [
        {"q": "lanterns"}, {"action": "daily"}, {"kind": "play"}, {"person": "nobody"}, {"trust": "unknown"},
        {"production": "*"}, {"production": "x"}, {"entity": "dailies"}, {"state": "crashed"}, {"door": "link"},
        {"code": "disk"}, {"error": "well"}, {"since": "1m"}, {"until": "3d"}, {"longer": "1h"}, {"mine": "yes"},
        {"q": "!!"}, {"q": "f" * 33}, {"entity": "%"},
    ],
)  # fmt: skip
def test_it_finds_nothing_else(query, two):
    assert two not in found(query)


@pytest.mark.parametrize(
    ("query", "begun"),
    [
        ({"q": "disk fu"}, ""), ({"q": "disk ful"}, "q=disk+ful%2A"), ({"q": "ful*"}, ""), ({"q": "ful!"}, ""), ({"q": "!!"}, ""),
        ({"entity": "SH00", "state": "failed"}, "entity=SH00%2A&state=failed"), ({"state": "failed"}, ""), ({}, ""),
    ],
)  # fmt: skip
def test_it_offers_beginnings_of_words(query, begun):
    assert Filters.read(query).with_beginnings() == begun


def test_it_knows_who_asks(two, an_invocation):
    from kitsu_bridge.kitsu.people import Person
    from tests.audit.conftest import row

    juno = Person.from_record(row("juno"))
    an_invocation("juno", trust=Trust.NONE)
    assert found({"mine": "yes"}, juno) == [two]


def test_it_finds_what_is_about_several_productions(two, an_invocation, project_ids):
    names = ["Ninth Tide", "The Lantern Keeper"]
    both = an_invocation(project_ids=[project_ids[name] for name in names], project_names=names)
    assert set(found({"production": "Ninth Tide"})) == {two, both}
    assert both in found({"production": project_ids["The Lantern Keeper"]})
    assert both not in found({"production": "Kettle & Crow"})


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"state": "broken"}, "broken"), ({"door": ["form", "window"]}, "window"), ({"since": "yesterday-ish"}, "2026"),
        ({"until": "2026-13-40"}, "2026"), ({"longer": "very"}, "5m"), ({"q": "x" * 201}, "200"), ({"trust": "<b>"}, "<b>"),
        ({"since": "9999-12-31"}, ""), ({"until": "9999-12-31"}, "2026"), ({"since": "0001-01-01T00:00:00+23:59"}, "2026"),
    ],
)  # fmt: skip
def test_it_says_what_it_does_not_understand(query, word, two):
    filters = Filters.read(query)
    if not word:
        assert found(query) == []
        return
    (problem,) = filters.problems.values()
    assert word in problem
    assert filters
    assert found(query) == []


HOSTILE = [
    "\x00",
    "'; DROP TABLE x; --",
    "%",
    "_",
    "\\",
    "\ud800",
    "a:*",
    "!a",
    "'a",
    "()",
    "<->",
    "𝔘",
    "é" * 150,
    "*",
    "[]",
    "9" * 40,
]


@pytest.mark.parametrize("name", NAMES)
def test_it_bears_anything(name, two):
    for text in HOSTILE:
        filters = Filters.read({name: text})
        assert list(filters.apply(Invocation.objects.all())) is not None
        assert isinstance(filters.in_words(), list)
        parse_qsl(filters.as_query())


def test_it_says_itself_in_words():
    filters = Filters.read(
        {"state": ["failed", "crashed"], "since": "2026-11-20", "longer": "90m", "mine": "yes", "q": "a b"}
    )
    assert filters.in_words() == [
        "Search: a b", "Only mine", "State: Failed or Crashed", "Since: 2026-11-20 00:00", "Ran at least: 1 h 30 min",
    ]  # fmt: skip


def test_it_writes_itself_as_a_query():
    filters = Filters.read({"state": ["failed", "crashed"], "since": "7d", "other": "x", "code": ""})
    assert parse_qs(filters.as_query()) == {"state": ["failed", "crashed"], "since": ["7d"]}
    assert parse_qs(filters.as_query(since=None, door="ajax")) == {"state": ["failed", "crashed"], "door": ["ajax"]}
    assert filters.as_query() == Filters.read(QueryDict(filters.as_query())).as_query()


def test_it_is_no_filter_without_values():
    assert not Filters.read({"q": "", "state": [], "x": "y"})
    assert not Filters.read({})


def test_each_parameter_stands_in_the_documentation():
    page = (Path(__file__).resolve().parents[3] / "docs" / "log.md").read_text()
    assert [name for name in NAMES if f"`{name}`" not in page] == []
