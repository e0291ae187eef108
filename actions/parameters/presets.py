"""Presets of an action: which somebody is offered, and who may keep or remove one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from actions.models import Preset
from audit.access import led_by
from audit.models import write_event
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person

MOST = 50
"""Presets that one person keeps of one action."""


def offered_to(person: Person, slug: str) -> QuerySet[Preset]:
    """One's own and those for all."""
    return Preset.objects.filter(Q(person_id=person.id) | Q(person_id=""), action_slug=slug)


def may_keep_for_all(person: Person) -> bool:
    """Whoever leads something, or keeps the registry."""
    return person.is_studio_manager or person.role in {"manager", "supervisor"} or bool(led_by(person))


def keep_preset(person: Person, slug: str, name: str, values: dict[str, Any], *, for_all: bool) -> Preset | None:
    """Keep the values under a name, over an older preset of that name; None when there are too many."""
    owner = "" if for_all and may_keep_for_all(person) else person.id
    own = Preset.objects.filter(action_slug=slug, person_id=owner)
    if own.count() >= MOST and not own.filter(name=name).exists():
        return None
    fields = {"values": values, "made_by": person.name[:200]}
    with transaction.atomic():
        before = dict(own.filter(name=name[:80]).values_list("name", "values"))
        preset, _ = Preset.objects.update_or_create(action_slug=slug, person_id=owner, name=name[:80], defaults=fields)
        _tell(Happened.PRESET_KEPT, person, preset, {"before": before.get(preset.name, {}), "after": values})
    return preset


def remove_preset(person: Person, preset: Preset) -> bool:
    """One's own, or one for all by who may keep such."""
    if preset.person_id != person.id and not (preset.for_all and may_keep_for_all(person)):
        return False
    with transaction.atomic():
        _tell(Happened.PRESET_REMOVED, person, preset, {"before": preset.values, "after": {}})
        preset.delete()
    return True


def _tell(what: Happened, person: Person, preset: Preset, data: dict[str, Any]) -> None:
    whose = "for all" if preset.for_all else "for themselves"
    text = f"“{preset.name}” of {preset.action_slug}, {whose}."
    write_event(what, subject=f"preset:{preset.pk}", actor=person, text=text, data=data)
