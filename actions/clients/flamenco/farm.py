"""A Manager as the bridge knows farms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from actions.clients.flamenco.about import Manager, rows_of
from actions.clients.flamenco.job_types import JobType
from actions.clients.flamenco.pictures import image_path
from actions.clients.flamenco.standing import seen, task_to_read
from actions.clients.flamenco.stuck import Stuck
from actions.clients.flamenco.wire import API, NotThere, Outdated
from actions.farms.contract import FarmAway, FarmRefuses, FarmUnsure, Picture, Seen, Sent

MARK = "kitsu.mark"
"""The key of our mark in a job's metadata, which comes back in every listing."""

FEW = 10
"""Jobs up to which each is asked for by its id. For more, all jobs of the Manager are read: it has no list of some."""

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
HIGHEST = 100
LOG_LINES = 60
PATIENCE = 3
"""Jobs whose answers may be lost in a row: a Manager that hangs would keep a thousand tasks waiting for hours."""
REASON = "Asked for in Kitsu Bridge"


class Flamenco(Manager):
    """A connection to one Manager."""

    title = "Flamenco"
    _lost = 0
    """Answers to jobs that were lost, one after the other."""

    def __init__(self, url: str, login: str = "") -> None:
        super().__init__(url, login)
        self.newer: dict[str, JobType] = {}
        """Job types that were changed on the Manager since jobs were made by them, as they are now."""

    def submit(self, job: Mapping[str, Any], mark: str) -> Sent:
        """Send a job. Where its job type was changed meanwhile, it is checked again by the new one, once."""
        if self._lost >= PATIENCE:
            raise FarmAway(f"Nothing more is sent: Flamenco at {self.place} did not answer {PATIENCE} times in a row.")
        try:
            sent = self._sent_as_it_is_now(job, mark)
        except FarmUnsure:
            self._lost += 1
            raise
        self._lost = 0
        return sent

    def _sent_as_it_is_now(self, job: Mapping[str, Any], mark: str) -> Sent:
        marked, name = {**job, "metadata": {**job.get("metadata", {}), MARK: mark}}, str(job["type"])
        try:
            return self._submitted(self._by_the_newer(marked))
        except Outdated:
            self.newer[name] = self.job_type(name)
        return self._submitted(self._by_the_newer(marked))

    def _by_the_newer(self, job: dict[str, Any]) -> dict[str, Any]:
        """The job as the changed job type has it; read once for all jobs that come after."""
        kind = self.newer.get(str(job["type"]))
        if kind is None:
            return job
        if wrong := list(kind.problems(job["settings"])):
            raise FarmRefuses(f"The job type {kind.name} was changed on the Manager. {' '.join(wrong)}")
        return {**job, "type_etag": kind.etag}

    def _submitted(self, job: Mapping[str, Any]) -> Sent:
        reply = self.wire.reply("POST", f"{API}/jobs", job, changes=True)
        try:
            found = self.wire.understood(reply)
        except FarmRefuses as error:
            raise FarmUnsure(f"{error} It may have the job.") from None
        if not UUID.fullmatch(str(found.get("id"))):
            raise FarmUnsure(f"Flamenco at {self.place} took the job and gave it no id.")
        return self._sent(found)

    def find(self, mark: str) -> Sent | None:
        """The oldest job with the mark. One that is being deleted is none."""
        wanted = [one for one in self._jobs() if _mark(one) == mark and not one.get("delete_requested_at")]
        return self._sent(min(wanted, key=lambda one: str(one.get("created")))) if wanted else None

    def look(self, jobs: Sequence[Sent]) -> Mapping[str, Seen]:
        """A few by their ids, many in one request; one more for the tasks of each that failed or is looked at alone."""
        ids = {job.id for job in jobs if UUID.fullmatch(job.id)}
        few = len(ids) <= FEW
        rows = [row for one in ids if (row := self._job(one))] if few else self._jobs()
        found = {str(row.get("id")): row for row in rows if row.get("id") in ids}
        stuck, now = Stuck(self), datetime.now(UTC)
        closely = {"failed", "active"} if few else {"failed"}
        return {
            one: self._seen(row, stuck, now, closely=row.get("status") in closely)
            for one, row in found.items()
            if not row.get("delete_requested_at")
        }

    def log_tail(self, job: Sent) -> str:
        """The end of the log of a task that failed, else of one that runs: the Manager gives its last 2 kB."""
        task = task_to_read(self._tasks(job.id))
        if task is None or not UUID.fullmatch(str(task.get("id"))):
            return ""
        text = self.wire.reply("GET", f"{API}/tasks/{task['id']}/logtail").body.decode("utf-8", "replace")
        lines = text.rstrip().splitlines()[-LOG_LINES:]
        return "\n".join([f"{str(task.get('name'))[:80]}:", *lines]) if lines else ""

    def picture(self, job: Sent) -> Picture | None:
        """The last rendered picture; None where it has none yet."""
        reply = self.wire.reply("GET", f"{API}/jobs/{_checked(job)}/last-rendered")
        if reply.status == 204:
            return None
        path = image_path(self.wire.understood(reply))
        return Picture.of(self.wire.reply("GET", path).body) if path else None

    def cancel(self, job: Sent) -> None:
        """Stop it: what runs is killed."""
        self._set_status(job, "cancel-requested")

    def retry_errors(self, job: Sent) -> None:
        """Queue again all tasks that are not done, on all workers (`requeueTasks` in the Manager's task_state_machine.go)."""
        self._set_status(job, "requeueing")

    def set_priority(self, job: Sent, priority: int) -> None:
        """From 0 to 100."""
        if not 0 <= priority <= HIGHEST:
            raise FarmRefuses(f"Flamenco has priorities from 0 to {HIGHEST}.")
        self.wire.reply("POST", f"{API}/jobs/{_checked(job)}/setpriority", {"priority": priority}, changes=True)

    def _set_status(self, job: Sent, status: str) -> None:
        content = {"status": status, "reason": REASON}
        self.wire.reply("POST", f"{API}/jobs/{_checked(job)}/setstatus", content, changes=True)

    def _seen(self, row: Mapping[str, Any], stuck: Stuck, now: datetime, *, closely: bool) -> Seen:
        tasks = self._tasks(str(row["id"])) if closely else []
        return seen(row, tasks, stuck.why(row, tasks, now))

    def _job(self, id_: str) -> dict[str, Any] | None:
        try:
            return self.wire.object(f"/jobs/{id_}")
        except NotThere:
            return None

    def _jobs(self) -> list[dict[str, Any]]:
        """All jobs of the Manager. Before 3.9 they were asked for by a query."""
        try:
            said = self.wire.object("/jobs")
        except NotThere:
            said = self.wire.understood(self.wire.reply("POST", f"{API}/jobs/query", {}))
        return rows_of(said, "jobs")

    def _tasks(self, id_: str) -> list[dict[str, Any]]:
        return rows_of(self.wire.object(f"/jobs/{id_}/tasks"), "tasks")

    def _sent(self, row: Mapping[str, Any]) -> Sent:
        return Sent(str(row["id"]), link=f"{self.place}/app/jobs/{row['id']}")


def _checked(job: Sent) -> str:
    if not UUID.fullmatch(job.id):
        raise FarmRefuses(f"“{job.id[:80]}” is no id of a job of Flamenco.")
    return job.id


def _mark(row: Mapping[str, Any]) -> Any:
    metadata = row.get("metadata")
    return metadata.get(MARK) if isinstance(metadata, dict) else None
