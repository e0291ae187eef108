from __future__ import annotations

from datetime import timedelta

import pytest

from kitsu_bridge.templatetags.times import span


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 ms"), (0.0124, "12 ms"), (1.25, "1.2 s"), (64, "1 min 4 s"), (3600, "1 h"), (90_061, "1 d 1 h"), (-2, "−2.0 s")],
)  # fmt: skip
def test_it_works(seconds, said):
    assert span(timedelta(seconds=seconds)) == said


def test_nothing_is_nothing():
    assert span(None) == ""
