"""Set or clear custom fields of the shots, assets or whatever the selected tasks are on.

The fields are those of the production's lists in Kitsu, with their types and choices; a value that does not fit is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any

from actions.contract import ActionError, Call, Field, Outcome, Plan
from actions.doing.changing import GONE, SAME, Change, Doing, carry_out, foresee
from actions.doing.crew import Crew
from actions.doing.rights import Rights
from actions.filling import fill, of_task
from actions.registry import handler
from kitsu_bridge.kitsu.errors import KitsuForbids, NotInKitsu
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.tasks import Task

Values = Annotated[
    str,
    Field(
        label="Custom fields",
        long=True,
        template="text",
        placeholder="Difficulty = hard",
        help="One a line: the name, =, the value. Nothing after the = clears the field. Several tags, or the checked entries "
        "of a checklist, stand with commas between. Variables such as {task_type_name} are filled for each task.",
    ),
]

NOT_ALLOWED = "these fields are not yours to set. Managers may, and supervisors those of their departments."
EMPTY = (None, "")
YES, NO = {"yes", "true", "1", "on"}, {"no", "false", "0", "off"}


@handler(title="Set custom fields")
def run(call: Call, *, values: Values) -> Outcome:
    """Once for each entity, however many of its tasks are selected."""
    return carry_out(call, Describing(call, values).doing())


def preview(call: Call, *, values: Values) -> Plan:
    """What each entity has, and what it would have."""
    return foresee(call, Describing(call, values).doing())


class Describing:
    """How one run sets custom fields."""

    def __init__(self, call: Call, values: str) -> None:
        self._call, self._crew, self._lines = call, Crew(call), _lines(values)
        self._fields: dict[str, list[Record]] = {}
        self._wanted: dict[str, tuple[Task, dict[str, Any]]] = {}
        self._written: dict[str, Change] = {}

    def doing(self) -> Doing:
        """How to change entities; one by one, as Kitsu takes them."""
        return Doing(f"Set {', '.join(self._lines)}", self.decide, self.write, NOT_ALLOWED, at_once=1, may=self._may)

    def decide(self, tasks: Sequence[Task]) -> list[Change]:
        """What each task's entity would have."""
        rows = {row["id"]: row for row in self._call.kitsu.entities(list({task.entity.id for task in tasks}))}
        return [self._change(task, rows.get(task.entity.id)) for task in tasks]

    def write(self, changes: Sequence[Change]) -> Iterator[str]:
        """An entity that was written with another of its tasks is not written again."""
        for change in changes:
            entity_id = change.task.entity.id
            if entity_id not in self._written:
                self._call.kitsu.update_entity_data(entity_id, change.value)
                self._written[entity_id] = change
            yield change.task.id

    def _change(self, task: Task, entity: Record | None) -> Change:
        if entity is None:
            return Change(task, "blocked", GONE)
        try:
            fields = {name: self._field(task, name) for name in self._lines}
            wanted = {
                fields[name]["field_name"]: self._value(task, fields[name], text) for name, text in self._lines.items()
            }
        except (ActionError, ValueError) as error:
            return Change(task, "blocked", str(error))
        first, agreed = self._wanted.setdefault(task.entity.id, (task, wanted))
        if agreed != wanted:
            return Change(
                task, "blocked", f"{task.entity.name} gets another value with its task {first.task_type.name}."
            )
        if task.entity.id in self._written:
            return self._with(task, self._written[task.entity.id])
        return self._new(task, fields, entity.get("data") or {}, wanted)

    def _with(self, task: Task, first: Change) -> Change:
        message = f"{first.message}, together with {first.task.task_type.name}"
        return Change(task, "there", message, first.before, first.after)

    def _new(self, task: Task, fields: dict[str, Record], now: dict[str, Any], wanted: dict[str, Any]) -> Change:
        new = {key: value for key, value in wanted.items() if _differs(value, now.get(key))}
        if not new:
            return Change(task, "same", SAME)
        changed = [field for field in fields.values() if field["field_name"] in new]
        return Change(task, "write", task.entity.name, self._shown(changed, now), self._shown(changed, wanted), new)

    def _field(self, task: Task, name: str) -> Record:
        """The custom field that has this name for this kind of entity. Raises `ActionError`."""
        fields = self._fields_on(task)
        known = {str(row[key]).casefold(): row for key in ("field_name", "name") for row in fields}
        if name.casefold() in known:
            return known[name.casefold()]
        near = get_close_matches(name.casefold(), list(known), 1)
        hint = f" Did you mean “{known[near[0]]['name']}”?" if near else ""
        raise ActionError(f"No {task.entity.kind} of {task.project.name} has a custom field “{name}”.{hint}")

    def _may(self, rights: Rights, change: Change) -> bool:
        """Zou gives supervisors fields of these three kinds alone (`check_metadata_department_access` in Zou 1.0.97)."""
        fields = self._fields_on(change.task) if change.task.entity.kind in {"shot", "asset", "edit"} else []
        return rights.changes_entity(change.task.entity.record, change.value, fields)

    def _fields_on(self, task: Task) -> list[Record]:
        return [row for row in self._fields_of(task) if row["entity_type"].lower() == task.entity.kind]

    def _fields_of(self, task: Task) -> list[Record]:
        """The custom fields of a task's production that the person may see."""
        if task.project.id not in self._fields:
            self._fields[task.project.id] = []
            with suppress(KitsuForbids, NotInKitsu):
                self._fields[task.project.id] = self._call.kitsu.metadata_descriptors(task.project.id)
        return self._fields[task.project.id]

    def _value(self, task: Task, field: Record, text: str) -> Any:
        """As Kitsu's own pages store it. Raises `ActionError` for what its type does not take."""
        kind = str(field.get("data_type") or "string")
        text = fill(text, of_task(self._call, task)).strip() if text else ""
        if not text:
            return None if kind == "number" else ""
        if kind == "person":
            return self._person(field, text)
        return READERS.get(kind, _text)(field, text)

    def _person(self, field: Record, text: str) -> str:
        wanted = text.casefold()
        for person_id, row in self._crew.people.items():
            if wanted in {person_id, str(row.get("full_name")).casefold(), str(row.get("email")).casefold()}:
                return person_id
        raise ActionError(f"{field['name']}: there is nobody called “{text}”.")

    def _shown(self, fields: Sequence[Record], values: dict[str, Any]) -> str:
        return ", ".join(f"{field['name']} {self._word(field, values.get(field['field_name']))}" for field in fields)

    def _word(self, field: Record, value: Any) -> str:
        if value in EMPTY:
            return "–"
        return self._crew.name(str(value)) if field.get("data_type") == "person" else str(value)


def _differs(new: Any, now: Any) -> bool:
    """A field that was never set and one that was cleared look the same in Kitsu."""
    return new != now and not (new in EMPTY and now in EMPTY)


def _lines(values: str) -> dict[str, str]:
    """Name -> value, of each line. Raises `ActionError`."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, values.replace("\x00", "").splitlines())):
        name, sign, value = (part.strip() for part in line.partition("="))
        if not sign or not name:
            raise ActionError(f"“{line}” needs a name, =, and a value: Difficulty = hard.")
        if name.casefold() in map(str.casefold, found):
            raise ActionError(f"“{name}” stands there twice.")
        found[name] = value
    if not found:
        raise ActionError("Write at least one field: Difficulty = hard.")
    return found


def _text(field: Record, text: str) -> str:
    return text


def _number(field: Record, text: str) -> float | int:
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        raise ActionError(f"{field['name']}: “{text}” is no number.") from None
    if found != found or abs(found) == float("inf"):
        raise ActionError(f"{field['name']}: “{text}” is no number.")
    return int(found) if found.is_integer() else found


def _boolean(field: Record, text: str) -> str:
    if text.casefold() not in YES | NO:
        raise ActionError(f"{field['name']}: write yes or no, not “{text}”.")
    return "true" if text.casefold() in YES else "false"


def _day(field: Record, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ActionError(f"{field['name']}: “{text}” is no date such as 2026-01-31.") from None


def _address(field: Record, text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ActionError(f"{field['name']}: “{text}” is no web address.")
    return text


def _choice(field: Record, text: str, choices: Sequence[str] | None = None) -> str:
    known = {str(one).casefold(): str(one) for one in (field.get("choices") or [] if choices is None else choices)}
    if text.casefold() not in known:
        raise ActionError(f"{field['name']}: “{text}” is none of {', '.join(known.values()) or 'its choices'}.")
    return known[text.casefold()]


def _tags(field: Record, text: str) -> str:
    return ",".join(dict.fromkeys(_choice(field, one.strip()) for one in text.split(",") if one.strip()))


def _checklist(field: Record, text: str) -> str:
    """Kitsu keeps the entries as choices, `[ ] Rig` or `[x] Rig`, and what is checked as JSON in a text."""
    entries = [str(one)[4:] for one in field.get("choices") or []]
    checked = {_choice(field, one.strip(), entries) for one in text.split(",") if one.strip()}
    return json.dumps({entry: entry in checked for entry in entries}, ensure_ascii=False, separators=(",", ":"))


READERS: dict[str, Callable[[Record, str], Any]] = {
    "number": _number,
    "boolean": _boolean,
    "date": _day,
    "url": _address,
    "list": _choice,
    "taglist": _tags,
    "checklist": _checklist,
}
"""How a text becomes what Kitsu 1.0.56 stores for a field's type (src/lib/descriptors.js and its ComboboxTag); others: text."""
