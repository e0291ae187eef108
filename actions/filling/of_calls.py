"""The variables of a call: who runs which action on how many tasks, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions.contract import Call


@dataclass(frozen=True, slots=True)
class OfCall:
    """One variable of a call: a sentence for people, and how it is read. `missing`: why it may have no value."""

    sentence: str
    read: Callable[[Call], Any]
    missing: str = ""


def _ids(call: Call) -> tuple[str, ...]:
    """The tasks that are there; before any was read, as in a form, those that were selected."""
    read = call.tasks or call.missing
    return tuple(task.id for task in call.tasks) if read else call.selection.task_ids


def _now(call: Call) -> datetime:
    """The moment when this call first asked, so that a thousand tasks get the same one, in the person's time zone.

    A further attempt has that of the first one: what it writes must bear the name of what that one wrote.
    """
    now: datetime = call.once("now", lambda: call.begun or call.tried_since or datetime.now(UTC))
    return now.astimezone(_zone(call))


def _zone(call: Call) -> ZoneInfo:
    try:
        return ZoneInfo(call.person.timezone if call.person else "UTC")
    except (ValueError, OSError, LookupError):  # Kitsu takes any text.
        return ZoneInfo("UTC")


NOBODY = "no person made this call"
NOT_SAID = "the bridge's own address is not set (BRIDGE_URL)"
SAMPLE = "the sample studio has no pages"

OF_CALLS: dict[str, OfCall] = {
    "selection": OfCall("Ids of the selected tasks, a list.", _ids),
    "count": OfCall("How many tasks are selected.", lambda call: len(_ids(call))),
    "person_name": OfCall("Who runs it.", lambda call: call.person and call.person.name, NOBODY),
    "person_email": OfCall("Their e-mail.", lambda call: call.person and call.person.email, NOBODY),
    "person_id": OfCall("Their id in Kitsu.", lambda call: call.person and call.person.id, NOBODY),
    "date": OfCall("Today, in their time zone: `2026-11-21`.", lambda call: f"{_now(call):%Y-%m-%d}"),
    "time": OfCall("The time, in their time zone: `09:05`.", lambda call: f"{_now(call):%H:%M}"),
    "datetime": OfCall("Both: `2026-11-21 09:05`.", lambda call: f"{_now(call):%Y-%m-%d %H:%M}"),
    "action_name": OfCall("Name of the action.", lambda call: call.about.action_name, "the action has no name"),
    "invocation_id": OfCall("Id of this call in the bridge.", lambda call: call.about.id or call.invocation_id),
    "invocation_url": OfCall("Address of the page of this call.", lambda call: call.about.url, NOT_SAID),
    "invocation_state": OfCall(
        "How it ended, in a text that tells of its end: `succeeded`, `partial`, `failed`...",
        lambda call: call.about.state,
        "it has not ended",
    ),
    "invocation_message": OfCall(
        "What it said at its end, in a text that tells of its end.", lambda call: call.about.message, "it has not ended"
    ),
    "kitsu_url": OfCall("Where people open Kitsu.", lambda call: call.kitsu_url, SAMPLE),
}
