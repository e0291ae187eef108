"""A farm in memory that fails as real ones do."""

from __future__ import annotations

from uuid import uuid4

from actions.farms.contract import FarmAway, FarmUnsure, Picture, Seen, Sent
from actions.farms.endings import tell
from actions.farms.looking import look

PNG = b"\x89PNG\r\n\x1a\n"


class Memory:
    """Jobs by id; `trouble` is raised by the next calls of the names in it."""

    title, place = "Memory", "memory"

    def __init__(self):
        self.clear()

    def clear(self):
        self.jobs, self.seen, self.trouble, self.asked, self.looks = {}, {}, {}, [], 0
        self.image, self.pages = PNG, f"https://farm.test/{uuid4().hex}"

    def _maybe(self, name):
        if self.trouble.get(name):
            raise self.trouble[name].pop(0)

    def submit(self, job, mark):
        trouble = self.trouble.get("submit") or []
        if trouble and isinstance(trouble[0], FarmAway):
            raise trouble.pop(0)
        sent = Sent(str(len(self.jobs) + 1), link=f"{self.pages}/{len(self.jobs) + 1}")
        self.jobs[sent.id] = mark
        if trouble and isinstance(trouble[0], FarmUnsure):
            raise trouble.pop(0)  # It has the job, and its answer was lost.
        return sent

    def find(self, mark):
        self._maybe("find")
        return next((Sent(one) for one, theirs in self.jobs.items() if theirs == mark), None)

    def look(self, jobs):
        self.looks += 1
        self._maybe("look")
        return {job.id: self.seen.get(job.id, Seen("queued")) for job in jobs if job.id in self.jobs}

    def log_tail(self, job):
        return "Error: no such file"

    def picture(self, job):
        self._maybe("picture")
        return Picture(self.image, "image/png")

    def cancel(self, job):
        self._maybe("cancel")
        self.asked.append(("cancel", job.id))

    def retry_errors(self, job):
        self.asked.append(("retry", job.id))

    def set_priority(self, job, priority):
        self._maybe("priority")
        self.asked.append(("priority", job.id, priority))


MEMORY = Memory()


def look_and_tell():
    """A round of looks, and one of telling Kitsu; how many jobs changed."""
    changed = look()
    tell()
    return changed
