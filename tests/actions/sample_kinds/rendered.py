"""Sends jobs to a farm that lives in memory: for tests of what every farm has in common."""

from __future__ import annotations

from dataclasses import dataclass

from actions.contract import ActionError, Call, Desk, Outcome
from actions.farms.contract import Farm, Farms, TellsKitsu
from actions.registry import handler


@dataclass(frozen=True, kw_only=True)
class Options(TellsKitsu):
    """Which farm."""

    place: str = "memory"


@handler(title="Rendered")
def run(call: Call, options: Options) -> Outcome:
    """One job a task."""
    farms = call.desk.drawer(Farms)
    for task in call.each("Submitting"):
        try:
            sent = farms.submit(farm(options, call.desk), {"name": task.name}, task.name, task)
            call.task_done(task, f"Job {sent.id}")
        except ActionError as error:
            call.task_failed(task, str(error))
    return Outcome("Sent.")


def farm(options: Options, desk: Desk) -> Farm:
    """The farm in memory."""
    from tests.actions.farms.memory import MEMORY

    return MEMORY
