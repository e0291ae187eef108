"""Keeps what the bridge did from starting it again.

What a rule has started runs without anybody's token, so that its writes are the bot's, in Kitsu's own words: what the bot did
starts nothing. What a person's click has started may write with their own token: it may start another action by a rule, but
never the same one again on the task that it had. That other one's writes are the bot's, so that there is no third. Should a
circle lead through a program that is not the bridge, the limit for one task ends it.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from actions.listening.facts import Facts
from actions.models import Occasion, Rule
from audit.models import Invocation
from audit.states import Door
from kitsu_bridge.kitsu.events import KitsuEvent

CLOCKS = timedelta(seconds=5)
"""Allowed between Kitsu's clock and ours, before and after a run."""

ROUND = timedelta(minutes=10)
MOST_IN_A_ROUND = 5
"""Times that one rule starts something on one task within that time."""


def caused_by_us(event: KitsuEvent, rule: Rule, facts: Facts) -> str:
    """Why this event may be the bridge's own doing, in a sentence; empty when it is not."""
    if event.person_id == facts.bot.id:
        return f"{facts.bot.name} did it: that is the bridge's own account in Kitsu."
    task_id = facts.task_of(event)
    run = _run_on(event, rule, task_id)
    if run is not None:
        name = f"“{run.action_name}” (reference {run.reference})"
        return f"{name} ran on this task for them at that moment: it starts itself no second time."
    return _too_often(event, rule, task_id)


def _run_on(event: KitsuEvent, rule: Rule, task_id: str) -> Invocation | None:
    """A run of the rule's own action, by this person and with this task, when it happened; rules' own have no token."""
    runs = Invocation.objects.exclude(door=Door.EVENT).filter(
        Q(finished_at__isnull=True) | Q(finished_at__gte=event.at - CLOCKS),
        action_slug=rule.action_slug,
        person_id=event.person_id,
        started_at__lte=event.at + CLOCKS + timedelta(seconds=1),
    )
    return next((run for run in runs.order_by("-started_at")[:200] if task_id in run.task_ids), None)


def _too_often(event: KitsuEvent, rule: Rule, task_id: str) -> str:
    since = event.at - ROUND
    counted = (Occasion.Outcome.STARTED, Occasion.Outcome.DRY_RUN)
    rows = Occasion.objects.filter(rule=rule, task_id=task_id, outcome__in=counted)
    if rows.filter(happened_at__gt=since, happened_at__lte=event.at).count() < MOST_IN_A_ROUND:
        return ""
    minutes = int(ROUND.total_seconds() // 60)
    return f"This rule fitted this task {MOST_IN_A_ROUND} times within {minutes} minutes: that looks like a circle."
