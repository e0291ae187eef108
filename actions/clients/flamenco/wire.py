"""One request to a Manager: what each of its answers means, and patience where it asks for some."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from actions.farms.asking import Asking, Reply
from actions.farms.contract import FarmAway, FarmRefuses, FarmUnsure

API = "/api/v3"

TRIES = 4
LONGEST_PAUSE = 5.0
"""Seconds before one further try. A Manager that asks for more is busy for longer than anybody waits here."""

NOT_STORED = "error persisting job in database"
"""The one trouble (500) after which there is surely no job (internal/manager/api_impl/jobs.go in 3.9-alpha)."""


class Outdated(FarmRefuses):
    """The job type was changed since it was read (412)."""


class NotThere(FarmRefuses):
    """The Manager knows no such job, job type or call (404, 405)."""


class Wire:
    """The way to one Manager."""

    def __init__(self, place: str, headers: Mapping[str, str]) -> None:
        self._place = place
        self._asking = Asking("Flamenco", place, lambda: headers)

    def object(self, path: str) -> dict[str, Any]:
        """The JSON object at a path of the API. Raises `FarmRefuses` for an answer that is none."""
        return self.understood(self.reply("GET", API + path))

    def rows(self, path: str) -> list[dict[str, Any]]:
        """The JSON list of objects at a path of the API; empty for an answer that is none."""
        try:
            found = json.loads(self.reply("GET", API + path).body)
        except (ValueError, RecursionError):
            return []
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def understood(self, reply: Reply) -> dict[str, Any]:
        """A reply as a JSON object."""
        try:
            found = json.loads(reply.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise FarmRefuses(f"What answers at {self._place} is no Flamenco Manager: “{_line(reply.beginning, 80)}”.")
        return found

    def reply(self, method: str, path: str, content: Any = None, *, changes: bool = False) -> Reply:
        """The reply, if it is a good one. `changes`: without an answer it may have been done, which is `FarmUnsure`.

        A Manager whose database is busy (503) has done nothing yet, so that all may be asked again.
        """
        for tried in range(TRIES):
            reply = self._asking.exchange(method, path, content, sends=changes)
            pause = _pause(reply, tried)
            if reply.status != 503 or tried + 1 == TRIES or pause > LONGEST_PAUSE:
                break
            time.sleep(pause)
        if not 200 <= reply.status < 300:
            raise self._trouble(reply, changes=changes)
        return reply

    def _trouble(self, reply: Reply, *, changes: bool) -> Exception:
        """The error of a reply: see farm errors in the contract."""
        status, said = reply.status, _message(reply)
        if status == 503:
            return FarmAway(f"Flamenco at {self._place} is too busy: {said}")
        if status >= 500 and NOT_STORED not in said:
            return (FarmUnsure if changes else FarmAway)(f"Flamenco has trouble ({status}): {said}")
        if status in {401, 403}:
            return FarmRefuses(f"What stands before Flamenco does not let the bridge in ({status}): {said}")
        if status < 400:
            return FarmRefuses(f"{self._place} leads to another address ({status}). Give the action the right one.")
        return REFUSALS.get(status, FarmRefuses)(f"Flamenco says no ({status}): {said}")


REFUSALS: Mapping[int, type[FarmRefuses]] = {404: NotThere, 405: NotThere, 412: Outdated}


def _message(reply: Reply) -> str:
    """Its own words: `{"code", "message"}` of the Manager, `{"message"}` of what checks requests before it."""
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        found = None
    message = found.get("message") if isinstance(found, dict) else None
    return _line(message if isinstance(message, str) else reply.beginning, 500)


def _line(text: str, most: int) -> str:
    return " ".join(text.split())[:most] or "nothing more"


def _pause(reply: Reply, tried: int) -> float:
    """Seconds that `Retry-After` asks for, else a little more each time."""
    asked = reply.headers.get("retry-after", "").strip()
    return float(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 0.25 * 2**tried
