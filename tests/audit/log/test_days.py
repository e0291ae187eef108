"""A day of the log is a day on the clock of whoever looks: what the list shows as the 21st is what a filter finds on it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from django.utils import timezone

from audit.access import sight_of_person
from audit.exports.asking import asked
from audit.exports.preparing import prepare
from audit.log.filters import Filters
from kitsu_bridge.kitsu.people import Person
from tests.audit.conftest import row

pytestmark = pytest.mark.django_db

MIDNIGHT = {
    "ada": datetime(2026, 11, 20, 23, tzinfo=UTC),
    "mirko": datetime(2026, 11, 20, 23, tzinfo=UTC),
    "hana": datetime(2026, 11, 20, 15, tzinfo=UTC),
}
"""When the 21st of November begins for them."""


@pytest.fixture
def around(an_invocation):
    """One right before, one at, and one right after a moment; then the same a day later."""

    def made(moment, name):
        return [
            str(an_invocation(name, received_at=moment + timedelta(days=day, seconds=second)).pk)
            for day in (0, 1)
            for second in (-1, 0, 1)
        ]

    return made


def listed(client, **query):
    page = client.get("/log/", {"all": "yes"} | query).text
    return set(re.findall(r"/invocations/([0-9a-f-]{36})/", page)), page


@pytest.mark.parametrize("name", ["ada", "hana"])
def test_it_works(browser, around, name):
    made = around(MIDNIGHT[name], name)
    found, page = listed(browser(name), since="2026-11-21", until="2026-11-21")
    assert found == set(made[1:4])
    assert {text[:10] for text in re.findall(r">(2026-[^<]{14})</time>", page)} == {"2026-11-21"}
    assert "Since: 2026-11-21 00:00" in page


def test_an_hour_is_one_on_that_clock(browser, around):
    made = around(MIDNIGHT["hana"], "hana")
    assert listed(browser("hana"), since="2026-11-21 00:00:01", until="2026-11-21 23:59:59")[0] == {made[2]}


def test_a_moment_with_a_zone_of_its_own_is_that_moment_and_shown_on_that_clock(browser, around):
    made = around(MIDNIGHT["hana"], "hana")
    found, page = listed(browser("hana"), since="2026-11-20T15:00:00+00:00", until="2026-11-21T16:00:00+01:00")
    assert found == set(made[1:4])
    assert 'name="since" id="id_since" value="2026-11-21 00:00"' in page


def test_the_timeline_has_the_same_day(browser, around):
    around(MIDNIGHT["hana"], "hana")
    day = browser("hana").get("/log/timeline/", {"day": "2026-11-21"}).text
    assert "3 invocations received" in day
    link = unescape(re.search(r'href="(/log/\?[^"]+)">The list of this day', day)[1])
    assert len(set(re.findall(r"/invocations/([0-9a-f-]{36})/", browser("hana").get(link).text))) == 3


def test_figures_of_the_studios_days_lead_to_what_they_count(browser, around, settings):
    """The overview counts days of the studio; Mirko's begins an hour later."""
    settings.TIME_ZONE = "Europe/Lisbon"
    made = around(datetime(2026, 11, 21, tzinfo=UTC), "mirko")
    page = browser("mirko").get("/overview/", {"since": "2026-11-21", "until": "2026-11-21", "action": ""}).text
    assert "days in Europe/Lisbon" in page
    link = unescape(re.search(r'href="(/log/\?[^"]*since=[^"]*)"', page)[1])
    query = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    assert listed(browser("mirko"), **query)[0] == set(made[1:4])


def test_a_worker_reads_them_as_they_were_meant(around):
    """It has no clock of its own: the export keeps moments."""
    made = around(MIDNIGHT["hana"], "hana")
    hana = Person.from_record(row("hana"))
    with timezone.override("Asia/Tokyo"):
        export = asked(
            hana, sight_of_person(hana), "xlsx", Filters.read({"since": "2026-11-21", "until": "2026-11-21"}), 3
        )
    prepare(export.pk)
    rows = openpyxl.load_workbook(export.path, read_only=True).active.iter_rows(min_row=2, values_only=True)
    assert [row[0] for row in rows] == made[3:0:-1]
