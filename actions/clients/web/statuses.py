"""Which answers mean success: `200-299, 409`."""

from __future__ import annotations

import re

from actions.contract import ActionError

PART = re.compile(r"([1-5]\d\d)(?:\s*-\s*([1-5]\d\d))?")


def statuses_of(text: str) -> frozenset[int]:
    """All statuses of single ones and ranges. Raises `ActionError` for anything else."""
    found: set[int] = set()
    for part in text.split(","):
        match = PART.fullmatch(part.strip())
        if match is None:
            raise ActionError(
                f"“{part.strip()[:40]}” is no status of an answer; write single ones and ranges: 200-299, 409."
            )
        first, last = match.groups()
        found |= set(range(int(first), int(last or first) + 1))
    return frozenset(found)
