"""Compares a file with the registry, and brings it in: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import transaction

from actions.models import Action
from actions.registry_file.names import FIELDS, Names
from actions.registry_file.reading import Said, read_file
from actions.registry_file.sections import SECTIONS, Row, Section
from actions.registry_file.writing import secrets_of
from kitsu_bridge.kitsu.people import Person

Does = Literal["create", "change", "delete", "leave"]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one row. `leave`: it is not in the file, and stays. `fields`: old and new value by name."""

    does: Does
    section: Section
    row: Any
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Under which it stands in the file."""
        return str(getattr(self.row, self.section.key))

    @property
    def told(self) -> dict[str, tuple[Any, Any]]:
        """The fields that are worth telling: of a new row those that are not as usual."""
        if self.does != "create":
            return dict(self.fields)
        usual = self.section.said(self.section.new(""))
        return {name: pair for name, pair in self.fields.items() if name in usual and pair[1] != usual[name]}


@dataclass(frozen=True, slots=True)
class Plan:
    """What bringing a file in would do."""

    changes: tuple[Change, ...]

    @property
    def differs(self) -> bool:
        """Whether the registry is not as the file says, be it only by what the file does not know."""
        return bool(self.changes)

    @property
    def wrong(self) -> list[str]:
        """What keeps it from being brought in."""
        return [f"{one.key}: {text}" for one in self.changes for text in one.wrong]


class CannotApply(Exception):
    """What is wrong, a line each."""


def plan(text: str, *, delete: bool = False) -> Plan:
    """Raises `WrongFile` for what is no such file, `KitsuError` where names have to be read and Kitsu does not answer.

    `delete`: what is not in the file goes, of the sections that it has.
    """
    said, planned = read_file(text), _Planned(Names())
    found = [_changes(section, said[section.name], planned, delete) for section in SECTIONS if section.name in said]
    return Plan(tuple(change for changes in found for change in changes))


def apply(text: str, actor: Person | None, *, delete: bool = False) -> Plan:
    """Bring it in. Raises `CannotApply` with everything that is wrong, and then nothing has changed."""
    with transaction.atomic():
        for section in SECTIONS:  # Whoever edits one meanwhile waits, or is seen.
            list(section.model._default_manager.select_for_update().order_by("pk"))
        found = plan(text, delete=delete)
        if found.wrong:
            raise CannotApply("\n".join(found.wrong))
        for change in found.changes:
            if change.does == "delete":
                change.section.delete(change.row, actor)
            elif change.does != "leave":
                change.section.keep(change.row, actor)
    return found


@dataclass(frozen=True, slots=True)
class _Planned:
    """What is known while a plan is made: names, and the actions as they will be."""

    names: Names
    actions: dict[str, Action | None] = field(default_factory=dict)

    def action(self, slug: str) -> Action | None:
        """The action that will have this slug."""
        return self.actions[slug] if slug in self.actions else Action.objects.filter(slug=slug).first()


def _changes(section: Section, said: Said, planned: _Planned, delete: bool) -> list[Change]:
    standing = section.rows()
    found = [_change(section, key, about, standing.get(key), planned) for key, about in said.items()]
    rest: Does = "delete" if delete else "leave"
    missing = [Change(rest, section, row) for key, row in standing.items() if key not in said]
    planned.actions.update((one.key, None) for one in missing if delete and isinstance(one.row, Action))
    return [*filter(None, found), *missing]


def _change(section: Section, key: str, about: dict[str, Any], before: Row | None, planned: _Planned) -> Change | None:
    old = section.said(before) if before else {}
    after = section.new(key) if before is None else copy(before)
    wrong = [
        f"{name!r} is no field here; there are: {', '.join(section.fields)}."
        for name in about
        if name not in section.fields
    ]
    wrong += section.take(after, _fields(section, about, planned.names))
    if isinstance(after, Action):
        planned.actions[key] = after
        wrong += _take_secrets(after, before)
    wrong += section.refused(after, planned.action)  # Which also makes `yes` of the file a True.
    new = {section.key: key, **section.said(after)}
    old = {section.key: key, **old} if before else {}
    changed = {name: (old.get(name), new[name]) for name in new if old.get(name) != new[name]}
    if not changed and not wrong:
        return None
    return Change("create" if before is None else "change", section, after, changed, tuple(wrong))


def _fields(section: Section, about: dict[str, Any], names: Names) -> dict[str, Any]:
    """Those of the file, and the usual ones for what it leaves out."""
    said = section.said(section.new("")) | {name: about[name] for name in section.fields if name in about}
    return {name: names.kept(name, value) if name in FIELDS else value for name, value in said.items()}


def _take_secrets(after: Action, before: Any) -> list[str]:
    """Secrets stay as they are in the registry; one in the file is refused, since it is in git by then."""
    if not isinstance(after.options, dict):
        return []
    secret = secrets_of(str(after.kind))
    written = sorted(secret & set(after.options))
    kept = {name: value for name, value in (before.options if before else {}).items() if name in secret}
    after.options = {**kept, **{name: value for name, value in after.options.items() if name not in secret}}
    return [f"{name} is a secret: set it in the admin, and keep it out of files." for name in written]
