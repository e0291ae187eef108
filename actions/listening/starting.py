"""One event and one rule that it fits: what comes of it is decided and written down in one transaction.

The occasion, the invocation and both of their words are committed together: a listener that is killed leaves all of it or
nothing, and of what it left nothing the next one reads the event again. So each event starts a rule's action exactly once; the
broker hears of it afterwards, and where it does not, the sweeper sends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import DatabaseError, IntegrityError, transaction

from actions.line.programs import Ask, ask
from actions.line.who import Who, refresh_roles
from actions.listening.facts import Facts
from actions.listening.loops import caused_by_us
from actions.models import Action, Occasion, Rule
from audit.models import Invocation
from audit.states import Door, Happened, Trust
from kitsu_bridge.kitsu.errors import KitsuUnavailable
from kitsu_bridge.kitsu.events import EVENTS, KitsuEvent
from kitsu_bridge.kitsu.people import Person

log = structlog.get_logger(__name__)

Outcome = Occasion.Outcome


@dataclass(frozen=True, slots=True)
class Said:
    """What comes of an event, and why; the invocation where there is one."""

    outcome: Occasion.Outcome
    reason: str = ""
    invocation: Invocation | None = None


def start(event: KitsuEvent, rule: Rule, facts: Facts) -> Occasion | None:
    """Decide, start and write down; None where another listener has done so. Raises `KitsuUnavailable`: then nothing was."""
    try:
        with transaction.atomic():
            return _started(event, rule, facts)
    except (DatabaseError, KitsuUnavailable):
        raise
    except Exception as error:
        log.exception("A rule could not be followed", rule=rule.name, kitsu_event=event.id)
        with transaction.atomic():
            return _write(
                _claim(event, rule, facts), Said(Outcome.BROKEN, f"{type(error).__name__}; the log has more.")
            )


def _started(event: KitsuEvent, rule: Rule, facts: Facts) -> Occasion | None:
    try:
        with transaction.atomic():
            occasion = _claim(event, rule, facts)
    except IntegrityError:
        return None
    return _write(occasion, _decided(event, rule, facts))


def _claim(event: KitsuEvent, rule: Rule, facts: Facts) -> Occasion:
    """The row that only one can write; it says what is known before anything is decided."""
    return Occasion.objects.create(
        rule=rule,
        rule_name=rule.name,
        event_id=event.id,
        event=event.name,
        happened_at=event.at,
        task_id=facts.task_of(event),
        person_id=event.person_id,
        outcome=Outcome.BROKEN,
    )


def _write(occasion: Occasion, said: Said) -> Occasion:
    occasion.outcome, occasion.reason, occasion.invocation = said.outcome, said.reason, said.invocation
    occasion.save(update_fields=["outcome", "reason", "invocation"])
    return occasion


def _decided(event: KitsuEvent, rule: Rule, facts: Facts) -> Said:
    task_id = facts.task_of(event)
    if task_id not in facts.tasks:
        return Said(Outcome.BROKEN, "The task is not there any more, or not for the bridge's bot.")
    if loop := caused_by_us(event, rule, facts):
        return Said(Outcome.LOOP, loop)
    if _beyond_limit(event, rule):
        return Said(Outcome.LIMITED, f"More than {rule.per_minute} events fitted this rule within a minute.")
    person = _person(event, rule, facts)
    if isinstance(person, str):
        return Said(Outcome.NOBODY, person)
    if rule.dry_run:
        return _would_start(rule, person)
    return _asked(event, rule, refresh_roles(person, {facts.tasks[task_id]["project_id"]}), task_id)


def _beyond_limit(event: KitsuEvent, rule: Rule) -> bool:
    """By the time when it happened, not when it is read: an absence costs nothing."""
    counted = (Outcome.STARTED, Outcome.DRY_RUN, Outcome.REFUSED)
    minute = {"happened_at__gt": event.at - timedelta(minutes=1), "happened_at__lte": event.at}
    rows = Occasion.objects.filter(rule=rule, outcome__in=counted, **minute)
    return rows.count() >= rule.per_minute


def _person(event: KitsuEvent, rule: Rule, facts: Facts) -> Person | str:
    """Who it runs as, or why nobody can be. Kitsu names whose session caused the event: nothing of it is a claim."""
    if rule.runs_as == Rule.RunsAs.BOT:
        return facts.bot
    wanted = event.person_id if rule.runs_as == Rule.RunsAs.CAUSE else rule.person_id
    person = facts.people.get(wanted)
    if not wanted:
        return "Kitsu does not say who caused it."
    if person is None or not person.active:
        return "The account is not in Kitsu any more, or is inactive."
    return person


def _would_start(rule: Rule, person: Person) -> Said:
    action = Action.objects.filter(slug=rule.action_slug).first()
    if action is None or not action.enabled:
        why = "is switched off" if action else "is not there any more"
        return Said(Outcome.DRY_RUN, f"Would have been refused: the action “{rule.action_slug}” {why}.")
    return Said(Outcome.DRY_RUN, f"“{action.name}” as {person.name}.")


def _asked(event: KitsuEvent, rule: Rule, person: Person, task_id: str) -> Said:
    """Through the same line as a click. Who wrote the rule has said yes to it, and a storm has the rule's own limit."""
    wish = Ask(rule.action_slug, [task_id], rule.parameters, confirmed=True, alone=True)
    entered = ask(wish, Who(person, Trust.PROVEN), Door.EVENT, counted=False)
    text = f"The rule “{rule.name}”, on Kitsu's event “{EVENTS[event.name]}” of {event.at:%Y-%m-%d %H:%M:%S} UTC."
    about: dict[str, Any] = {"rule": rule.pk, "kitsu_event": event.id, "name": event.name, "caused_by": event.person_id}
    entered.invocation.event(Happened.RULE_STARTED, text=text, **about).save()
    if entered.problem is not None:
        return Said(Outcome.REFUSED, entered.problem.sentence, entered.invocation)
    return Said(Outcome.STARTED, "", entered.invocation)
