"""All variables by name, and their values for a call or for one of its tasks, each read when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from actions.contract import ActionError, Call
from actions.filling.aliases import RENAMED
from actions.filling.filters import Value, text_of
from actions.filling.of_calls import OF_CALLS
from actions.filling.of_tasks import OF_TASKS
from actions.filling.templates import Slot, shown
from actions.filling.values import value_of
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.tasks import Task

OF_FIELDS: dict[str, tuple[str, Callable[[Task], Record]]] = {
    "data.": ("A metadata column of the shot, asset or whatever the task is on.", lambda task: task.entity.record),
    "task.data.": ("A metadata column of the task.", lambda task: task.record),
    "project.data.": ("A field that a script keeps with the production.", lambda task: task.project.record),
}
"""What stands before the name of a metadata field -> sentence, and whose row has it."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A line of the table that people read. `of_task`: without a task, only what all selected tasks share."""

    name: str
    sentence: str
    of_task: bool = False


def names() -> tuple[Variable, ...]:
    """Every variable with its sentence, those of tasks first."""
    return (
        *(Variable(name, one.sentence, of_task=True) for name, one in OF_TASKS.items()),
        *(Variable(f"{prefix}<field>", sentence, of_task=True) for prefix, (sentence, _) in OF_FIELDS.items()),
        *(Variable(name, one.sentence) for name, one in OF_CALLS.items()),
    )


def unknown(name: str) -> str:
    """Why no variable has this name, with the nearest spelling; empty when one has."""
    if name in OF_CALLS or name in OF_TASKS or _field(name) is not None:
        return ""
    near = get_close_matches(name.lower(), [*OF_TASKS, *OF_CALLS], 1)
    return f"There is no variable {{{shown(name)}}}." + (f" Did you mean {{{near[0]}}}?" if near else "")


class Variables:
    """What the variables stand for in one call, and for one of its tasks when there is one."""

    def __init__(self, call: Call, task: Task | None = None, names: Mapping[str, str] | None = None) -> None:
        self._call, self._task, self._names = call, task, names or {}

    def called(self, names: Mapping[str, str]) -> Variables:
        """The same where productions, task types and asset types have other names, by `aliases_of`."""
        return Variables(self._call, self._task, names)

    def value(self, slot: Slot) -> Value:
        """What a slot stands for, after its filters. Raises `ActionError` when the variable is unknown or empty."""
        value, why = self.read(slot.name)
        if why and why == unknown(slot.name):
            raise ActionError(why)
        empty = not value
        for one in slot.filters:
            try:
                value = one(value)
            except ValueError as error:
                raise ActionError(f"{slot.source}{self._of_whom()}: “{shown(text_of(value))}”: {error}.") from None
        if value:
            return value
        if empty:
            raise ActionError(f"{{{slot.name}}} has no value{self._of_whom()}: {why or 'it is empty'}.")
        raise ActionError(f"Nothing is left of {slot.source}{self._of_whom()}: no sign of it may stand here.")

    def read(self, name: str) -> tuple[Value, str]:
        """A variable's value; where it has none, why."""
        if why := unknown(name):
            return "", why
        if name in OF_CALLS:
            found = OF_CALLS[name]
            return value_of(found.read(self._call)), found.missing
        if self._task is not None:
            return self._of(self._task, name)
        return self._shared(name)

    def waits_for_tasks(self, name: str) -> bool:
        """Whether it is a variable of tasks, and none was read: it may have a value later."""
        return self._task is None and not self._call.tasks and name not in OF_CALLS and not unknown(name)

    def _of(self, task: Task, name: str) -> tuple[Value, str]:
        if name in OF_TASKS:
            found = OF_TASKS[name]
            value = value_of(found.read(self._call, task))
            if name in RENAMED:
                value = self._names.get(text_of(value).casefold(), value)
            return value, found.missing
        prefix, field = _field(name) or ("", "")
        data = OF_FIELDS[prefix][1](task).get("data") or {}
        return value_of(_within(data, field)), _no_field(prefix, field, data)

    def _shared(self, name: str) -> tuple[Value, str]:
        """What all selected tasks have in common: `{project_name}` in an action for a whole selection."""
        if not self._call.tasks:
            return "", "no task is selected"
        first, why = self._of(self._call.tasks[0], name)
        other = next((task for task in self._call.tasks if self._of(task, name)[0] != first), None)
        if other is None:
            return first, why
        values = [shown(text_of(value)) or "nothing" for value in (first, self._of(other, name)[0])]
        differ = f"the selected tasks differ in it ({values[0]}, {values[1]})"
        return "", f"{differ}. Select only such as are alike, or have the action take each task by itself"

    def _of_whom(self) -> str:
        if self._task is not None:
            return f" for {shown(self._task.name)}"
        return f" for {shown(self._call.tasks[0].name)}" if len(self._call.tasks) == 1 else ""


def of_call(call: Call) -> Variables:
    """The variables of a call; those of tasks stand for what all selected tasks share."""
    return Variables(call)


def of_task(call: Call, task: Task) -> Variables:
    """The variables of one task, and those of its call. Whatever takes a request is read for all tasks at once."""
    return Variables(call, task)


def _field(name: str) -> tuple[str, str] | None:
    """The prefix and the field of `data.camera`."""
    return next(((prefix, name[len(prefix) :]) for prefix in OF_FIELDS if name.startswith(prefix)), None)


def _within(data: Any, field: str) -> Any:
    """A field by its name; with dots, one within another."""
    if isinstance(data, dict) and field not in data and "." in field:
        first, _, rest = field.partition(".")
        return _within(data.get(first), rest)
    return data.get(field) if isinstance(data, dict) else None


def _no_field(prefix: str, field: str, data: dict[str, Any]) -> str:
    if field in data:
        return "the field is empty in Kitsu"
    near = get_close_matches(field, [key for key in data if isinstance(key, str)], 1)
    return "it has no such field in Kitsu" + (f". Did you mean {{{prefix}{shown(near[0])}}}?" if near else "")
