"""Why a job waits that nobody takes: found out only of jobs that have waited for long, once for all jobs of a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from actions.clients.flamenco.about import WARNINGS, Manager, rows_of
from actions.clients.flamenco.standing import seconds_since
from actions.farms.contract import FarmAway, FarmRefuses

LONG = 300.0
"""Seconds. A worker that is awake asks for work every 5 to 25 s."""

ABLE = frozenset({"awake", "testing", "starting", "restart"})
"""Workers that take tasks, or will soon (`WorkerStatus` in pkg/api/flamenco-openapi.yaml)."""

ASKED = 100
"""Workers that are asked for their tags: a list of workers does not name them, so that each takes a request."""


class Stuck:
    """Looks for reasons; what it has asked the Manager once it knows."""

    def __init__(self, manager: Manager) -> None:
        self._manager = manager
        self._about: dict[str, Any] = {}

    def why(self, job: Mapping[str, Any], tasks: Sequence[Mapping[str, Any]], now: datetime) -> str:
        """Why nothing happens; empty where something does, or will without anybody's help."""
        status, waited = job.get("status"), seconds_since(job.get("updated"), now)
        if waited < LONG or status not in {"queued", "active"}:
            return ""
        try:
            reason = self._of_queued(job) if status == "queued" else self._of_active(job, tasks)
        except (FarmAway, FarmRefuses):  # It is about a hint: the job itself was seen.
            return ""
        return f"{reason} It has waited for {_time(waited)}." if reason else ""

    def _of_queued(self, job: Mapping[str, Any]) -> str:
        tag = str(job.get("worker_tag") or "")
        workers = self._once("workers", lambda: rows_of(self._manager.wire.object("/worker-mgt/workers"), "workers"))
        able = [one for one in workers if one.get("status") in ABLE]
        if not workers:
            return "The Manager has no workers."
        if not able:
            status = self._once("status", self._manager.status)
            return WARNINGS.get(status) or "No worker is awake."
        return self._of_tag(tag, able) if tag else ""

    def _of_tag(self, tag: str, able: Sequence[Mapping[str, Any]]) -> str:
        name = self._once("tags", self._manager.tags).get(tag, tag)
        if len(able) > ASKED or any(tag in self._tags_of(one) for one in able):
            return ""
        return f"No worker with the tag “{name[:80]}” is awake: give the tag to one, or start one that has it."

    def _tags_of(self, worker: Mapping[str, Any]) -> set[str]:
        key = str(worker.get("id") or "")

        def asked() -> set[str]:
            found = self._manager.wire.object(f"/worker-mgt/workers/{quote(key, safe='')}")
            return {str(one.get("id")) for one in rows_of(found, "tags")}

        found: set[str] = self._once(f"worker {key}", asked)
        return found

    def _of_active(self, job: Mapping[str, Any], tasks: Sequence[Mapping[str, Any]]) -> str:
        """A job stays active while its tasks fail on one worker after the other, until none is left to take them."""
        waits = {"queued", "soft-failed"}
        if not tasks or not any(one.get("status") in waits for one in tasks) or _runs(tasks):
            return ""
        blocked = self._manager.wire.rows(f"/jobs/{quote(str(job.get('id')), safe='')}/blocklist")
        names = sorted({str(one.get("worker_name") or one.get("worker_id") or "")[:80] for one in blocked})
        if names:
            return f"Nothing of it runs; after failures these workers get no more of it: {', '.join(names[:20])}."
        return self._of_queued(job)

    def _once(self, what: str, ask: Any) -> Any:
        if what not in self._about:
            self._about[what] = ask()
        return self._about[what]


def _runs(tasks: Sequence[Mapping[str, Any]]) -> bool:
    return any(one.get("status") == "active" for one in tasks)


def _time(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60:,} hours"
