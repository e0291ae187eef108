"""Frame ranges as Flamenco reads them."""

from __future__ import annotations

import re

from actions.farms.contract import FarmRefuses

RANGES = re.compile(r"\s*[0-9]{1,8}(\s*(-|\.\.)\s*[0-9]{1,8})?\s*")
MOST = 100_000
"""Frames of one job. The Manager writes each of them down before anything else, and a slip such as 1-99999999 would fill its
memory (`frameRangeExplode` in internal/manager/job_compilers/js_globals.go in 3.9-alpha)."""


def count_of(text: str) -> int:
    """How many frames `1001-1010, 1020` are. Raises `FarmRefuses` for what Flamenco could not read or bear."""
    count = 0
    for part in text.split(","):
        if not RANGES.fullmatch(part):
            raise FarmRefuses(f"“{text[:80]}” are no frames for Flamenco; write them as 1001-1100 or 1, 5, 10-20.")
        first, last = [int(one) for one in re.findall(r"\d+", part) * 2][:2]
        if last < first:
            raise FarmRefuses(f"“{text[:80]}” ends before it begins.")
        count += last - first + 1
    if count > MOST:
        raise FarmRefuses(f"Those are {count:,} frames; {MOST:,} are the most of one job.")
    return count
