"""Carries schedules out: a step of the sweeper. Each time comes once, however many sweepers run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

import structlog
from django.db import transaction
from django.utils import timezone

from actions.line.named import who_is
from actions.line.problems import Refusal
from actions.line.programs import Ask, ask, refuse_unheard
from actions.line.who import Who
from actions.models import Schedule
from actions.schedules.query import tasks_of
from actions.schedules.times import next_after, times_after
from audit.models import write_event
from audit.states import Door, Happened
from kitsu_bridge.kitsu.errors import KitsuError

log = structlog.get_logger(__name__)

GRACE = timedelta(minutes=2)
"""How late a time may be carried out and still count as itself."""

MOST_COUNTED = 10_000
AT_ONCE = 20


def set_times(schedule: Schedule) -> None:
    """From now on; None where it is switched off."""
    schedule.next_at = next_after(schedule.times, timezone.now()) if schedule.enabled else None


def run_due() -> int:
    """Those whose time has come; how many were carried out. While Kitsu does not answer they wait, and are late then."""
    due = Schedule.objects.filter(enabled=True, next_at__lte=timezone.now()).select_related("times")
    return sum(_carried_out(schedule) for schedule in due.order_by("next_at")[:AT_ONCE])


def _carried_out(schedule: Schedule) -> bool:
    """One that is broken keeps no other from its time."""
    try:
        return _carry_out(schedule)
    except ValueError as error:  # Its times were changed to what never comes.
        Schedule.objects.filter(pk=schedule.pk).update(next_at=None)
        return _say(schedule, f"Its times cannot be read: {error}")


def _carry_out(schedule: Schedule) -> bool:
    now, planned = timezone.now(), schedule.next_at
    assert planned is not None
    passed = _passed(schedule, planned, now)
    late = now - passed[-1] > GRACE
    missed = passed if late else passed[:-1]
    if late and schedule.missed == Schedule.Missed.SKIP:
        with transaction.atomic():
            return _taken(schedule, now) and _say(schedule, f"{_count(missed)}; not run.")
    try:
        return _asked(schedule, passed[-1], now, missed)
    except KitsuError as error:
        log.warning("Kitsu does not answer; a schedule waits", schedule=schedule.name, error=type(error).__name__)
        return False


def _passed(schedule: Schedule, planned: datetime, now: datetime) -> list[datetime]:
    """The times that have come and that nobody carried out, the oldest first; one, where nothing was down."""
    later = takewhile(lambda at: at <= now, times_after(schedule.times, planned))
    return [planned, *(at for at, _ in zip(later, range(MOST_COUNTED - 1), strict=False))]


def _taken(schedule: Schedule, now: datetime) -> bool:
    """Of several sweepers, one; the next time is set with it."""
    mine = Schedule.objects.filter(pk=schedule.pk, next_at=schedule.next_at, enabled=True)
    return bool(mine.update(next_at=next_after(schedule.times, now), last_at=now))


def _asked(schedule: Schedule, at: datetime, now: datetime, missed: Sequence[datetime]) -> bool:
    """Found before it is taken: when Kitsu does not answer, the time is not lost. Taken and written down in one: nor is it
    when the sweeper dies.
    """
    try:
        who = who_is(schedule.person_id)
    except Refusal as refusal:
        with transaction.atomic():
            return _taken(schedule, now) and _unheard(schedule, refusal)
    found = tasks_of(schedule, who.person)
    who = who_is(schedule.person_id, found) if found else who
    with transaction.atomic():
        return _taken(schedule, now) and _run(schedule, who, found, at, f"{_count(missed)}. " if missed else "")


def _run(schedule: Schedule, who: Who, found: Sequence[str], at: datetime, before: str) -> bool:
    if not found:
        return _say(schedule, f"{before}No task fitted; nothing was run.")
    wish = Ask(schedule.action_slug, found, schedule.parameters, confirmed=True, alone=True)
    entered = ask(wish, who, Door.SCHEDULE, counted=False)
    text = f"{before}By the schedule “{schedule.name}”, for {at:%Y-%m-%d %H:%M} UTC."
    entered.invocation.event(Happened.SCHEDULED, text=text, schedule=schedule.pk).save()
    said = entered.problem.sentence if entered.problem else f"{len(found):,} task{'' if len(found) == 1 else 's'}."
    return _say(schedule, f"{before}{said}", invocation=str(entered.invocation.pk))


def _unheard(schedule: Schedule, refusal: Refusal) -> bool:
    wish = Ask(schedule.action_slug, (), schedule.parameters)
    invocation = refuse_unheard(wish, refusal.problem, Door.SCHEDULE)
    return _say(schedule, refusal.problem.sentence, invocation=str(invocation.pk))


def _count(missed: Sequence[datetime]) -> str:
    """Such as `5 times missed since 2026-03-01 09:00 UTC`."""
    more = "at least " if len(missed) >= MOST_COUNTED - 1 else ""
    return f"{more}{len(missed):,} time{'' if len(missed) == 1 else 's'} missed since {missed[0]:%Y-%m-%d %H:%M} UTC"


def _say(schedule: Schedule, text: str, **data: str) -> bool:
    """In the record, and beside the schedule."""
    write_event(Happened.SCHEDULED, subject=schedule.subject, text=text, data=data)
    Schedule.objects.filter(pk=schedule.pk).update(last_said=text[:400])
    return True
