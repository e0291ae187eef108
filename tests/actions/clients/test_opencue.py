"""Against a small gateway that keeps jobs as Cuebot does."""

from __future__ import annotations

import base64
import hmac
import json
from hashlib import sha256
from xml.etree import ElementTree as ET

import pytest

from actions.clients.opencue import OpenCue, spec, token, token_of
from actions.farms.contract import FarmAway, FarmRefuses, FarmUnsure, Seen, Sent
from tests.actions.outside import a_service

LAYER = {
    "name": "sh010_1",
    "cmd": "blender -b '/a & <b>.blend' -f #IFRAME#",
    "range": "1-2",
    "chunk": 1,
    "service": "shell",
}
JOB = {"show": "bunny", "shot": "sh010", "user": "ada", "name": "SH010", "priority": 7, "layers": [LAYER]}


class Gateway:
    """Jobs by id."""

    def __init__(self):
        self.jobs, self.asked = {}, []

    def answer(self, got):
        method = got.path.removeprefix("/job.JobInterface/")
        self.asked.append((method, got.json))
        return 200, {}, json.dumps(getattr(self, method, lambda asked: {})(got.json)).encode()

    def LaunchSpecAndWait(self, asked):  # noqa: N802
        root = ET.fromstring(asked["spec"])  # noqa: S314 (our own)
        made, name = f"job-{len(self.jobs)}", root.find("job").get("name").lower()
        self.jobs[made] = {"id": made, "name": f"bunny-sh010-ada_{name}", "state": "PENDING", "logDir": "/logs"}
        return {"jobs": {"jobs": [self.jobs[made]]}}

    def GetJobs(self, asked):  # noqa: N802
        r = asked["r"]
        assert r["includeFinished"]
        rows = [job for job in self.jobs.values() if job["id"] in r.get("ids", [job["id"]])]
        return {"jobs": {"jobs": [job for job in rows if all(one in job["name"] for one in r.get("substr", []))]}}

    def GetFrames(self, asked):  # noqa: N802
        return {"frames": {"frames": [{"name": "0001-sh010", "exitStatus": 1}]}}


@pytest.fixture
def farm():
    gateway = Gateway()
    with a_service(gateway.answer) as web:
        gateway.web, gateway.client = web, OpenCue(web.url, "s3cret")
        yield gateway


def test_it_works(farm):
    sent = farm.client.submit(JOB, "invocation:task")
    assert farm.client.find("invocation:task") == sent
    assert farm.client.find("invocation:another") is None
    assert farm.client.look([sent, Sent("gone")]) == {sent.id: Seen("queued")}


def test_it_shows_a_token_that_the_secret_has_signed(farm):
    farm.client.submit(JOB, "m")
    head, claims, signature = farm.web.got[0].headers["authorization"].removeprefix("Bearer ").split(".")

    def read(part):
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))

    assert json.loads(read(head)) == {"alg": "HS256", "typ": "JWT"}
    assert json.loads(read(claims)).keys() == {"sub", "exp"}
    assert read(signature) == hmac.new(b"s3cret", f"{head}.{claims}".encode(), sha256).digest()
    assert b"s3cret" not in farm.web.got[0].body


def test_it_makes_tokens_as_others_do():
    """The same as `jwt.encode({"sub": "kitsu-bridge", "exp": 1300}, "key", "HS256")` in content and order."""
    head, claims, _ = token("key", 1000).split(".")
    assert head == "eyJhbGciOiAiSFMyNTYiLCAidHlwIjogIkpXVCJ9"
    assert json.loads(base64.urlsafe_b64decode(claims + "==")) == {"sub": "kitsu-bridge", "exp": 1300}


def test_it_escapes_what_stands_in_the_spec():
    root = ET.fromstring(spec(JOB | {"facility": "</spec>&"}, "in:task"))  # noqa: S314 (our own)
    assert [one.tag for one in root] == ["facility", "show", "shot", "user", "job"]
    assert root.find("facility").text == "</spec>&"
    job = root.find("job")
    assert job.get("name") == f"SH010_{token_of('in:task')}"
    assert [one.tag for one in job] == ["paused", "priority", "env", "layers"]
    assert (job.find("env/key").get("name"), job.find("env/key").text) == ("KITSU_BRIDGE", "in:task")
    layer = job.find("layers/layer")
    assert [one.tag for one in layer] == ["cmd", "range", "chunk", "services"]
    assert layer.find("cmd").text == LAYER["cmd"]


def test_it_refuses_what_no_spec_can_hold():
    with pytest.raises(FarmRefuses, match="XML"):
        spec(JOB | {"shot": "a\x00b"}, "m")
    with pytest.raises(FarmRefuses, match="layer"):
        spec(JOB | {"layers": []}, "m")


@pytest.mark.parametrize(
    ("row", "stats", "wanted"),
    [
        ({}, {"totalFrames": 10, "waitingFrames": 8, "runningFrames": 2}, Seen("running", 0, 0, 10)),
        ({"isPaused": True}, {"totalFrames": 10, "waitingFrames": 10}, Seen("paused", 0, 0, 10)),
        ({}, {"totalFrames": 10, "waitingFrames": 4, "succeededFrames": 6}, Seen("running", 6, 0, 10)),
        (
            {},
            {"totalFrames": 10, "deadFrames": 4, "succeededFrames": 6},
            Seen("failed", 6, 4, 10, "4 frames are dead."),
        ),
        ({"state": "FINISHED"}, {"totalFrames": 10, "succeededFrames": 9, "eatenFrames": 1}, Seen("done", 10, 0, 10)),
        ({"state": "FINISHED"}, {"totalFrames": 10, "succeededFrames": 9}, Seen("cancelled", 9, 0, 10)),
        ({"state": "STARTUP"}, None, Seen("queued")),
    ],
)
def test_it_tells_how_a_job_stands(farm, row, stats, wanted):
    sent = farm.client.submit(JOB, "m")
    farm.jobs[sent.id].update(row, jobStats=stats)
    assert farm.client.look([sent])[sent.id] == wanted


def test_it_looks_at_many_in_few_requests(farm):
    sent = [farm.client.submit(JOB, str(number)) for number in range(250)]
    farm.asked.clear()
    assert len(farm.client.look(sent)) == 250
    assert len(farm.asked) == 3


def test_it_acts(farm):
    sent = farm.client.submit(JOB, "m")
    farm.client.cancel(sent)
    farm.client.retry_errors(sent)
    farm.client.set_priority(sent, 5)
    (kill, killed), (retry, retried), (priority, given) = farm.asked[1:]
    assert (kill, retry, priority) == ("Kill", "RetryFrames", "SetPriority")
    assert all(one["job"] == {"id": sent.id} for one in (killed, retried, given))
    assert (retried["req"], given["val"]) == ({"states": {"frameStates": ["DEAD"]}}, 5)


def test_it_says_where_the_logs_are(farm):
    sent = farm.client.submit(JOB, "m")
    assert farm.client.log_tail(sent) == "0001-sh010: exit status 1\nLogs: /logs"
    assert farm.client.picture(sent) is None


def test_it_is_unsure_of_an_answer_without_a_job():
    for body in (b"{}", b"[]", b'{"jobs": {"jobs": [{"id": ""}]}}'):
        with a_service((200, {}, body)) as web, pytest.raises(FarmUnsure):
            OpenCue(web.url, "s").submit(JOB, "m")


def test_it_takes_another_service_for_no_farm():
    with a_service((200, {}, b"[]")) as web, pytest.raises(FarmAway, match="no OpenCue"):
        OpenCue(web.url, "s").find("m")
