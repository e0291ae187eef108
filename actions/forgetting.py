"""What the actions know of a person, when that person's data is erased: tickets, presets, consents, tokens of programs."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from actions.models import (
    Approval,
    Decision,
    KeptAnswer,
    KindSwitch,
    Occasion,
    Pause,
    Preset,
    Rule,
    Schedule,
    Series,
    Ticket,
    Token,
)
from audit.retention.whose import ERASED_ID, ERASED_NAME, Whose, erasing
from kitsu_bridge.kitsu.hold import release

GONE = {"person_id": ERASED_ID, "person_name": ERASED_NAME}
NO_ADDRESS: dict[str, Any] = {
    "given_to": "",
    "taken_from": "",
    "host": "",
    "content": {},
    "log": "",
    "link_hash": None,
    "report_hash": None,
}


@receiver(erasing)
def forget(whose: Whose, **_: Any) -> None:
    """By id where there is one; where only a name was kept, by the name."""
    if whose.id:
        Preset.objects.filter(person_id=whose.id).delete()
        tickets = Ticket.objects.filter(person_id=whose.id)
        for pk in tickets.values_list("invocation_id", flat=True):
            release(str(pk))
        tickets.update(person_id=ERASED_ID, **NO_ADDRESS)
        Token.objects.filter(person_id=whose.id).delete()
        Decision.objects.filter(person_id=whose.id).update(**GONE)
        Approval.objects.filter(handed_to=whose.id).update(handed_to=ERASED_ID, handed_name=ERASED_NAME)
        Schedule.objects.filter(person_id=whose.id).update(person_id=ERASED_ID, enabled=False)
        Series.objects.filter(person_id=whose.id).update(person_id=ERASED_ID)
        Occasion.objects.filter(person_id=whose.id).update(person_id=ERASED_ID)
        KeptAnswer.objects.filter(owner=f"person:{whose.id}").delete()
        _out_of_rules(whose.id)
    for model, field in NAMED.items():
        model._default_manager.filter(**{f"{field}__in": whose.names}).update(**{field: ERASED_NAME})


def _out_of_rules(person_id: str) -> None:
    """A rule that ran as this person, or only for what they did, has no meaning without them: it is switched off."""
    Rule.objects.filter(person_id=person_id).update(person_id=ERASED_ID, enabled=False)
    for rule in Rule.objects.all():
        if person_id in rule.persons:
            kept = [one for one in rule.persons if one != person_id]
            Rule.objects.filter(pk=rule.pk).update(persons=kept, enabled=rule.enabled and bool(kept))


NAMED: dict[Any, str] = {Preset: "made_by", Token: "made_by", KindSwitch: "switched_by", Pause: "paused_by"}
"""Where a name stands without an id."""
