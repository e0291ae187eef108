"""The buttons in Kitsu: what must be created, changed and taken away there, so that it shows the actions as they are here.

A button is known by the id that Kitsu gave it. What was not published from here, and not adopted, is never touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from django.urls import reverse

from actions.models import Action, Withdrawn
from audit.models import write_event
from audit.states import Happened
from kitsu_bridge.kitsu.errors import KitsuError, NotInKitsu
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.people import Person

FIELDS = ("name", "url", "entity_type", "is_ajax")
"""What a custom action is made of (zou/app/models/custom_action.py in Zou 1.0.97)."""

What = Literal["create", "update", "remove", "unchanged"]


@dataclass(frozen=True, slots=True)
class Button:
    """A button in Kitsu, and what publishing does to it.

    `changes`: field -> (there now, wanted). `drift`: how it was changed there by hand.
    """

    what: What
    name: str
    action: Action | None = field(default=None, repr=False)
    kitsu_id: str = ""
    changes: dict[str, tuple[object, object]] = field(default_factory=dict)
    drift: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything that publishing would do, and what stands in Kitsu besides."""

    steps: tuple[Button, ...]
    adoptable: tuple[tuple[Action, Record], ...]
    others: tuple[Record, ...]

    @property
    def todo(self) -> tuple[Button, ...]:
        """The steps that change something."""
        return tuple(step for step in self.steps if step.what != "unchanged")

    @property
    def digest(self) -> str:
        """Changes with anything that would be done: what was seen is what is done."""
        return sha256(repr(self.todo).encode()).hexdigest()[:16]


def base_url(front: str) -> str:
    """The bridge's address as Kitsu's buttons need it: the URL of the front page, with a slash."""
    return front.rstrip("/") + "/"


def button(action: Action, base: str) -> Record:
    """What an action's button is. Kitsu knows one entity type or all; the gate refuses the rest in words."""
    types = action.entity_types
    path = reverse("run", args=[action.slug]).removeprefix(reverse("front"))
    return {
        "name": action.name,
        "url": f"{base}{path}",
        "entity_type": types[0] if len(types) == 1 and types[0] != "concept" else "all",
        "is_ajax": action.background,
    }


def plan(kitsu: Kitsu, base: str) -> Publication:
    """Compare the registry with Kitsu. Raises `KitsuError`."""
    there = {row["id"]: row for row in kitsu.custom_actions()}
    actions = list(Action.objects.all())
    steps = [step for action in actions for step in _steps(action, there, base)]
    withdrawn = Withdrawn.objects.filter(kitsu_id__in=there)
    steps += [Button("remove", gone.name, None, gone.kitsu_id) for gone in withdrawn]
    ours = {action.kitsu_id for action in actions if action.kitsu_id} | {step.kitsu_id for step in steps}
    foreign = [row for key, row in there.items() if key not in ours]
    urls = {button(action, base)["url"]: action for action in actions if not action.kitsu_id and action.enabled}
    adoptable = tuple((urls[row["url"]], row) for row in foreign if row["url"] in urls)
    return Publication(tuple(steps), adoptable, tuple(row for row in foreign if row["url"] not in urls))


def _steps(action: Action, there: dict[str, Record], base: str) -> Iterator[Button]:
    row, wanted = there.get(action.kitsu_id), button(action, base)
    if not action.enabled:
        if row is not None:
            yield Button("remove", action.name, action, action.kitsu_id)
        return
    if row is None:
        drift = "It was removed in Kitsu." if action.kitsu_id else ""
        yield Button("create", action.name, action, "", {name: ("", wanted[name]) for name in FIELDS}, drift)
        return
    changes = {name: (row.get(name), wanted[name]) for name in FIELDS if row.get(name) != wanted[name]}
    yield Button(
        "update" if changes else "unchanged", action.name, action, action.kitsu_id, changes, _drift(action, row)
    )


def _drift(action: Action, row: Record) -> str:
    """What is there now and is not what was published from here."""
    changed = [name for name in FIELDS if name in action.published and action.published[name] != row.get(name)]
    return f"Changed in Kitsu: {', '.join(changed)}." if changed else ""


def carry_out(steps: tuple[Button, ...], kitsu: Kitsu, base: str, actor: Person | None) -> Iterator[tuple[Button, str]]:
    """Do one step after the other; each with the sentence of what went wrong, or none.

    Each id is kept as soon as Kitsu gave it, so that breaking off half-way leaves nothing behind that nobody knows.
    """
    Withdrawn.objects.exclude(kitsu_id__in=[row["id"] for row in kitsu.custom_actions()]).delete()
    for step in steps:
        try:
            _do(step, kitsu, base)
        except KitsuError as error:
            yield step, str(error)
            continue
        subject = step.action.subject if step.action else f"button:{step.kitsu_id}"
        data = {"step": step.what, "changes": {name: list(pair) for name, pair in step.changes.items()}}
        write_event(
            Happened.ACTION_PUBLISHED, subject=subject, actor=actor, text=f"{step.what}: {step.name}", data=data
        )
        yield step, ""


def _do(step: Button, kitsu: Kitsu, base: str) -> None:
    if step.what == "remove":
        kitsu.delete_custom_action(step.kitsu_id)
        Withdrawn.objects.filter(kitsu_id=step.kitsu_id).delete()
        _remember(step.action, "", {})
        return
    assert step.action is not None
    wanted = button(step.action, base)
    if step.what == "create":
        _remember(step.action, kitsu.create_custom_action(wanted)["id"], wanted)
        return
    try:
        kitsu.update_custom_action(step.kitsu_id, wanted)
    except NotInKitsu:
        step.action.kitsu_id = kitsu.create_custom_action(wanted)["id"]
    _remember(step.action, step.action.kitsu_id, wanted)


def adopt(action: Action, row: Record, actor: Person | None) -> None:
    """Take a button that already stands in Kitsu for this action's own."""
    _remember(action, row["id"], {name: row.get(name) for name in FIELDS})
    write_event(Happened.ACTION_PUBLISHED, subject=action.subject, actor=actor, text=f"adopt: {action.name}")


def _remember(action: Action | None, kitsu_id: str, published: Record) -> None:
    """Past the history: where a button stands is no part of an action's definition."""
    if action is not None:
        action.kitsu_id, action.published = kitsu_id, published
        Action.objects.filter(pk=action.pk).update(kitsu_id=kitsu_id, published=published)
