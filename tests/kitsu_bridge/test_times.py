from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kitsu_bridge.templatetags.times import moment, span


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 ms"), (0.0124, "12 ms"), (1.25, "1.2 s"), (64, "1 min 4 s"), (3600, "1 h"), (90_061, "1 d 1 h"), (-2, "−2.0 s")],
)  # fmt: skip
def test_it_works(seconds, said):
    assert span(timedelta(seconds=seconds)) == said


def test_nothing_is_nothing():
    assert span(None) == ""


def test_a_moment_is_read_from_text():
    assert moment("2026-11-21T16:40:00+01:00") == datetime(2026, 11, 21, 15, 40, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", None, "yesterday", "2026-11-21T16:40:00", {"a": 1}])
def test_what_is_no_moment_is_nothing(text):
    assert moment(text) is None
