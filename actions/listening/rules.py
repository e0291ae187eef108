"""What a rule may say, and every change of one as an event of the record. The one place that writes rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from actions.models import CONDITIONS, Action, Rule
from actions.parameters.beforehand import stored_action, wrong_parameters
from audit.models import Event, write_event
from audit.states import Happened
from kitsu_bridge.kitsu.events import EVENTS, KNOW_FROM, KNOW_TO
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import is_id


def wrong(rule: Rule, find: Callable[[str], Action | None] = stored_action) -> dict[str, str]:
    """Sentences about what contradicts itself, by field. `find`: an action by its slug."""
    found: dict[str, str] = {}
    if rule.statuses_from and rule.event not in KNOW_FROM:
        found["statuses_from"] = f"“{EVENTS.get(rule.event, rule.event)}” does not say which status it was before."
    if rule.statuses_to and rule.event not in KNOW_TO:
        found["statuses_to"] = f"“{EVENTS.get(rule.event, rule.event)}” does not say which status it is then."
    if rule.runs_as == Rule.RunsAs.PERSON and not is_id(rule.person_id):
        found["person_id"] = "Choose the person."
    action = find(rule.action_slug)
    if action is None:
        found["action_slug"] = "There is no such action."
    elif text := wrong_parameters(action, rule.parameters):
        found["parameters"] = text
    return found


def save_rule(rule: Rule, actor: Person | None) -> bool:
    """Create or change a rule and record it; False when nothing changed. After a change of what it fits, it counts from now."""
    with transaction.atomic():
        before = Rule.objects.select_for_update().filter(pk=rule.pk).first()
        changes = _changes(before, rule)
        if before is not None and not changes["after"]:
            return False
        if set(changes["after"]) & set(CONDITIONS):
            rule.since = timezone.now()
        rule.save()
        what = Happened.RULE_CREATED if before is None else Happened.RULE_CHANGED
        write_event(what, subject=rule.subject, actor=actor, text=rule.name, data=changes)
    return True


def delete_rule(rule: Rule, actor: Person | None) -> None:
    """Delete a rule; what it did stays."""
    with transaction.atomic():
        data = {"before": rule.definition(), "after": {}}
        write_event(Happened.RULE_DELETED, subject=rule.subject, actor=actor, text=rule.name, data=data)
        rule.delete()


def history_of(rule: Rule) -> list[Event]:
    """The events of a rule, newest first."""
    return list(Event.objects.filter(subject=rule.subject).order_by("-id"))


def _changes(before: Rule | None, after: Rule) -> dict[str, dict[str, Any]]:
    new = after.definition()
    old = before.definition() if before else {}
    changed = [name for name in new if before is None or new[name] != old[name]]
    return {"before": {name: old[name] for name in changed if name in old}, "after": {n: new[n] for n in changed}}
