"""Medians from a logarithmic scale."""

from __future__ import annotations

from collections import Counter
from math import floor, log
from random import Random
from statistics import quantiles

import pytest

from audit.overview.scale import FACTOR, SHORTEST, percentile


def steps(times):
    return Counter(floor(log(max(one, SHORTEST)) / log(FACTOR)) for one in times)


def test_it_works():
    assert percentile(steps([10.0]), 0.5) == pytest.approx(10, rel=0.05)
    assert percentile({}, 0.5) is None
    assert percentile(steps([0.0, 0.0]), 0.95) == pytest.approx(SHORTEST, rel=0.05)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_right_within_five_per_cent(seed):
    luck = Random(seed)
    times = [luck.lognormvariate(2, 1.5) for _ in range(20_000)]
    exact = quantiles(times, n=100)
    for share in (0.5, 0.95):
        assert percentile(steps(times), share) == pytest.approx(exact[round(share * 100) - 1], rel=0.06)
