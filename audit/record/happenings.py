"""The events of an invocation in their order: what changed with each, and how long after the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from audit.export import flat
from audit.models import Event, Invocation
from audit.states import Happened, State

AT_ONCE = 200
LONGEST = 2000
"""Characters of one value that the page shows."""

LEADS_TO: dict[str, State] = {
    Happened.WAITING: State.WAITING,
    Happened.PLANNED: State.WAITING,
    Happened.BACK: State.WAITING,
    Happened.QUEUED: State.QUEUED,
    Happened.BEHIND: State.QUEUED,
    Happened.CLAIMED: State.RUNNING,
    Happened.REFUSED: State.REFUSED,
    Happened.CANCELLED: State.CANCELLED,
    Happened.EXPIRED: State.EXPIRED,
    Happened.JOINED: State.JOINED,
}
"""The state that an event leads to, where its own data does not say so."""

TOLD_ELSEWHERE = frozenset({"state", "before", "after", "answers", "invocation"})
"""Parts of an event's data that the page shows in another place than among its facts."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an event changed; `old` is empty for what was not there."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Happening:
    """An event, the time since the one before it, what it changed, and what else it says."""

    event: Event
    since: timedelta | None
    changes: tuple[Change, ...]
    facts: tuple[tuple[str, str], ...]


def happenings(invocation: Invocation, after: int = 0) -> tuple[list[Happening], int]:
    """The events of one page, and the number of the last where more follow, else 0."""
    found = list(invocation.events.filter(pk__gt=after).order_by("pk")[: AT_ONCE + 1])
    shown = found[:AT_ONCE]
    return list(_told(shown, _before(invocation, after))), shown[-1].pk if len(found) > AT_ONCE else 0


@dataclass(slots=True)
class _Before:
    """How it stood when the first event of the page happened."""

    event: Event | None = None
    state: str = ""
    answers: dict[str, Any] | None = None


def _before(invocation: Invocation, after: int) -> _Before:
    if not after:
        return _Before()
    earlier = invocation.events.filter(pk__lte=after).order_by("-pk")
    moved = next(
        (state for event in earlier.filter(what__in=[*LEADS_TO, Happened.FINISHED]) if (state := state_after(event))),
        "",
    )
    given = earlier.filter(what=Happened.GIVEN).first()
    return _Before(earlier.first(), moved, _answers(given) if given else None)


def _told(events: Iterable[Event], before: _Before) -> Iterator[Happening]:
    for event in events:
        changes = [*_moved(event, before.state), *_given(event, before.answers), *_edited(event)]
        since = event.at - before.event.at if before.event else None
        yield Happening(event, since, tuple(changes), tuple(_facts(event)))
        before.event, before.state = event, state_after(event) or before.state
        if event.what == Happened.GIVEN:
            before.answers = _answers(event)


def state_after(event: Event) -> str:
    """The state that an invocation was in after an event; empty where it changed nothing of that."""
    if event.what == Happened.REFUSED and event.data.get("code") == "contradiction":
        return ""  # Somebody else tried to answer for it; it waits on for its own person.
    said = str(event.data.get("state", "")) if event.what == Happened.FINISHED else ""
    return said if said in State.values else LEADS_TO.get(event.what, "")


def _moved(event: Event, before: str) -> Iterator[Change]:
    now = state_after(event)
    if now and now != before:
        yield Change("State", State(before).label if before else "", State(now).label)


def _given(event: Event, before: dict[str, Any] | None) -> Iterator[Change]:
    """Answers that were not the same before."""
    if event.what != Happened.GIVEN:
        return
    old = before or {}
    for name, value in _answers(event).items():
        if before is None or old.get(name) != value:
            yield Change(name, _text(old.get(name, "")), _text(value))


def _edited(event: Event) -> Iterator[Change]:
    """Where an event says itself what was and what is."""
    old, new = event.data.get("before"), event.data.get("after")
    if isinstance(old, dict) and isinstance(new, dict):
        for name in {**old, **new}:
            yield Change(str(name), _text(old.get(name, "")), _text(new.get(name, "")))


def _facts(event: Event) -> Iterator[tuple[str, str]]:
    for name, value in flat(event.data).items():
        if name and name.partition(".")[0] not in TOLD_ELSEWHERE and value not in ("", None):
            yield name, _text(value)


def _answers(event: Event) -> dict[str, Any]:
    answers = event.data.get("answers")
    return answers if isinstance(answers, dict) else {}


def _text(value: Any) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text):,} characters)"
