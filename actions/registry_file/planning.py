"""Compares a file with the registry, and brings it in: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.history import delete_action, save_action
from actions.models import DEFINITION, Action
from actions.registry_file.names import FIELDS, Names
from actions.registry_file.reading import read_file
from actions.registry_file.writing import NAMED, secrets_of
from kitsu_bridge.kitsu.people import Person

Does = Literal["create", "change", "delete", "leave"]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one action. `leave`: it is not in the file, and stays. `fields`: old and new value by name."""

    does: Does
    action: Action
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What bringing a file in would do."""

    changes: tuple[Change, ...]

    @property
    def differs(self) -> bool:
        """Whether the registry is not as the file says, be it only by actions that the file does not know."""
        return bool(self.changes)

    @property
    def wrong(self) -> list[str]:
        """What keeps it from being brought in."""
        return [f"{one.action.slug}: {text}" for one in self.changes for text in one.wrong]


class CannotApply(Exception):
    """What is wrong, a line each."""


def plan(text: str, *, delete: bool = False) -> Plan:
    """Raises `WrongFile` for what is no such file, `KitsuError` where names have to be read and Kitsu does not answer.

    `delete`: actions that are not in the file go.
    """
    said, names = read_file(text), Names()
    standing = {action.slug: action for action in Action.objects.order_by("order", "name")}
    changes = [_change(slug, about, standing.get(slug), names) for slug, about in said.items()]
    rest: Does = "delete" if delete else "leave"
    missing = [Change(rest, action) for slug, action in standing.items() if slug not in said]
    return Plan((*[one for one in changes if one is not None], *missing))


def apply(text: str, actor: Person | None, *, delete: bool = False) -> Plan:
    """Bring it in. Raises `CannotApply` with everything that is wrong, and then nothing has changed."""
    with transaction.atomic():
        list(Action.objects.select_for_update().order_by("pk"))  # Whoever edits one meanwhile waits, or is seen.
        found = plan(text, delete=delete)
        if found.wrong:
            raise CannotApply("\n".join(found.wrong))
        for change in found.changes:
            if change.does == "delete":
                delete_action(change.action, actor)
            elif change.does != "leave":
                save_action(change.action, actor)
    return found


def _change(slug: str, about: dict[str, Any], before: Action | None, names: Names) -> Change | None:
    old = before.definition() if before else {}
    after = Action(slug=slug) if before is None else Action.objects.get(pk=before.pk)
    wrong = [
        f"{name!r} is no field of an action; there are: {', '.join(NAMED)}." for name in about if name not in NAMED
    ]
    usual = Action(slug=slug).definition()
    for name in NAMED:
        value = about.get(name, usual[name])
        setattr(after, name, names.kept(name, value) if name in FIELDS else value)
    wrong += [*_take_secrets(after, before), *_refused(after)]  # Which also makes `yes` of the file a True.
    changed = {
        name: (old.get(name), getattr(after, name)) for name in DEFINITION if old.get(name) != getattr(after, name)
    }
    if not changed and not wrong:
        return None
    return Change("create" if before is None else "change", after, changed, tuple(wrong))


def _take_secrets(after: Action, before: Action | None) -> list[str]:
    """Secrets stay as they are in the registry; one in the file is refused, since it is in git by then."""
    if not isinstance(after.options, dict):
        return []
    secret = secrets_of(str(after.kind))
    written = sorted(secret & set(after.options))
    kept = {name: value for name, value in (before.options if before else {}).items() if name in secret}
    after.options = {**kept, **{name: value for name, value in after.options.items() if name not in secret}}
    return [f"{name} is a secret: set it in the admin, and keep it out of files." for name in written]


def _refused(action: Action) -> list[str]:
    """What the form in the admin would say."""
    try:
        action.full_clean(validate_unique=action._state.adding)
    except ValidationError as error:
        return [f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items()]
    except (TypeError, ValueError, AttributeError):
        return ["a value is of the wrong type."]
    return []
