"""An afserver as the bridge knows farms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from actions.clients.afanasy.checking import check
from actions.clients.afanasy.logs import task_to_read
from actions.clients.afanasy.pictures import thumbnail_path
from actions.clients.afanasy.standing import CANCELLED, OFFLINE, rows_of, seen, waits, whole
from actions.clients.afanasy.wire import EmptyAnswer, NoAnswer, Place, ask, file_of
from actions.contract import ActionError
from actions.farms.contract import FarmAway, FarmRefuses, FarmUnsure, Picture, Seen, Sent

MARK = "kitsu_bridge"
"""The key of our mark in a job's `custom_data`, which comes back in every listing."""

HIGHEST = 250
"""Of Afanasy's priorities; 99 is what a job has without one."""

LOG_LINES = 60


class Afanasy:
    """A connection to one afserver. afserver uses ids again when a job is deleted: a job is known by its serial here.

    `user`: who asks, where a job is changed.
    """

    title = "Afanasy"

    def __init__(self, place: Place, user: str = "kitsu") -> None:
        self._place, self._user = place, user
        self.place = str(place)
        self._silent = ""

    def ping(self) -> int:
        """How many renders it knows."""
        return len(rows_of(self._asked({"type": "renders"}), "renders"))

    def submit(self, job: Mapping[str, Any], mark: str) -> Sent:
        """Send a job, checked before. After an empty answer, with which an afserver may have died, it sends no other one."""
        whole_job = {**job, "custom_data": json.dumps({MARK: mark})} if isinstance(job, Mapping) else job
        check(whole_job)
        if self._silent:
            raise FarmAway(f"Nothing more is sent. {self._silent}")
        try:
            said = ask(self._place, {"job": whole_job})
        except EmptyAnswer as error:
            self._silent = str(error)
            raise FarmUnsure(self._silent) from None
        except NoAnswer as error:
            raise FarmUnsure(str(error)) from None
        if not whole(said.get("serial")):
            raise FarmUnsure(f"Afanasy at {self.place} took the job and gave it no serial number.")
        return _sent(said)

    def find(self, mark: str) -> Sent | None:
        """The first job with the mark, among everybody's: who retries may be another person."""
        jobs = rows_of(self._asked({"type": "jobs"}), "jobs")
        return min((_sent(job) for job in jobs if _mark(job) == mark), key=lambda one: int(one.id), default=None)

    def look(self, jobs: Sequence[Sent]) -> Mapping[str, Seen]:
        """All in one request; a second one for the renders, when a job waits."""
        rows = self._rows([job.id for job in jobs])
        renders = self._renders() if any(map(waits, rows.values())) else None
        return {serial: seen(row, renders) for serial, row in rows.items()}

    def log_tail(self, job: Sent) -> str:
        """The last lines of the first task that failed. afserver cannot show the output of one that runs."""
        row = self._row(job)
        ids = [whole(row.get("id"))]
        progress = self._asked({"type": "jobs", "ids": ids, "mode": "progress"}).get("job_progress")
        where = task_to_read(progress)
        if where is None:
            return ""
        place = {"block_ids": [where[0]], "task_ids": [where[1]]}
        task = self._asked({"type": "jobs", "ids": ids, "mode": "output", **place}).get("task")
        text = str(task.get("data") or "") if isinstance(task, dict) else ""
        return "\n".join(text.rstrip().splitlines()[-LOG_LINES:])

    def picture(self, job: Sent) -> Picture | None:
        """The last thumbnail; None where a render has made none yet."""
        path = thumbnail_path(self._row(job))
        with suppress(NoAnswer):
            return Picture.of(file_of(self._place, path)) if path else None
        return None

    def cancel(self, job: Sent) -> None:
        """Stop it: running tasks are killed, and it is paused for ever."""
        row = self._row(job)
        self._act(row, operation={"type": "stop"})
        self._act(row, params={"annotation": CANCELLED})

    def retry_errors(self, job: Sent) -> None:
        """Run again what failed, also on hosts that were avoided for it, and let it go on when it was stopped."""
        row = self._row(job)
        if row.get("annotation") == CANCELLED:
            self._act(row, params={"annotation": ""})
        self._act(row, operation={"type": "reset_error_hosts"})
        self._act(row, operation={"type": "restart_errors"})
        if whole(row.get("st")) & OFFLINE:
            self._act(row, operation={"type": "start"})

    def set_priority(self, job: Sent, priority: int) -> None:
        """From 0 to 250."""
        if not 0 <= priority <= HIGHEST:
            raise FarmRefuses(f"Afanasy has priorities from 0 to {HIGHEST}.")
        self._act(self._row(job), params={"priority": priority})

    def _row(self, job: Sent) -> dict[str, Any]:
        """As it stands now, with the id that it has now."""
        row = self._rows([job.id]).get(job.id)
        if row is None or not whole(row.get("id")):
            raise FarmRefuses(f"Afanasy at {self.place} does not have the job {job.id[:40]} any more.")
        return row

    def _rows(self, serials: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Jobs by serial. Never asked for none: an empty list means all of them."""
        wanted = {one: int(one) for one in serials if one.isascii() and one.isdecimal() and len(one) < 19}
        if not wanted:
            return {}
        jobs = rows_of(self._asked({"type": "jobs", "serials": list(wanted.values())}), "jobs")
        return {serial: job for job in jobs if (serial := str(whole(job.get("serial")))) in wanted}

    def _renders(self) -> list[dict[str, Any]] | None:
        with suppress(ActionError):
            return rows_of(self._asked({"type": "renders"}), "renders")
        return None

    def _asked(self, get: Mapping[str, Any]) -> dict[str, Any]:
        """What it says to a question, which may be asked again."""
        try:
            return ask(self._place, {"get": get})
        except NoAnswer as error:
            raise FarmAway(str(error)) from None

    def _act(self, row: Mapping[str, Any], **what: Any) -> None:
        """Only ever by ids: in an action afserver takes a mask for a regular expression."""
        who = {"user_name": self._user, "host_name": "kitsu-bridge"}
        try:
            ask(self._place, {"action": {**who, "type": "jobs", "ids": [row["id"]], **what}})
        except NoAnswer as error:
            raise FarmUnsure(str(error)) from None


def _sent(job: Mapping[str, Any]) -> Sent:
    serial = str(whole(job.get("serial")))
    return Sent(serial, serial)


def _mark(job: Mapping[str, Any]) -> Any:
    try:
        found = json.loads(job.get("custom_data") or "null", strict=False)
    except (ValueError, TypeError, RecursionError):
        return None
    return found.get(MARK) if isinstance(found, dict) else None
