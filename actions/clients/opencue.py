"""OpenCue, through its REST gateway: every call is a POST named after a method of Cuebot.

Sources: proto/src/job.proto, cuebot/src/main/resources/public/dtd/cjsl-1.12.dtd and docs/_docs/reference/rest-api-reference.md
of github.com/AcademySoftwareFoundation/OpenCue. It was not tried on a real one.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import time
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from xml.etree import ElementTree as ET

from actions.farms.asking import Asking, place_of, some_of
from actions.farms.contract import FarmAway, FarmRefuses, FarmUnsure, JobState, Picture, Seen, Sent

AT_ONCE = 100
"""Jobs of one request: where ended ones are looked for too, Cuebot gives 200 at most (job.proto, JobSearchCriteria)."""

TOKEN_FOR = 300
"""Seconds for which a token is good."""

DOCTYPE = (
    '<?xml version="1.0"?><!DOCTYPE spec PUBLIC "SPI Cue Specification Language" '
    '"http://localhost:8080/spcue/dtd/cjsl-1.12.dtd">'
)
"""Cuebot reads the grammar of this name from its own files."""

NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class OpenCue:
    """A gateway, and the secret that it shares with who may ask it."""

    title = "OpenCue"

    def __init__(self, url: str, secret: str) -> None:
        self.place = place_of(url)
        self._asking = Asking(self.title, self.place, lambda: {"Authorization": f"Bearer {token(secret, time.time())}"})

    def submit(self, job: Mapping[str, Any], mark: str) -> Sent:
        """The mark becomes part of the job's name, by which it is found, and a variable of its environment."""
        rows = _jobs(self._job("LaunchSpecAndWait", {"spec": spec(job, mark)}, sends=True))
        if not rows:
            raise FarmUnsure("OpenCue answered without a job.")
        return Sent(rows[0]["id"])

    def find(self, mark: str) -> Sent | None:
        """Among those that run and those that have ended."""
        rows = self._found({"substr": [token_of(mark)]})
        return next((Sent(row["id"]) for row in rows if token_of(mark) in str(row.get("name"))), None)

    def look(self, jobs: Sequence[Sent]) -> Mapping[str, Seen]:
        """Many jobs in one request."""
        ids = [job.id for job in jobs]
        return {row["id"]: _seen(row) for some in some_of(ids, AT_ONCE) for row in self._found({"ids": some})}

    def log_tail(self, job: Sent) -> str:
        """The gateway gives no logs: which frames are dead, and in which folder their logs are."""
        folder = next((str(row.get("logDir") or "") for row in self._found({"ids": [job.id]})), "")
        dead = {"states": {"frameStates": ["DEAD"]}, "page": 1, "limit": 20}
        answer = self._job("GetFrames", {"job": {"id": job.id}, "req": dead})
        lines = [f"{row.get('name')}: exit status {row.get('exitStatus')}" for row in _within(answer, "frames")]
        return "\n".join([*lines, f"Logs: {folder}"]) if lines else ""

    def picture(self, job: Sent) -> Picture | None:
        """The gateway gives none."""
        return None

    def cancel(self, job: Sent) -> None:
        """Kill it. Cuebot wants to know who, where and why."""
        who = {
            "username": "kitsu-bridge",
            "pid": "0",
            "hostKill": "kitsu-bridge",
            "reason": "Cancelled in Kitsu Bridge",
        }
        self._job("Kill", {"job": {"id": job.id}, **who})

    def retry_errors(self, job: Sent) -> None:
        """Its dead frames wait again."""
        self._job("RetryFrames", {"job": {"id": job.id}, "req": {"states": {"frameStates": ["DEAD"]}}})

    def set_priority(self, job: Sent, priority: int) -> None:
        """A higher one goes first."""
        self._job("SetPriority", {"job": {"id": job.id}, "val": priority})

    def _found(self, criteria: Mapping[str, Any]) -> list[dict[str, Any]]:
        return _jobs(self._job("GetJobs", {"r": {**criteria, "includeFinished": True}}))

    def _job(self, method: str, content: Mapping[str, Any], *, sends: bool = False) -> dict[str, Any]:
        answer = self._asking.ask("POST", f"/job.JobInterface/{method}", content, sends=sends)
        if not isinstance(answer, dict):
            raise (FarmUnsure if sends else FarmAway)(f"What answers at {self.place} is no OpenCue.")
        return answer


def token(secret: str, now: float) -> str:
    """A JSON Web Token, HS256 (RFC 7519 and 7515), as the gateway asks for."""
    head = _encoded(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    claims = _encoded(json.dumps({"sub": "kitsu-bridge", "exp": int(now) + TOKEN_FOR}).encode())
    signed = hmac.new(secret.encode(), f"{head}.{claims}".encode(), sha256).digest()
    return f"{head}.{claims}.{_encoded(signed)}"


def token_of(mark: str) -> str:
    """The mark in signs that Cuebot leaves in a name: it makes the others `_`, and capitals small."""
    return f"kb{sha256(mark.encode()).hexdigest()[:24]}"


def spec(job: Mapping[str, Any], mark: str) -> str:
    """The job as XML. The order of elements is that of the grammar; whatever stands in them is escaped."""
    root = ET.Element("spec")
    for name in ("facility", "show", "shot", "user"):
        if job.get(name):
            _add(root, name, job[name])
    made = ET.SubElement(root, "job", name=f"{job['name']}_{token_of(mark)}")
    _add(made, "paused", "False")
    _add(made, "priority", job["priority"])
    _add(ET.SubElement(made, "env"), "key", mark).set("name", "KITSU_BRIDGE")
    layers = ET.SubElement(made, "layers")
    for layer in job["layers"]:
        _layer(layers, layer)
    if not len(layers):
        raise FarmRefuses("A job of OpenCue needs a layer.")
    return DOCTYPE + ET.tostring(root, encoding="unicode")


def _layer(layers: ET.Element, layer: Mapping[str, Any]) -> None:
    made = ET.SubElement(layers, "layer", name=layer["name"], type="Render")
    for name in ("cmd", "range", "chunk", "tags"):
        if layer.get(name):
            _add(made, name, layer[name])
    _add(ET.SubElement(made, "services"), "service", layer["service"])


def _add(parent: ET.Element, name: str, value: object) -> ET.Element:
    text = str(value)
    if NOT_XML.search(text):
        raise FarmRefuses(f"“{NOT_XML.sub('·', text)[:80]}” holds a sign that XML has no way to write.")
    made = ET.SubElement(parent, name)
    made.text = text
    return made


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _within(answer: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """`{"jobs": {"jobs": [...]}}`: a sequence is a message of its own."""
    outer = answer.get(name)
    rows = outer.get(name) if isinstance(outer, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _jobs(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [row for row in _within(answer, "jobs") if isinstance(row.get("id"), str) and row["id"]]


def _seen(row: Mapping[str, Any]) -> Seen:
    stats = row.get("jobStats")
    counts: Mapping[str, Any] = stats if isinstance(stats, dict) else {}
    done = _count(counts, "succeeded") + _count(counts, "eaten")
    dead, total = _count(counts, "dead"), _count(counts, "total")
    state = _state(row, counts, done, total)
    return Seen(state, done, dead, total, f"{dead:,} frames are dead." if dead else "")


def _state(row: Mapping[str, Any], counts: Mapping[str, Any], done: int, total: int) -> JobState:
    """A job that was killed is finished with frames left; one with dead frames stays pending for ever."""
    if row.get("state") == "FINISHED":
        return "done" if done >= total else "cancelled"
    if _count(counts, "running"):
        return "running"
    if row.get("isPaused"):
        return "paused"
    if _count(counts, "dead") and not _count(counts, "waiting"):
        return "failed"
    return "running" if done else "queued"


def _count(counts: Mapping[str, Any], name: str) -> int:
    value = counts.get(f"{name}Frames")
    return value if isinstance(value, int) else 0
