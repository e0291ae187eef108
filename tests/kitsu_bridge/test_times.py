from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from kitsu_bridge.templatetags.times import clock, moment, span


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 ms"), (0.0124, "12 ms"), (1.25, "1.2 s"), (64, "1 min 4 s"), (3600, "1 h"), (90_061, "1 d 1 h"), (-2, "−2.0 s")],
)  # fmt: skip
def test_it_works(seconds, said):
    assert span(timedelta(seconds=seconds)) == said


def test_nothing_is_nothing():
    assert (span(None), clock(None)) == ("", "")


def test_a_moment_is_read_from_text():
    assert moment("2026-11-21T16:40:00+01:00") == datetime(2026, 11, 21, 15, 40, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", None, "yesterday", "2026-11-21T16:40:00", {"a": 1}])
def test_what_is_no_moment_is_nothing(text):
    assert moment(text) is None


@pytest.mark.parametrize(
    ("shown", "said"),
    [("second", "2026-11-21 08:30:00"), ("minute", "2026-11-21 08:30"), ("time", "08:30:00"),
     ("zoned", "2026-11-21 08:30 JST"), ("exact time", "08:30:00.012"), ("exact", "2026-11-21 08:30:00.012")],
)  # fmt: skip
def test_a_moment_is_shown_on_the_clock_of_the_page_and_told_in_utc(shown, said):
    at = datetime(2026, 11, 20, 23, 30, 0, 12_345, tzinfo=UTC)
    with timezone.override("Asia/Tokyo"):
        tag = clock(at, shown)
    begin = '<time datetime="2026-11-20T23:30:00.012345+00:00" title="2026-11-21 08:30:00 JST">'
    assert tag == f"{begin}{said}</time>"
