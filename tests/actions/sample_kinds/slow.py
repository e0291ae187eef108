"""Takes its time, and says so: for tests of workers."""

from __future__ import annotations

import time
from dataclasses import dataclass

from actions.contract import Call, Outcome
from actions.registry import handler


@dataclass(frozen=True)
class Options:
    """How long, and whether it listens to a wish to cancel."""

    seconds: float = 1.0
    listens: bool = True


@handler(title="Slow")
def run(call: Call, options: Options) -> Outcome:
    """Wait in small steps; a line at the beginning, a result for each task at the end."""
    call.log("began")
    until = time.monotonic() + options.seconds
    while time.monotonic() < until:
        time.sleep(0.05)
        if options.listens:
            call.stop_if_cancelled()
    for number, task in enumerate(call.tasks, 1):
        call.task_done(task, "waited")
        call.progress(number, len(call.tasks))
    return Outcome("Waited.", data={"seconds_left": call.seconds_left})
