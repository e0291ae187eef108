"""Ends in every way in which a handler can end: for tests of the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from actions.contract import ActionError, Call, Outcome
from actions.registry import handler
from kitsu_bridge.kitsu.errors import KitsuSlow


@dataclass(frozen=True)
class Options:
    """Which ending."""

    how: Literal["well", "action_error", "crash", "kitsu", "nothing", "one_failed", "all_failed", "odd"] = "well"


@handler(title="Endings")
def run(call: Call, options: Options, *, word: str = "well") -> Outcome:
    """End as told."""
    if options.how == "action_error":
        raise ActionError("Select at least one shot.")
    if options.how == "crash":
        raise ValueError("password=hunter2 is not a number")
    if options.how == "kitsu":
        raise KitsuSlow
    if options.how == "nothing":
        return None  # type: ignore[return-value]
    if options.how == "odd":
        call.log("NUL \x00 and a lone surrogate \ud800, token=abcdef")
        return Outcome("Odd \x00", data={"when": {1, 2}, "nan": float("nan"), "deep": [{"password": "hunter2"}]})
    for number, task in enumerate(call.tasks):
        if options.how == "all_failed" or (options.how == "one_failed" and number == 0):
            call.task_failed(task, "It did not.")
        else:
            call.task_done(task)
    return Outcome(f"All {word}.", link="https://kitsu.studio/", link_text="Kitsu")
