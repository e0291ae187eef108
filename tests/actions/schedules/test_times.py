from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django_celery_beat.models import CrontabSchedule
from hypothesis import given
from hypothesis import strategies as st

from actions.schedules.times import next_after, next_times

PARIS = ZoneInfo("Europe/Paris")


def at(*when):
    return datetime(*when, tzinfo=UTC)


def times(minute="0", hour="*", zone=PARIS, **more):
    return CrontabSchedule(minute=minute, hour=hour, timezone=zone, **more)


def clocks(found, zone=PARIS):
    return [f"{one.astimezone(zone):%a %H:%M}" for one in found]


def test_it_works():
    weekdays = times("30", "9", day_of_week="1-5")
    found = next_times(weekdays, at(2026, 11, 20, 8, 30))  # A Friday, 9:30 in Paris.
    assert clocks(found) == ["Mon 09:30", "Tue 09:30", "Wed 09:30", "Thu 09:30", "Fri 09:30"]


def test_a_time_that_spring_leaves_out_comes_an_hour_later():
    found = next_times(times("30", "2"), at(2026, 3, 28, 12), 2)
    assert clocks(found) == ["Sun 03:30", "Mon 02:30"]


def test_a_time_that_autumn_has_twice_comes_once():
    found = next_times(times("30", "2"), at(2026, 10, 24, 12), 2)
    assert clocks(found) == ["Sun 02:30", "Mon 02:30"]


@pytest.mark.parametrize("day", [at(2026, 3, 28, 22), at(2026, 10, 24, 22)])
def test_every_hour_is_every_hour_whatever_the_clock_does(day):
    assert next_times(times(), day, 6) == [day + timedelta(hours=hour) for hour in range(1, 7)]


def test_leap_days_are_found_and_what_never_comes_is_said():
    leap = times("0", "0", zone=UTC, day_of_month="29", month_of_year="2")
    assert next_after(leap, at(2026, 1, 1)) == at(2028, 2, 29)
    with pytest.raises(ValueError, match="never occurs"):
        next_after(times("0", "0", day_of_month="31", month_of_year="2"), at(2026, 1, 1))


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    st.integers(0, 59),
    st.integers(0, 23),
    st.sampled_from(["UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]),
)
def test_every_day_has_its_one_time(moment, minute, hour, zone):
    daily = times(str(minute), str(hour), zone=ZoneInfo(zone))
    found = next_times(daily, moment.replace(tzinfo=UTC), 10)
    assert found[0] > moment.replace(tzinfo=UTC)
    steps = [later - earlier for earlier, later in pairwise(found)]
    assert all(timedelta(hours=22) <= step <= timedelta(hours=26) for step in steps)
