"""Jobs for a farm from a selection: one for each task or one for all, their frames and scenes, sent and foretold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from actions.contract import ActionError, Call, Field, Outcome, Plan, Step
from actions.doing.once_for import Came, once_for_all, once_for_each, steps_for_each
from actions.farms.contract import Farm, FarmAway, Farms
from actions.filling import fill, of_task
from kitsu_bridge.kitsu.frames import frame_range
from kitsu_bridge.kitsu.tasks import Task

OnceFor = Literal["selection", "task"]
Made = TypeVar("Made")

OneJobFor = Annotated[
    OnceFor, Field(label="One job for", choices=(("task", "Each task"), ("selection", "The whole selection")))
]
"""The option of which tasks share a job."""

FramesWished = Annotated[str, Field(template="text", help="Such as 1001-1100. Empty: from the shot.")]
"""The option of the frames; see `frames_of`."""

FramesAsked = Annotated[str, Field(help="Such as 1001-1010. Empty: what the action says, else the shot's.")]
"""The parameter of the frames, which a person may give at a run."""

SceneFile = Annotated[
    str, Field(label="Scene file", template="text", help="Its whole path, as the render hosts see it.")
]
"""The option of the scene; see `scene_of`."""

FRAMES = re.compile(r"-?\d{1,8}(-\d{1,8})?(,-?\d{1,8}(-\d{1,8})?)*")
ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]|\\\\")
UNSEEN = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Job:
    """What is sent. `said`: a line that tells a person what it is."""

    name: str
    said: str
    content: Mapping[str, Any]


Build = Callable[[Sequence[Task]], Job]
"""Makes the job for some tasks. Raises `ActionError` where it cannot be made."""


def send_jobs(call: Call, farm: Farm, once_for: OnceFor, build: Build) -> Outcome:
    """Send them; what an earlier attempt has sent is found again."""
    if not call.tasks:
        raise ActionError("None of the selected tasks is there.")
    sender = _Sender(call, farm, build)
    if once_for == "task":
        good = once_for_each(call, f"Sending to {farm.title}", lambda task: sender.sent([task], task))
        return Outcome(f"{good:,} of {len(call.tasks):,} jobs are on {farm.title}.")
    _, line, _ = once_for_all(call, f"It was sent to {farm.title} before.", lambda: sender.sent(call.tasks))
    return Outcome(line)


def plan_jobs(call: Call, once_for: OnceFor, build: Build) -> Plan:
    """What `send_jobs` will send, without asking the farm anything."""
    if once_for == "task":
        return Plan("One job for each task.", steps_for_each(call, lambda task: build([task]).said))
    try:
        job = build(call.tasks)
    except ActionError as error:
        return Plan(str(error), [Step(task, str(error), blocked=True) for task in call.tasks])
    return Plan(job.said, [Step(task, "Is in the one job for the selection.") for task in call.tasks])


def wishes(frames: str, priority: int | None) -> dict[str, Any]:
    """What the person said at this run, by the names of the options in whose place it comes."""
    return {name: value for name, value in (("frames", frames), ("priority", priority)) if value not in {"", None}}


def name_of(tasks: Sequence[Task]) -> str:
    """What a job for these tasks is called."""
    return one_line(tasks[0].name) + (f" and {len(tasks) - 1:,} more" if len(tasks) > 1 else "")


def same_for_all(made: Sequence[Made]) -> Made:
    """What the tasks of one job agree on, for farms whose jobs have one scene. Raises `ActionError` where they do not."""
    if any(one != made[0] for one in made):
        raise ActionError(
            "The tasks have different scenes, frames or settings, and a job there has one of each. Send one for each task."
        )
    return made[0]


def frames_of(call: Call, task: Task, template: str) -> str:
    """`1001-1100`, from the option or from the shot. Raises `ActionError` where Kitsu does not know."""
    found = frame_range(task)
    if not template and found is None:
        raise ActionError(
            f"Kitsu has no frames of {task.name}. Fill In and Out of the shot, or the frames of the action."
        )
    text = (
        fill(template, of_task(call, task)).replace(" ", "") if template or not found else f"{found.first}-{found.last}"
    )
    if not FRAMES.fullmatch(text):
        raise ActionError(f"“{text[:80]}” are no frames for {task.name}; write them as 1001-1100 or 1,5,10-20.")
    return text


def scene_of(call: Call, task: Task, template: str) -> str:
    """The scene's whole path on the farm's machines. Raises `ActionError` for one that leads elsewhere."""
    scene = one_line(fill(template, of_task(call, task)))
    if not ABSOLUTE.match(scene) or ".." in re.split(r"[\\/]", scene):
        raise ActionError(f"“{scene[:200]}” is no whole path of a scene of {task.name}.")
    return scene


def one_line(text: str) -> str:
    """A value that farms keep in one line. Raises `ActionError` for one with line ends or the like in it."""
    if UNSEEN.search(text):
        raise ActionError(f"“{UNSEEN.sub('·', text)[:80]}” holds a line end or another sign that cannot be seen.")
    return text.strip()


class _Sender:
    """Sends; a farm that is away is not knocked at for each of a thousand tasks."""

    def __init__(self, call: Call, farm: Farm, build: Build) -> None:
        self._call, self._farm, self._build = call, farm, build
        self._farms = call.desk.drawer(Farms)  # type: ignore[type-abstract]
        self._away: FarmAway | None = None

    def sent(self, tasks: Sequence[Task], task: Task | None = None) -> Came:
        """Send the job for these tasks."""
        if self._away:
            raise self._away
        job = self._build(tasks)
        try:
            sent = self._farms.submit(self._farm, job.content, job.name, task)
        except FarmAway as error:
            self._away = error
            raise
        return True, f"{job.said} It is job {sent.id} on {self._farm.title}.", {}
