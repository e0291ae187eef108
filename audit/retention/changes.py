"""The one place that writes retention rules: every change of one is an event."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from audit.models import RetentionRule, write_event
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person


def save_rule(rule: RetentionRule, actor: Person | None) -> None:
    """Make or change a rule."""
    with transaction.atomic():
        before = RetentionRule.objects.filter(pk=rule.pk).first()
        rule.save()
        _tell(rule, actor, before=_fields(before), after=_fields(rule))


def delete_rule(rule: RetentionRule, actor: Person | None) -> None:
    """Take a rule back: what it named is kept for good."""
    with transaction.atomic():
        _tell(rule, actor, before=_fields(rule), after={})
        rule.delete()


def _fields(rule: RetentionRule | None) -> dict[str, Any]:
    return {"part": rule.part, "state": rule.state, "days": rule.days} if rule else {}


def _tell(rule: RetentionRule, actor: Person | None, **data: Any) -> None:
    write_event(Happened.RETENTION_CHANGED, subject="retention", actor=actor, text=str(rule), data=data)
