"""Every change of an action is an event: who, when, the old and the new value. The one place that writes actions."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from actions.models import Action, Withdrawn
from audit.models import Event, write_event
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person


def save_action(action: Action, actor: Person | None) -> bool:
    """Create or change an action and record it; False when nothing of its definition changed."""
    with transaction.atomic():
        before = Action.objects.select_for_update().filter(pk=action.pk).first()
        changes = _changes(before, action)
        if before is not None and not changes["after"]:
            return False
        if before is not None:
            action.version = before.version + 1
        action.save()
        what = Happened.ACTION_CREATED if before is None else Happened.ACTION_CHANGED
        write_event(what, subject=action.subject, actor=actor, text=action.name, data=changes)
    return True


def delete_action(action: Action, actor: Person | None) -> None:
    """Delete an action; its invocations and its events stay."""
    with transaction.atomic():
        data = {"before": action.definition(), "after": {}, "kitsu_id": action.kitsu_id}
        if action.kitsu_id:
            Withdrawn.objects.get_or_create(kitsu_id=action.kitsu_id, defaults={"name": action.name})
        write_event(Happened.ACTION_DELETED, subject=action.subject, actor=actor, text=action.name, data=data)
        action.delete()


def history_of(action: Action) -> list[Event]:
    """The events of an action, newest first."""
    return list(Event.objects.filter(subject=action.subject).order_by("-id"))


def _changes(before: Action | None, after: Action) -> dict[str, dict[str, Any]]:
    new = after.definition()
    if before is None:
        return {"before": {}, "after": new}
    old = before.definition()
    changed = [name for name in new if new[name] != old[name]]
    return {"before": {name: old[name] for name in changed}, "after": {name: new[name] for name in changed}}
