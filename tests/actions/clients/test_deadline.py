"""Against a small Web Service that keeps jobs as Deadline 10 does."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from actions.clients.deadline import Deadline
from actions.farms.contract import FarmRefuses, FarmUnsure, Seen, Sent
from tests.actions.outside import a_service

JOB = {"JobInfo": {"Plugin": "Blender", "Name": "a", "Frames": "1-2"}, "PluginInfo": {"SceneFile": "/a.blend"}}


class WebService:
    """Jobs by id."""

    def __init__(self):
        self.jobs, self.commands, self.reports = {}, [], []

    def answer(self, got):
        found = getattr(self, got.method.lower())(got)
        return 200, {}, (found if isinstance(found, str) else json.dumps(found)).encode()

    def post(self, got):
        made, info = f"{len(self.jobs) + 1:024x}", got.json["JobInfo"]
        self.jobs[made] = {
            "_id": made,
            "Stat": 1,
            "Props": {"Name": info["Name"], "Ex0": info["ExtraInfo0"], "Ex1": "", "Pri": 50, "Tasks": 10},
        }
        return {"_id": made}

    def get(self, got):
        parts = urlsplit(got.path)
        if parts.path == "/api/jobreports":
            return self.reports
        ids = parse_qs(parts.query).get("JobID")
        return [job for one, job in self.jobs.items() if not ids or one in ids[0].split(",")]

    def put(self, got):
        self.commands.append(got.json)
        if got.json["Command"] == "save":
            self.jobs[got.json["Job"]["_id"]] = got.json["Job"]
        if got.json["Command"] == "fail":
            self.jobs[got.json["JobID"]]["Stat"] = 4
        return "Success"


@pytest.fixture
def farm():
    service = WebService()
    with a_service(service.answer) as web:
        service.web, service.client = web, Deadline(f"{web.url}/", ("ada", "s3cret"))
        yield service


def seen(farm, **row):
    sent = farm.client.submit(JOB, "m")
    farm.jobs[sent.id].update(row)
    return farm.client.look([sent])[sent.id]


def test_it_works(farm):
    sent = farm.client.submit(JOB, "invocation:task")
    assert farm.client.find("invocation:task") == sent
    assert farm.client.find("another") is None
    assert farm.web.got[0].json["PluginInfo"] == {"SceneFile": "/a.blend"}
    assert farm.web.got[0].headers["authorization"] == "Basic YWRhOnMzY3JldA=="
    assert farm.client.look([sent]) == {sent.id: Seen("queued", total=10)}


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ({"RenderingChunks": 2, "CompletedChunks": 3}, Seen("running", 3, 0, 10)),
        ({"Stat": 2}, Seen("paused", 0, 0, 10)),
        ({"Stat": 3, "CompletedChunks": 10}, Seen("done", 10, 0, 10)),
        ({"Stat": 4, "FailedChunks": 2, "Errs": 7}, Seen("failed", 0, 2, 10, "7 errors.")),
        ({"Stat": 6}, Seen("queued", 0, 0, 10)),
        ({"Errs": 3}, Seen("queued", 0, 0, 10, "3 errors.", "No worker renders it, after 3 errors.")),
        ({"Stat": "odd", "Props": None}, Seen("queued")),
    ],
)
def test_it_tells_how_a_job_stands(farm, row, wanted):
    assert seen(farm, **row) == wanted


def test_it_looks_at_many_in_few_requests(farm):
    sent = [farm.client.submit(JOB, str(number)) for number in range(120)]
    farm.web.got.clear()
    assert len(farm.client.look([*sent, Sent("gone")])) == 120
    assert len(farm.web.got) == 3


def test_it_cancels_and_goes_on(farm):
    sent = farm.client.submit(JOB, "m")
    farm.client.cancel(sent)
    assert farm.client.look([sent])[sent.id].state == "cancelled"
    farm.client.retry_errors(sent)
    assert farm.commands[-1] == {"Command": "resumefailed", "JobID": sent.id}
    assert farm.client.look([sent])[sent.id].state == "failed"


def test_it_gives_another_priority(farm):
    sent = farm.client.submit(JOB, "m")
    farm.client.set_priority(sent, 90)
    assert farm.jobs[sent.id]["Props"] == {"Name": "a", "Ex0": "m", "Ex1": "", "Pri": 90, "Tasks": 10}
    with pytest.raises(FarmRefuses, match="0 to 100"):
        farm.client.set_priority(sent, 101)
    with pytest.raises(FarmRefuses, match="any more"):
        farm.client.set_priority(Sent("gone"), 1)


def test_it_reads_the_last_error(farm):
    sent = farm.client.submit(JOB, "m")
    assert (farm.client.log_tail(sent), farm.client.picture(sent)) == ("", None)
    farm.reports = ["first", "Error: no such file"]
    assert farm.client.log_tail(sent) == "Error: no such file"


@pytest.mark.parametrize("body", [b"{}", b'"Success"', b'{"_id": ""}', b"[]"])
def test_it_is_unsure_of_an_answer_without_a_job(body):
    with a_service((200, {}, body)) as web, pytest.raises(FarmUnsure):
        Deadline(web.url).submit(JOB, "m")


def test_it_says_what_the_service_says(farm):
    with a_service((200, {}, b'"Error: no such job"')) as web, pytest.raises(FarmRefuses, match="no such job"):
        Deadline(web.url)._command("fail", Sent("x"))
