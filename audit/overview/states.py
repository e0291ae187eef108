"""How the states of invocations are put together in the columns of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from audit.states import OPEN, State


@dataclass(frozen=True, slots=True)
class Group:
    """States that are counted together, with the colour of their bars."""

    key: str
    label: str
    states: tuple[State, ...]
    color: str


GROUPS = (
    Group("succeeded", "Succeeded", (State.SUCCEEDED,), "#22a05a"),
    Group("partial", "Partly done", (State.PARTIAL,), "#e0a81e"),
    Group("failed", "Failed", (State.FAILED,), "#e0604a"),
    Group("crashed", "Crashed", (State.CRASHED,), "#a3123a"),
    Group("refused", "Refused", (State.REFUSED,), "#8f5fd0"),
    Group("stopped", "Stopped", (State.CANCELLED, State.EXPIRED, State.JOINED), "#7a7f87"),
    Group("open", "Open", tuple(sorted(OPEN)), "#3273dc"),
)
"""Every state is in exactly one. Stopped: cancelled, waited too long, or joined another one."""

RAN = frozenset({State.SUCCEEDED, State.PARTIAL, State.FAILED, State.CRASHED})
WENT_WRONG = frozenset({State.FAILED, State.CRASHED})

Counts = Mapping[str, int]
"""How many, by state."""


def failure_rate(counts: Counts) -> float | None:
    """The share that failed or crashed among those that ran to an end; None where none did."""
    ran = sum(counts.get(state, 0) for state in RAN)
    return sum(counts.get(state, 0) for state in WENT_WRONG) / ran if ran else None
