"""Deadline 10, through its Web Service.

What is asked and answered: docs.thinkboxsoftware.com, Deadline 10 User Manual, "REST Overview", "Jobs", "Job Reports"; the bodies
stand in Thinkbox's own Python client as well (Deadline/Jobs.py: SubmitJob, GetJob, SaveJob, FailJob, ResumeFailedJob). It was not
tried on a real one.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from actions.farms.asking import Asking, place_of, some_of
from actions.farms.contract import FarmRefuses, FarmUnsure, JobState, Picture, Seen, Sent

AT_ONCE = 50
"""Ids in one address: 24 characters each."""

STATES: Mapping[int, JobState] = {0: "queued", 2: "paused", 3: "done", 4: "failed", 6: "queued"}
"""`Stat` of a job; 1 is active, which is queued or running."""

ACTIVE = 1
MARK, ENDED = "Ex0", "Ex1"
"""Where a job keeps its ExtraInfo0 and ExtraInfo1."""

CANCELLED = "cancelled from Kitsu Bridge"
"""Deadline knows no cancelled jobs: one is failed, and says why."""


class Deadline:
    """A Web Service, and who asks it: name and password, where it wants them."""

    title = "Deadline"

    def __init__(self, url: str, login: tuple[str, str] | None = None) -> None:
        self.place = place_of(url)
        basic = base64.b64encode(":".join(login).encode()).decode() if login else ""
        self._asking = Asking(self.title, self.place, lambda: {"Authorization": f"Basic {basic}"} if basic else {})

    def submit(self, job: Mapping[str, Any], mark: str) -> Sent:
        """`job` holds JobInfo and PluginInfo; the mark becomes ExtraInfo0."""
        info = {**job["JobInfo"], "ExtraInfo0": mark}
        content = {"JobInfo": info, "PluginInfo": job["PluginInfo"], "AuxFiles": [], "IdOnly": True}
        answer = self._asking.ask("POST", "/api/jobs", content, sends=True)
        if not isinstance(answer, dict) or not isinstance(answer.get("_id"), str) or not answer["_id"]:
            raise FarmUnsure("Deadline answered without the id of a job.")
        return Sent(answer["_id"])

    def find(self, mark: str) -> Sent | None:
        """There is no search by ExtraInfo: all jobs are read."""
        return next((Sent(_id(row)) for row in self._rows("") if _props(row).get(MARK) == mark), None)

    def look(self, jobs: Sequence[Sent]) -> Mapping[str, Seen]:
        """Many jobs in one request."""
        ids = [quote(job.id, safe="") for job in jobs]
        return {
            _id(row): _seen(row) for some in some_of(ids, AT_ONCE) for row in self._rows(f"?JobID={','.join(some)}")
        }

    def log_tail(self, job: Sent) -> str:
        """The last report of an error."""
        answer = self._asking.ask("GET", f"/api/jobreports?JobID={quote(job.id, safe='')}&Data=allerrorcontents")
        reports = [one for one in answer if isinstance(one, str)] if isinstance(answer, list) else []
        return reports[-1][-20_000:] if reports else ""

    def picture(self, job: Sent) -> Picture | None:
        """The Web Service gives none."""
        return None

    def cancel(self, job: Sent) -> None:
        """Fail it, with a note that it was asked for."""
        self._save(job, {ENDED: CANCELLED})
        self._command("fail", job)

    def retry_errors(self, job: Sent) -> None:
        """Queue its failed tasks again."""
        self._save(job, {ENDED: ""})
        self._command("resumefailed", job)

    def set_priority(self, job: Sent, priority: int) -> None:
        """0 to 100."""
        if not 0 <= priority <= 100:
            raise FarmRefuses("A priority of Deadline is 0 to 100.")
        self._save(job, {"Pri": priority})

    def _rows(self, query: str) -> Iterator[dict[str, Any]]:
        answer = self._asking.ask("GET", f"/api/jobs{query}")
        for row in answer if isinstance(answer, list) else [answer]:
            if isinstance(row, dict) and _id(row):
                yield row

    def _save(self, job: Sent, changed: Mapping[str, Any]) -> None:
        """A job is written whole: it is read first."""
        row = next(self._rows(f"?JobID={quote(job.id, safe='')}"), None)
        if row is None:
            raise FarmRefuses("Deadline does not have this job any more.")
        self._put({"Command": "save", "Job": {**row, "Props": {**_props(row), **changed}}})

    def _command(self, command: str, job: Sent) -> None:
        self._put({"Command": command, "JobID": job.id})

    def _put(self, content: Mapping[str, Any]) -> None:
        """What changes something is answered with words, such as Success, which are no JSON (the manual's "REST Overview")."""
        answer = self._asking.ask("PUT", "/api/jobs", content, words=True)
        if answer != "Success":
            raise FarmRefuses(f"Deadline says: {str(answer)[:300]}")


def _id(row: Mapping[str, Any]) -> str:
    return str(row.get("_id") or "")


def _props(row: Mapping[str, Any]) -> dict[str, Any]:
    found = row.get("Props")
    return found if isinstance(found, dict) else {}


def _seen(row: Mapping[str, Any]) -> Seen:
    done, failed, running = (_count(row.get(name)) for name in ("CompletedChunks", "FailedChunks", "RenderingChunks"))
    errors, total = _count(row.get("Errs")), _count(_props(row).get("Tasks"))
    state = _state(row, begun=bool(done or failed or running))
    stuck = (
        f"No worker renders it, after {errors:,} errors."
        if row.get("Stat") == ACTIVE and errors and not running
        else ""
    )
    return Seen(state, done, failed, total, f"{errors:,} errors." if errors else "", stuck)


def _state(row: Mapping[str, Any], *, begun: bool) -> JobState:
    if row.get("Stat") == ACTIVE:
        return "running" if begun else "queued"
    state = STATES.get(_count(row.get("Stat")), "queued")
    return "cancelled" if state == "failed" and _props(row).get(ENDED) == CANCELLED else state


def _count(value: Any) -> int:
    return value if isinstance(value, int) else 0
