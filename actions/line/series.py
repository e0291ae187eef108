"""Runs a range of the log again: what would become of each before, each through the gate, and the rest stopped again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from actions.compared import differs
from actions.line.again import Wish, action_of, outlook, run_again
from actions.line.who import Who
from actions.models import Series, SeriesStep
from audit.models import Invocation, write_event
from audit.states import ENDED, OPEN, Happened
from kitsu_bridge.kitsu.people import Person

STILL_OPEN = "It has not ended yet."


@dataclass(slots=True)
class OfAction:
    """What would become of the invocations of one action."""

    name: str
    runs: int = 0
    asks: int = 0
    """Of those that run: how many will ask for an answer or a yes first."""
    tasks: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    """Reason in words, and how many."""
    differs: list[str] = field(default_factory=list)
    """Labels of what the action does differently today than at the oldest of them."""


def outlooks(range_: Iterable[Invocation], who: Who, wish: Wish) -> list[OfAction]:
    """For each action of a range what would become of it; nothing is written."""
    found: dict[str, OfAction] = {}
    for before in range_:
        action = action_of(before)
        name = action.name if action else before.action_name or before.action_slug or "Unknown action"
        of = found.setdefault(before.action_slug, OfAction(name))
        if action and not of.differs:
            of.differs = differs(before, action)
        reason, asks = _outlook(before, who, wish)
        if reason:
            of.refused[reason] = of.refused.get(reason, 0) + 1
        else:
            of.runs, of.asks, of.tasks = of.runs + 1, of.asks + asks, of.tasks + before.task_count
    return list(found.values())


def _outlook(before: Invocation, who: Who, wish: Wish) -> tuple[str, bool]:
    if before.state not in ENDED:
        return STILL_OPEN, False
    problem, asks = outlook(before, who, wish)
    return (f"{problem.detail} {problem.cure}" if problem else ""), asks


def begin(pk: UUID, range_: Sequence[Invocation], who: Who, wish: Wish, filters: str) -> Series:
    """Write the series down, oldest first; the same id again is the same series, which began before."""
    with transaction.atomic():
        series, new = Series.objects.get_or_create(
            pk=pk, defaults={"person_id": who.person.id, "how": wish.how, "what": wish.what, "filters": filters[:4000]}
        )
        if new:
            oldest_first = sorted(range_, key=lambda one: (one.received_at, one.pk))
            steps = [SeriesStep(series=series, position=n, before=one) for n, one in enumerate(oldest_first)]
            SeriesStep.objects.bulk_create(steps)
            text = f"{len(steps)} invocations are run again."
            data = {"filters": filters[:4000], "how": wish.how, "what": wish.what, "count": len(steps)}
            write_event(Happened.RERUN, subject=series.subject, actor=who.person, text=text, data=data)
    return series


def go_on(series: Series, who: Who, address: str) -> None:
    """Run again what was not yet; whatever broke off in the middle goes on from there, and nothing is run twice."""
    wish = Wish(series.how, series.what)
    for pk in series.steps.filter(after=None, said="").values_list("pk", flat=True):
        with transaction.atomic():
            step = SeriesStep.objects.select_for_update(of=("self",)).select_related("before", "series").get(pk=pk)
            if step.after_id or step.said or step.series.stopped_at:
                continue
            _run(step, who, wish, address)
            step.save(update_fields=["after", "said"])


def _run(step: SeriesStep, who: Who, wish: Wish, address: str) -> None:
    if step.before.state in OPEN:
        step.said = STILL_OPEN
        return
    entered = run_again(step.before, who, wish, address, clicked=False)
    step.after = entered.invocation


def stop(series: Series, actor: Person | None) -> int:
    """Stop all of it that has not ended: what was not begun is not, what waits ends, what runs is asked to. How many."""
    Series.objects.filter(pk=series.pk, stopped_at=None).update(stopped_at=timezone.now())
    said = f"Its series {series.reference} was stopped."
    still = Invocation.objects.filter(series_step__series=series, state__in=sorted(OPEN))
    stopped = sum(invocation.ask_to_cancel(actor, why=said) for invocation in still)
    write_event(Happened.CANCELLED, subject=series.subject, actor=actor, text=f"{stopped} were stopped.")
    return stopped
