from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from audit.timeline.day import Day

PARIS = ZoneInfo("Europe/Paris")


def test_it_works():
    day = Day.read("2026-11-21", PARIS)
    assert (day.begin, day.end) == (datetime(2026, 11, 20, 23, tzinfo=UTC), datetime(2026, 11, 21, 23, tzinfo=UTC))
    assert day.share(day.begin + timedelta(hours=6)) == 0.25
    assert (day.share(day.begin - timedelta(1)), day.share(day.end + timedelta(1))) == (0, 1)
    assert day.clock(day.begin + timedelta(hours=6)) == "06:00"


@pytest.mark.parametrize(("text", "hours", "third"), [("2026-03-29", 23, "03:00"), ("2026-10-25", 25, "02:00")])
def test_it_knows_when_the_clocks_are_changed(text, hours, third):
    day = Day.read(text, PARIS)
    found = [begin for begin, _ in day.hours()]
    assert len(found) == hours
    assert day.clock(found[2]) == third
    assert found[0] == day.begin


@pytest.mark.parametrize("text", ["", "x", "2026-02-30", "\x00", "99999-01-01"])
def test_it_is_today_for_what_is_no_day(text):
    assert Day.read(text, ZoneInfo("UTC")).on == datetime.now(UTC).date()


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_are_no_trouble(text):
    day = Day.read(text, ZoneInfo("Pacific/Kiritimati"))
    assert day.beside(-1) <= day.on <= day.beside(1)
    assert date(1970, 1, 1) < day.on
    assert day.begin < day.end
