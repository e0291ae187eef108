"""The timeline of a day: its lanes and bars, its table, and who sees what on it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from audit.models import Invocation
from audit.states import State
from audit.timeline.day import Day
from audit.timeline.lanes import MOST_BARS, MOST_LANES, MOST_STACKED, lanes_of

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EVIL = "<script>alert(1)</script>"


def at(minutes, seconds=60):
    begun = MORNING + timedelta(minutes=minutes)
    return {"received_at": begun, "started_at": begun, "finished_at": begun + timedelta(seconds=seconds)}


def shown(client, **query):
    response = client.get(reverse("timeline"), {"day": "2026-11-20"} | query)
    assert response.status_code == 200
    return response.text


def bars(page):
    return re.findall(r'<rect class="(\w+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', page)


def test_it_works(browser, an_invocation):
    """Noa's clock is two hours ahead: nine in the morning is eleven."""
    an_invocation("noa", action_slug="review", **at(0, 3600))
    an_invocation("noa", action_slug="review", state=State.FAILED, **at(30))
    an_invocation("noa", action_slug="review", **at(-24 * 60))
    page = shown(browser("noa"))
    assert "2 invocations received" in page
    assert "Times are in Asia/Jerusalem" in page
    (first, second) = bars(page)
    assert (first[0], second[0]) == ("succeeded", "failed")
    assert float(first[1]) == pytest.approx(190 + 960 * 11 / 24, abs=0.1)
    assert float(first[3]) == pytest.approx(960 / 24, abs=0.1)
    assert float(second[2]) > float(first[2])
    assert "Review, Noa Bar-Lev: Succeeded, 11:00 to 12:00, 1 h" in page
    assert page.count(">11:30:00<") == 1
    assert "day=2026-11-19" in page
    assert "day=2026-11-21" in page
    assert 'style="' not in page


def test_it_is_by_person_as_well(browser, an_invocation):
    an_invocation("noa", **at(0))
    an_invocation("greta", **at(1))
    page = shown(browser("ada"), by="person")
    assert re.findall(r'<text class="name"[^>]*>([^<]+)<', page) == ["Greta Solheim", "Noa Bar-Lev"]


def test_everybody_sees_their_own_leads_their_productions(browser, an_invocation, project_ids):
    an_invocation("noa", project_ids=[project_ids["The Lantern Keeper"]], **at(0))
    an_invocation("luis", project_ids=[project_ids["Ninth Tide"]], **at(1))
    an_invocation("clara", **at(2))
    an_invocation("pixelworks", **at(3))
    seen = {
        name: len(bars(shown(browser(name))))
        for name in ("ada", "greta", "luis", "noa", "clara", "pixelworks", "emile")
    }
    assert seen == {"ada": 4, "greta": 1, "luis": 1, "noa": 1, "clara": 1, "pixelworks": 1, "emile": 0}
    assert browser().get(reverse("timeline")).status_code == 302


def test_filters_count_and_are_kept(browser, an_invocation):
    an_invocation("noa", action_slug="a", **at(0))
    an_invocation("noa", action_slug="b", state=State.FAILED, **at(1))
    page = shown(browser("noa"), state="failed", since="2001-01-01")
    assert [bar[0] for bar in bars(page)] == ["failed"]
    assert page.count("state=failed") >= 6
    assert "2001" not in page
    assert "is none of" in shown(browser("noa"), state="nothing")
    link = re.search(r'<a href="([^"]+)"><text', page).group(1).replace("&amp;", "&")
    assert "action=b" in link
    assert browser("noa").get(link).status_code == 200


def test_a_busy_day_is_shown_by_the_hour(browser, an_invocation):
    one = an_invocation("noa", action_name="Busy", action_slug="busy", **at(0))
    many = [Invocation(state=State.FAILED if n % 4 == 0 else State.SUCCEEDED, received_at=MORNING + timedelta(minutes=n % 120),
                       action_name="Busy", action_slug="busy", person_id=one.person_id, trust="proven")
            for n in range(MOST_BARS + 200)]  # fmt: skip
    Invocation.objects.bulk_create(many)
    page = shown(browser("noa"))
    assert "It was a busy day" in page
    assert len(bars(page)) == 4
    assert "Busy, 11:00 to 12:00: 226 Succeeded, 75 Failed" in page or "Busy, 11:00 to 12:00:" in page
    assert f"{MOST_BARS + 201} invocations received" in page
    counts = [int(text) for text in re.findall(r'<td class="number">(\d+)</td>', page)]
    assert sum(counts) == MOST_BARS + 201


@pytest.mark.parametrize(("on", "hours"), [("2026-10-25", 25), ("2026-03-29", 23), ("2026-11-20", 24)])
@pytest.mark.parametrize("zone", ["Europe/Paris", "Asia/Kolkata", "America/New_York"])
def test_each_hour_counts_what_it_leads_to(db, on, hours, zone):
    """Where the clocks are changed an hour comes twice, and the two are apart."""
    day = Day.read(on, ZoneInfo(zone))
    Invocation.objects.bulk_create(
        Invocation(state=State.SUCCEEDED, action_slug="busy", received_at=begin + timedelta(minutes=minute))
        for begin, _ in day.hours()
        for minute in range(0, 60, 3)
    )
    (lane,), grouped = lanes_of(Invocation.objects.all(), day, "action")
    assert (grouped, len(lane.hours)) == (True, hours if zone == "Europe/Paris" else 24)
    assert [(hour.begin, hour.end) for hour in lane.hours] == list(day.hours())
    assert {hour.count for hour in lane.hours} == {20}


def test_it_has_so_many_lanes_and_no_more(browser, an_invocation):
    one = an_invocation("noa", action_slug="first", **at(0))
    fields = {"state": State.SUCCEEDED, "person_id": one.person_id, "trust": "proven"}
    few = [Invocation(action_slug=f"few-{n}", received_at=MORNING, **fields) for n in range(60)]
    Invocation.objects.bulk_create(few)
    day = Day.read("2026-11-20", ZoneInfo("UTC"))
    lanes, grouped = lanes_of(Invocation.objects.all(), day, "action")
    assert (len(lanes), lanes[-1].count, grouped) == (MOST_LANES + 1, 61 - MOST_LANES, False)
    assert max(lane.rows for lane in lanes) <= MOST_STACKED
    Invocation.objects.bulk_create(
        Invocation(action_slug=f"many-{n % 60}", received_at=MORNING, **fields) for n in range(MOST_BARS)
    )
    lanes, grouped = lanes_of(Invocation.objects.all(), day, "action")
    assert (len(lanes), grouped, sum(lane.count for lane in lanes)) == (MOST_LANES + 1, True, 61 + MOST_BARS)


def test_what_overlaps_stands_above_each_other(an_invocation):
    for minutes in (0, 1, 2, 120):
        an_invocation("noa", **at(minutes, 1800))
    (lane,), _ = lanes_of(Invocation.objects.all(), Day.read("2026-11-20", ZoneInfo("UTC")), "action")
    assert [bar.row for bar in lane.bars] == [0, 1, 2, 0]


def test_hostile_names_stay_text(browser, an_invocation):
    an_invocation("robin", action_name=EVIL, action_slug=EVIL, **at(0))
    an_invocation("robin", action_name='"><svg onload=x>', action_slug='"&', **at(1))
    for by in BY_ALL:
        page = shown(browser("robin"), by=by)
        assert "<script>alert" not in page
        assert "<svg onload" not in page


BY_ALL = ("action", "person", "<b>")


@pytest.mark.parametrize(
    "query", [{"day": "x"}, {"day": "0001-01-01"}, {"day": "9999-12-31"}, {"by": "\x00"}, {"q": "\x00"}]
)
def test_odd_addresses_are_no_trouble(browser, an_invocation, query):
    an_invocation("noa", **at(0))
    shown(browser("noa"), **query)


def test_an_empty_day_says_so(browser, db):
    assert "Nothing was received on this day" in shown(browser("noa"))
