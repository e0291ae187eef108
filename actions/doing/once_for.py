"""Once for each task, or once for all of them: how what is done outside becomes the results of tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actions.contract import ActionError, Call, Step
from actions.filling.templates import WrongTemplate
from kitsu_bridge.kitsu.tasks import Task

Came = tuple[bool, str, dict[str, Any]]
"""What came of it: whether it was a success, a line for people, data for the page."""


def once_for_each(call: Call, text: str, do: Callable[[Task], Came]) -> int:
    """Do it for each task, and count the successes. One that fails is that task's failure, and the next is done."""
    good = 0
    for task in call.each(text):
        try:
            success, line, data = do(task)
        except WrongTemplate:
            raise
        except ActionError as error:
            success, line, data = False, str(error), {}
        (call.task_done if success else call.task_failed)(task, line, **data)
        good += success
    return good


def steps_for_each(call: Call, line: Callable[[Task], str]) -> list[Step]:
    """What would be done to each task, by the line that says it; blocked where the line cannot be made."""
    return [_step(task, line) for task in call.tasks]


def once_for_all(call: Call, before: str, do: Callable[[], Came]) -> Came:
    """Do it once. Results are written after its end: where some stand, an earlier attempt has done it, and `before` says so."""
    came: Came = (True, before, {}) if call.done_before else do()
    success, line, _ = came
    for task in call.tasks:  # Not `call.each`: who cancels now must still be told what was done.
        if task.id not in call.done_before:
            (call.task_done if success else call.task_failed)(task, line)
    return came


def _step(task: Task, line: Callable[[Task], str]) -> Step:
    try:
        return Step(task, line(task))
    except WrongTemplate:
        raise
    except ActionError as error:
        return Step(task, str(error), blocked=True)
