"""What becomes of an invocation while another one of its action runs: decided in the worker, before the handler begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from actions.contract import Cancelled
from actions.line import queue
from actions.worker.ending import Ending, EndsBefore
from actions.worker.places import (
    InTheWay,
    alone,
    covers,
    give_back,
    in_the_way,
    keys_of,
    send_next,
    stand_in_line,
    take,
)
from audit.ended import ended
from audit.models import Invocation
from audit.states import Happened, State
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.tasks import Resolution

Keys = Mapping[str, str]

SAME = ("kind", "options", "parameters")
"""What must be equal for one invocation to do what another does."""


def take_place(invocation: Invocation, resolution: Resolution, person: Person) -> None:
    """Take what the action's rule wants this invocation to have for itself, for as long as it runs.

    Raises `EndsBefore` where another one is in the way, and `Cancelled` for one that was told to make way meanwhile.
    """
    policy = invocation.definition.get("concurrency", "both")
    if policy not in POLICIES:
        return
    keys = keys_of(invocation.definition.get("concurrency_scope", "action"), resolution)
    with transaction.atomic():
        alone(invocation.action_slug)
        if Invocation.objects.filter(pk=invocation.pk, cancel_asked_at__isnull=False).exists():
            raise Cancelled
        found = in_the_way(invocation, list(keys))
        ending = POLICIES[policy](invocation, keys, found, person) if found.holding or found.waiting else None
        if ending is None:
            take(invocation, keys)
            invocation.event(Happened.PLACE_TAKEN, text=_what_is_taken(keys), places=len(keys)).save()
    if ending is not None:
        raise EndsBefore(ending)


def _what_is_taken(keys: Keys) -> str:
    names = [name for name in keys.values() if name]
    return (
        f"To itself: {', '.join(names[:5])}{' and more' if len(names) > 5 else ''}."
        if names
        else "The action to itself."
    )


def _refuse(invocation: Invocation, keys: Keys, found: InTheWay, person: Person) -> Ending | None:
    if not found.holding:
        return None
    first = _first(found)
    cure = "Run it again when that one has ended."
    text = f"{_sentence(first, keys)} {cure}"
    return Ending(State.REFUSED, {"reason": text, "reason_code": "runs_already", "behind": first}, text=text)


def _queue(invocation: Invocation, keys: Keys, found: InTheWay, person: Person) -> Ending | None:
    stand_in_line(invocation, keys)
    return _wait(invocation, _first(found), f"{_sentence(_first(found), keys)} This one waits for it.")


def _replace(invocation: Invocation, keys: Keys, found: InTheWay, person: Person) -> Ending | None:
    """Whoever waits makes way at once, whoever runs as soon as it has stopped."""
    for other in Invocation.objects.filter(pk__in=[*found.waiting, *found.holding]):
        other.ask_to_cancel(person, why=f"Replaced by {invocation.reference}.")
    if not found.holding:
        return None
    stand_in_line(invocation, keys)
    first = _first(found)
    return _wait(invocation, first, f"{_sentence(first, keys)} It was asked to stop; this one takes its place.")


def _join(invocation: Invocation, keys: Keys, found: InTheWay, person: Person) -> Ending | None:
    """Only one that does the same, and to all of it: else something would be left undone."""
    for pk in found.holding:
        other = Invocation.objects.get(pk=pk)
        same = all(getattr(other, name) == getattr(invocation, name) for name in SAME)
        if same and covers(pk, list(keys)) and set(invocation.task_ids) <= set(other.task_ids):
            text = f"{_sentence(other, keys)} It does the same, so this one joined it."
            return Ending(State.JOINED, {"reason": text, "behind": other}, Happened.JOINED, text)
    return _queue(invocation, keys, found, person)


POLICIES: dict[str, Callable[[Invocation, Keys, InTheWay, Person], Ending | None]] = {
    "refuse": _refuse,
    "queue": _queue,
    "replace": _replace,
    "join": _join,
}


def _first(found: InTheWay) -> Invocation:
    return Invocation.objects.get(pk=(*found.holding, *found.waiting)[0])


def _sentence(other: Invocation, keys: Keys) -> str:
    """Which one is in the way, and at what; the names are those of this invocation's own tasks."""
    shared = other.places.filter(key__in=list(keys)).values_list("key", flat=True)
    names = sorted({keys[key] for key in shared if keys[key]})
    where = f" on {names[0]}{f' and {len(names) - 1:,} more' if len(names) > 1 else ''}" if names else ""
    does = "runs" if other.state == State.RUNNING else "waits"
    return f"“{other.action_name}” {does} already{where}, as {other.reference}."


def _wait(invocation: Invocation, other: Invocation, text: str) -> Ending:
    """Back to the queue, as if no worker had taken it; sent when it is its turn, and looked at now and then besides."""
    fields: dict[str, Any] = {
        "reason": text,
        "behind": other,
        "claim": None,
        "attempts": invocation.attempts - 1,
        "started_at": None,
        "next_at": timezone.now() + queue.later(invocation.sends, queue.SEND_AGAIN, queue.LONGEST_SEND_AGAIN),
    }
    return Ending(State.QUEUED, fields, Happened.BEHIND, text)


@receiver(ended)
def let_the_next_go(pk: UUID, **_kwargs: Any) -> None:
    """However it ended, its places are free."""
    if slug := give_back(pk):
        send_next(slug)
