"""The overview: numbers that are right, lead to the log, and are shown to whom they belong."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from html import unescape
from itertools import pairwise
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.models import Action
from audit.log.filters import Filters
from audit.models import Day, DayCount, Invocation
from audit.overview.asked import Asked
from audit.overview.counting import count_day, count_days
from audit.overview.summary import summary
from audit.states import Door, State, Trust
from tests.audit.overview.conftest import NOON

MARCH = {"since": "2026-03-01", "until": "2026-03-31"}
URL = "/overview/"


def rows(client, slug, **query):
    answer = client.get(f"{URL}{slug}.csv", MARCH | query)
    assert answer.status_code == 200, answer.content
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def page_of(client, **query):
    return client.get(URL, MARCH | query).content.decode()


def links(page):
    """Every link of a table into the log, with the number that it says."""
    found = re.findall(r'<td class="number"><a href="/log/\?([^"]+)">([\d,]+)</a>', page)
    return [(unescape(query), int(text.replace(",", ""))) for query, text in found]


def counted():
    for day in {timezone.localtime(one).date() for one in Invocation.objects.values_list("received_at", flat=True)}:
        count_day(day)


@pytest.fixture
def a_month(a_run, project_ids):
    """Runs of all sorts in March."""
    tide, keeper = project_ids["Ninth Tide"], project_ids["The Lantern Keeper"]
    for day in (3, 3, 4, 20):
        a_run("noa", day=day, project_ids=[tide], project_names=["Ninth Tide"], ran=20)
    a_run("juno", day=4, project_ids=[tide, keeper], project_names=["Ninth Tide", "The Lantern Keeper"])
    a_run("juno", day=4, state=State.FAILED, action_slug="export", action_name="Export", ran=300)
    a_run("juno", day=5, state=State.CRASHED, action_slug="export", action_name="Export", ran=300)
    a_run("noa", day=5, state=State.PARTIAL, door=Door.AJAX, project_ids=[keeper], project_names=["The Lantern Keeper"])
    a_run("noa", day=6, state=State.REFUSED, reason_code="too_many_tasks")
    a_run("noa", day=6, state=State.REFUSED, reason_code="too_many_tasks")
    a_run("", day=7, state=State.REFUSED, action_slug="guess", kind="", reason_code="unknown_action")
    a_run("noa", day=8, state=State.CANCELLED)
    counted()


def test_it_works(browser, a_month):
    ada = browser("ada")
    days = {row["Day"]: (row["All"], row["Succeeded"], row["Refused"]) for row in rows(ada, "days")}
    assert len(days) == 31
    assert (days["2026-03-03"], days["2026-03-04"], days["2026-03-09"]) == (
        ("2", "2", "0"),
        ("3", "2", "0"),
        ("0", "0", "0"),
    )
    assert {row["Id"]: (row["Action"], row["All"]) for row in rows(ada, "actions")} == {
        "review": ("Review", "9"), "export": ("Export", "2"), "": ("No such action", "1")
    }  # fmt: skip
    assert {row["Production"]: row["All"] for row in rows(ada, "productions")} == {
        "Ninth Tide": "5", "The Lantern Keeper": "2", "No task was read": "6"
    }  # fmt: skip
    assert {row["Person"]: row["All"] for row in rows(ada, "people")} == {
        "Noa Bar-Lev": "8", "Juno 🦊 Park": "3", "Nobody knows who": "1"
    }  # fmt: skip
    assert {row["Door"]: row["All"] for row in rows(ada, "doors")} == {
        "Kitsu form": "11",
        "Kitsu in the background": "1",
    }
    assert {row["Reason"]: row["All"] for row in rows(ada, "refusals")} == {
        "Too many tasks": "2",
        "Unknown action": "1",
    }
    assert {row["State"]: row["All"] for row in rows(ada, "states")}["Refused"] == "3"


def test_it_says_how_much_fails_and_what_is_slow(browser, a_month):
    ada = browser("ada")
    (failing,) = rows(ada, "failing")
    assert (failing["Action"], failing["Failure rate"]) == ("Export", "1.0")
    slowest, other, every = rows(ada, "times")
    assert (slowest["Action"], other["Action"], every["Action"]) == ("Export", "Review", "All actions")
    assert float(slowest["Running, 95 %"]) == pytest.approx(300, rel=0.06)
    assert float(other["Running, median"]) == pytest.approx(20, rel=0.06)
    assert float(other["Waiting, median"]) == pytest.approx(1, rel=0.06)
    assert every["Runs"] == "9"


@pytest.mark.parametrize("query", [{}, {"action": "review"}, {"door": "ajax"}, {"production": "Ninth Tide"}])
def test_every_number_is_what_the_log_shows(browser, a_month, query, project_ids):
    if "production" in query:
        query = {"production": project_ids[query["production"]]}
    found = links(page_of(browser("ada"), **query))
    assert len(found) > 10
    for link, number in found:
        filters = Filters.read(QueryDict(link))
        assert not filters.problems, link
        shown = filters.apply(Invocation.objects.order_by()).count()
        assert shown == number or int(filters.values.get("longer", timedelta()).total_seconds()), link


def fits(link):
    """How many the log shows for a link into it."""
    filters = Filters.read(QueryDict(link.partition("?")[2]))
    assert not filters.problems, link
    return filters.apply(Invocation.objects.order_by()).count()


def test_what_has_no_action_and_no_production_leads_to_the_log_too(browser, a_month):
    tables = {one.slug: one for one in browser("ada").get(URL, MARCH).context["tables"]}
    for slug, name, count in (("actions", "No such action", 1), ("productions", "No task was read", 6)):
        (row,) = [row for row in tables[slug].rows if row.name == name]
        assert fits(row.link) == fits(row.cells[0].link) == row.cells[0].value == count
    assert rows(browser("ada"), "productions", production="-")[0]["All"] == "6"
    assert "Production: none" in browser("ada").get("/log/", {"production": "-"}).text


def test_times_lead_to_the_runs_that_they_are_of(browser, a_month, a_run):
    a_run(action_slug="long", ran=280)  # In the lower half of its step of the scale.
    counted()
    page = browser("ada").get(URL, MARCH)
    (times,) = [one for one in page.context["tables"] if one.slug == "times"]
    for row in times.rows:
        assert [fits(cell.link) for cell in row.cells[:4]] == [row.cells[0].value] * 4
        assert 0 < fits(row.cells[4].link) <= row.cells[0].value
    facts = {fact.name: fact.link for fact in summary(page.context["asked"])}
    assert fits(facts["Running"]) == fits(facts["Waiting in the queue"]) == times.rows[-1].cells[0].value


def test_what_was_claimed_and_believed_by_nobody_is_nobody_s(browser, a_month, a_run):
    a_run("noa", state=State.REFUSED, trust=Trust.NONE, reason_code="sign_in")
    counted()
    (people,) = [one for one in browser("ada").get(URL, MARCH).context["tables"] if one.slug == "people"]
    found = {row.name: (row.cells[0].value, fits(row.link), fits(row.cells[0].link)) for row in people.rows}
    assert found["Noa Bar-Lev"] == (8, 8, 8)
    assert found["Nobody knows who"] == (2, 2, 2)


def test_bars_lead_where_the_numbers_of_their_table_lead(browser, a_month):
    for table in browser("ada").get(URL, MARCH).context["tables"]:
        drawing = table.drawing
        for series in drawing["series"] if drawing else ():
            assert series["linked"] == [bool(link) for link in series["links"]]
            for link, value in zip(series["links"], series["values"], strict=True):
                assert not link or table.slug in {"times", "failing"} or fits(link) == value
        if drawing and table.slug != "times":
            assert any(link for series in drawing["series"] for link in series["links"]), table.slug


def test_a_failure_rate_leads_to_what_failed(browser, a_month):
    (failing,) = [one for one in browser("ada").get(URL, MARCH).context["tables"] if one.slug == "failing"]
    assert fits(failing.rows[0].cells[-1].link) == 2
    (series,) = failing.drawing["series"]
    assert (series["values"], series["share"], series["links"]) == ([100.0], True, [failing.rows[0].cells[-1].link])


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"since": "2026-03-03 08:00", "until": "2026-03-05 19:00"}, {"since": "2026-03-03", "until": "2026-03-05"}),
        ({"action": "Export"}, {"action": "export"}),
        ({"action": "EXPO"}, {"action": "export"}),
        ({"production": "Ninth Tide"}, {"production": "*"}),
        ({"door": ["form"]}, {"door": "form"}),
        ({"door": ["form", "ajax"]}, {}),
        ({"action": "no such", "q": "x", "state": ["failed"]}, {"action": "no such"}),
    ],
)
def test_the_log_s_filters_are_understood(browser, a_month, project_ids, given, shown):
    asked = browser("ada").get(URL, MARCH | given).context["asked"]
    expected = {name: value.replace("*", project_ids["Ninth Tide"]) for name, value in shown.items()}
    assert dict(parse_qsl(asked.query())) == MARCH | expected


def test_a_part_of_a_name_may_mean_several(browser, a_month):
    found = rows(browser("ada"), "productions", production="i")
    assert {row["Production"]: row["All"] for row in found}["Ninth Tide"] == "5"


def test_the_log_leads_here_with_its_filters(browser, a_month):
    page = browser("ada").get("/log/", {"action": "export", "since": "2026-03-01"}).content.decode()
    assert f'href="{URL}?action=export&amp;since=2026-03-01"' in page
    assert f'href="{URL}?' in browser("greta").get("/log/").content.decode()
    assert f'href="{URL}?' not in browser("emile").get("/log/").content.decode()


def test_it_sums_up(browser, a_month):
    page = browser("ada").get(URL, MARCH)
    facts = {fact.name: (fact.text, fact.besides) for fact in summary(page.context["asked"])}
    assert facts["Invocations"] == ("12", "")
    assert facts["Failed"] == ("25 %", "2 of 8 that ran to an end")
    assert "2 of 8 that ran to an end" in page.text
    assert 9 < float(facts["Running"][0].removesuffix(" s")) < 22
    assert "95 of 100" in facts["Waiting in the queue"][1]


def test_it_names_actions_that_nobody_uses(browser, a_month):
    for slug, name in (("review", "Review"), ("idle", "Idle <b>")):
        Action.objects.create(name=name, slug=slug, kind="debug")
    old = Action.objects.create(name="Old", slug="old", kind="debug", enabled=False)
    Invocation.objects.create(action_slug="old", kind="debug", door=Door.FORM, state=State.SUCCEEDED,
                              received_at=NOON.replace(year=2025))  # fmt: skip
    found = {row["Action"]: (row["Switched on"], row["Used last"]) for row in rows(browser("ada"), "unused")}
    assert found["Idle <b>"] == ("yes", "never")
    assert found["Old"] == ("no", "2025-03-10")
    assert "Review" not in found
    page = page_of(browser("ada"))
    assert "Idle &lt;b&gt;" in page
    assert f"/admin/actions/action/{old.pk}/change/" in page


def test_leads_see_their_productions_and_nobody_else_anything(browser, a_month):
    def productions(name):
        return {row["Production"]: row["All"] for row in rows(browser(name), "productions")}

    assert productions("luis") == {"Ninth Tide": "4"}  # Not what spans another one's as well.
    assert productions("greta") == {"The Lantern Keeper": "1"}
    assert "Actions nobody uses" not in page_of(browser("greta"))
    shown = {name: f'href="{URL}"' in browser(name).get("/").text for name in ("ada", "greta", "emile", "")}
    assert shown == {"ada": True, "greta": True, "emile": False, "": False}
    assert browser("greta").get(f"{URL}unused.csv").status_code == 404
    for name in ("emile", "clara"):
        assert browser(name).get(URL).status_code == 404
        assert browser(name).get(f"{URL}days.csv").status_code == 404
    assert browser().get(URL)["Location"].startswith("/sign-in/")
    assert browser("ada").get(f"{URL}nothing.csv").status_code == 404


def test_it_says_when_the_sweeper_does_not_count(browser, an_invocation):
    ada = browser("ada")
    an_invocation("noa")
    assert "Today was not counted yet" in ada.get(URL).text
    count_days()
    assert "was not counted" not in ada.get(URL).text
    Day.objects.update(counted_at=timezone.now() - timedelta(hours=2))
    assert "Today was counted last 2" in ada.get(URL).text


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2026-13-01"}, {"since": "x", "until": "\x00"}, {"days": "99999"}, {"days": "-1"}, {"days": "٣"},
        {"since": "0001-01-01", "until": "9999-12-31"}, {"since": "2026-03-09", "until": "2026-03-01"},
        {"action": "\x00'"}, {"door": "nowhere"}, {"production": "\ud800" * 3}, {"production": "%_"},
    ],
)  # fmt: skip
def test_odd_queries_are_no_trouble(browser, a_month, query):
    query = {name: value.encode("utf-8", "surrogatepass").decode("latin-1") for name, value in query.items()}
    assert browser("ada").get(URL, query).status_code == 200


def test_a_span_is_chosen(browser, db):
    days = [timezone.localdate()]
    page = browser("ada").get(URL, {"days": "7"}).text
    days.append(timezone.localdate())  # Another one at midnight.
    assert any(f'name="since" value="{day - timedelta(days=6)}"' in page for day in days)


def test_files_are_safe_to_open(browser, a_run):
    a_run(action_slug="sum", action_name="=HYPERLINK(1)")
    counted()
    assert rows(browser("ada"), "actions")[0]["Action"] == "'=HYPERLINK(1)"


def test_the_number_of_queries_does_not_grow_with_the_record(browser, a_run):
    asked = []
    for _ in pairwise(range(3)):
        for day in range(1, 20):
            a_run(day=day, action_slug="review")
        counted()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser("ada").get(URL, MARCH)
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("door", ["", "form", "ajax"])
def test_both_sources_say_the_same(a_month, door):
    narrowed = {"door": door} if door else {}
    asked = replace(Asked.read(MARCH, None), narrowed=narrowed)
    days, record = asked.counted, asked.record
    assert days.days() == record.days()
    assert days.doors() == record.doors()
    assert days.steps() == record.steps()
    for side in DayCount.Side:
        assert days.by(side) == record.by(side), side


@pytest.mark.parametrize(
    ("query", "kept"),
    [({}, True), ({"door": "form"}, True), ({"action": "review"}, False), ({"production": "*"}, False)],
)
def test_what_the_days_do_not_tell_is_read_from_the_record(a_month, project_ids, query, kept):
    query = {name: value.replace("*", project_ids["Ninth Tide"]) for name, value in query.items()}
    Invocation.objects.update(state=State.CRASHED)  # After the days were counted.
    states = sum(Asked.read(MARCH | query, None).source.doors().values(), Counter())
    assert (State.SUCCEEDED in states) is kept
