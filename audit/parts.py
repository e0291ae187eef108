"""Parts of an invocation that its events bind by salted hash: what was sent, by whom, what for, and what came of it.

The invocation's row changes; the hash of each part, once known, does not. A part that is pruned or erased takes its salt along.
"""

from __future__ import annotations

from typing import Any

from audit.models import Invocation, TaskResult
from audit.seals.binding import bound, new_salt
from audit.seals.canonical import plain

PARTS: dict[str, tuple[str, ...]] = {
    "payload": ("payload", "payload_type", "payload_size"),
    "caller": ("address", "origin", "understood"),
    "asked": ("door", "action_slug", "action_name", "kind", "options", "definition", "version", "task_ids"),
    "parameters": ("parameters",),
    "outcome": ("message", "outcome", "reason", "reason_code", "traceback"),
    "results": (),
}
"""The fields of each part; results are rows of their own."""

AT_THE_DOOR = ("payload", "caller", "asked")
AT_THE_END = ("parameters", "outcome", "results")


def bind(invocation: Invocation, *parts: str) -> dict[str, str]:
    """Salt these parts of it as they are now; the hashes, for an event's data. The salts are written with the row."""
    invocation.salts = invocation.salts | {part: new_salt() for part in parts}
    return {part: hash_of(invocation, part) for part in parts}


def hash_of(invocation: Invocation, part: str) -> str:
    """The hash of a part as it is now, under the salt that it got when it was bound."""
    return bound(invocation.salts[part], content_of(invocation, part))


def content_of(invocation: Invocation, part: str) -> Any:
    """A part as it is hashed."""
    return _results(invocation) if part == "results" else _fields(invocation, part)


def _fields(invocation: Invocation, part: str) -> dict[str, Any]:
    return {name: plain(getattr(invocation, name)) for name in PARTS[part]}


def _results(invocation: Invocation) -> list[list[Any]]:
    """What became of each task, in the order of the tasks' ids: the one order that no later word changes."""
    rows = TaskResult.objects.filter(invocation=invocation).order_by("task_id")
    columns = ("task_id", "position", "name", "state", "message", "data")
    return [plain(row) for row in rows.values_list(*columns).iterator(chunk_size=500)]
