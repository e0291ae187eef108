"""Calls of kinds that send jobs, with farms that keep nothing in a database."""

from __future__ import annotations

from actions.farms.contract import Farms
from actions.testing import call_for


class Straight:
    """The drawer `Farms`, without rows: each job goes to the farm at once."""

    def submit(self, farm, job, name, task=None):
        return farm.submit(job, f"invocation:{task.id if task else 'selection'}")


def shots(tasks=2, **more):
    """A call about tasks on as many shots, which have frames 1001 to 1010."""
    every = {task.entity.id: task.id for task in call_for(tasks=40, entity_type="shot").tasks}
    sample = call_for(tasks=list(every.values())[:tasks], secrets={"FARM": "s3cret"}, **more)
    sample.desk.drawers[Farms] = Straight()
    for task in sample.tasks:
        task.entity.record["data"] = {**(task.entity.record.get("data") or {}), "frame_in": 1001, "frame_out": 1010}
    return sample
