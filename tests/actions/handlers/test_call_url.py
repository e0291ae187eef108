"""Against a real web service on this machine."""

from __future__ import annotations

import base64
import json
import re
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook

from actions.clients.secrets.hiding import MASK
from actions.clients.web import pause
from actions.contract import About, ActionError, Cancelled
from actions.handlers import call_url
from actions.handlers.call_url import Options
from actions.testing import call_for
from kitsu_bridge.kitsu.errors import KitsuSlow
from tests.actions.outside import a_service, raw_server

SIGNING = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()
SECRETS = {"SIGN": SIGNING, "TRACKER": 'to"ken/123 456'}
ABOUT = About("i-1", "https://bridge.studio/invocations/i-1/", "Send to the tracker")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(pause, "FIRST", 0.02)


def called(tasks=3, *, opened=("127.0.0.1",), **more):
    settings = {"CALL_URL_PRIVATE": list(opened)}
    return call_for(tasks=tasks, settings=settings, secrets=SECRETS, about=ABOUT, **more)


def test_it_works():
    sample = called()
    with a_service((200, {"Content-Type": "application/json"}, b'{"queued":3}')) as service:
        outcome = sample.run(call_url, Options(f"{service.url}/hook", signing_secret="SIGN"))
    (got,) = service.got
    told = Webhook(SIGNING).verify(got.body, got.headers)
    assert [one["id"] for one in told["data"]["tasks"]] == [task.id for task in sample.tasks]
    assert told["data"]["action"] == {"name": "Send to the tracker"}
    assert (got.method, got.path, got.headers["content-type"]) == ("POST", "/hook", "application/json")
    assert outcome.message.startswith("127.0.0.1 answered: 200 OK after 0.")
    assert outcome.data["answer"]["body"] == '{\n  "queued": 3\n}'
    assert len(sample.report.done) == 3


def test_the_documented_message_is_the_one_that_is_sent():
    """The example of docs/call-url.md has the names and the kinds of values that really go out."""
    page = (Path(__file__).resolve().parents[3] / "docs/call-url.md").read_text()
    example = json.loads(re.search(r"```json\n(.*?)```", page, re.DOTALL).group(1))
    sample = called(1, entity_type="shot")
    with a_service() as service:
        sample.run(call_url, Options(service.url))
    assert shape(example) == shape(service.got[0].json)


def shape(found):
    """Names and kinds of values; of a list, those of its first entry."""
    if isinstance(found, dict):
        return {name: shape(value) for name, value in found.items()}
    if isinstance(found, list):
        return [shape(item) for item in found[:1]] if found and not isinstance(found[0], str) else []
    return "text or nothing" if found is None or isinstance(found, str) else type(found).__name__


def test_a_call_for_each_task_has_its_variables_and_an_id_of_its_own():
    sample = called(3, entity_type="shot")
    options = Options(
        "{}/shots/{{entity_name}}?task={{task_id}}", "PUT", "task", body='{"status": "{task_status}", "n": 1}'
    )
    with a_service() as service:
        options = replace(options, url=options.url.format(service.url))
        outcome = sample.run(call_url, options)
    assert outcome.message == "3 of 3 calls went well."
    assert [got.path.rpartition("=")[2] for got in service.got] == [task.id for task in sample.tasks]
    assert service.got[0].json == {"status": sample.tasks[0].status.name, "n": 1}
    assert len({got.headers["webhook-id"] for got in service.got}) == 3
    assert sample.report.done[0].data["request"]["body"].startswith("{\n")


def hostile(task, name):
    return replace(task, entity=replace(task.entity, name=name))


def test_a_secret_that_comes_back_in_escapes_is_not_read_out_of_them():
    """Within JSON each sign may be written as an escape; the page shows it read."""

    def echo(got):
        escaped = "".join(f"\\u{ord(sign):04x}" for sign in got.headers["authorization"])
        return (200, {"Content-Type": "application/json"}, f'{{"you": "{escaped}"}}'.encode())

    sample = called(1)
    with a_service(echo) as service:
        outcome = sample.run(call_url, Options(service.url, headers="Authorization: Bearer {secret:TRACKER}"))
    assert "Bearer" in outcome.data["answer"]["body"]
    assert "ken/123" not in outcome.data["answer"]["body"]


@pytest.mark.parametrize(
    "name",
    ['"}, {"admin": true', "\\", '\\"', "{task_id}", "{{", "../..", "a/b?c#d&e=f", "\r\nX-Evil: 1", "é \U0001f98a \ud800",
     "%2e%2e", "{secret:TRACKER}"],
)  # fmt: skip
def test_no_name_breaks_out_of_json_or_of_the_address(name):
    sample = called(1)
    sample.call = replace(
        sample.call, resolution=replace(sample.call.resolution, tasks=(hostile(sample.tasks[0], name),))
    )
    with a_service() as service:
        options = Options(f"{service.url}/a/{{entity_name}}/b", once_for="task", body='{"name": "<{entity_name}>"}')
        sample.run(call_url, options)
    (got,) = service.got
    assert list(got.json) == ["name"]
    assert got.json["name"][0] + got.json["name"][-1] == "<>"
    assert re.fullmatch(r"/a/[^/?#]+/b", got.path)
    assert "x-evil" not in got.headers
    assert SECRETS["TRACKER"] not in got.body.decode()


def test_secrets_are_sent_and_shown_nowhere():
    sample = called(1)

    def echo(got):
        text = f"{got.headers['authorization']} {base64.b64encode(SECRETS['TRACKER'].encode()).decode()} {SIGNING}"
        return 500, {"X-Echo": got.headers["authorization"]}, json.dumps({"you sent": text}).encode()

    options = Options("", headers="Authorization: Bearer {secret:TRACKER}\nX-Studio: fox", signing_secret="SIGN")
    with a_service(echo) as service:
        outcome = sample.run(call_url, replace(options, url=service.url))
    assert service.got[0].headers["authorization"] == f"Bearer {SECRETS['TRACKER']}"
    assert service.got[0].headers["x-studio"] == "fox"
    kept = json.dumps([outcome.message, outcome.data, [r.message for r in sample.report.failed]], ensure_ascii=False)
    for secret in (SECRETS["TRACKER"], "ken/123", base64.b64encode(SECRETS["TRACKER"].encode()).decode(), SIGNING):
        assert secret not in kept
    assert outcome.data["request"]["headers"]["Authorization"] == f"Bearer {MASK}"


def test_a_failure_has_the_beginning_of_the_answer():
    sample = called(2)
    with a_service((422, {}, b"no such\n shot <b>" + b"x" * 5000)) as service:
        outcome = sample.run(call_url, Options(service.url))
    assert outcome.message.startswith("The call failed: 422 ")
    assert ": no such shot <b>xxx" in outcome.message
    assert len(outcome.message) < 300
    assert [result.message for result in sample.report.failed] == [
        outcome.message.removeprefix("The call failed: ")
    ] * 2


def test_which_answers_mean_success_is_an_option():
    for status, success, good in ((409, "200-299, 409", True), (409, "200-299", False), (201, "200", False)):
        sample = called(1)
        with a_service((status, {}, b"")) as service:
            sample.run(call_url, Options(service.url, success=success))
        assert bool(sample.report.done) == good


def test_one_failing_task_does_not_hold_the_others():
    sample = called(3)
    gone = sample.tasks[1].id
    with a_service(lambda got: (404 if gone in got.path else 200, {}, b"?")) as service:
        outcome = sample.run(call_url, Options(f"{service.url}/{{task_id}}", once_for="task"))
    assert outcome.message == "2 of 3 calls went well."
    assert [result.task.id for result in sample.report.failed] == [gone]


def test_a_variable_without_a_value_fails_its_task_and_nothing_is_sent_for_it():
    sample = called(4)
    with a_service() as service:
        options = Options(f"{service.url}/{{sequence_name}}", once_for="task")
        plan = sample.preview(call_url, options)
        sample.run(call_url, options)
    blocked = [step.task.id for step in plan.steps if step.blocked]
    assert blocked == [result.task.id for result in sample.report.failed]
    assert len(service.got) == 4 - len(blocked)


def test_it_tries_again_only_what_the_receiver_can_tell_apart():
    for options, tries in (
        (Options("", signing_secret="SIGN"), 3),
        (Options("", "PUT"), 3),
        (Options("", may_repeat=True), 3),
        (Options(""), 1),
    ):
        sample = called(1)
        with a_service((503, {}, b""), (503, {}, b""), (200, {}, b"")) as service:
            sample.run(call_url, replace(options, url=service.url))
        assert len(service.got) == tries
        assert len({got.headers["webhook-id"] for got in service.got}) == 1
        assert len({got.body for got in service.got}) == 1
        assert bool(sample.report.done) == (tries == 3)


def test_after_a_dead_worker_nothing_is_called_twice():
    first = called(3)
    done = frozenset({first.tasks[0].id})
    with a_service() as service:
        sample = called(3, done_before=done)
        sample.run(call_url, Options(f"{service.url}/{{task_id}}", once_for="task"))
        assert [got.path[1:] for got in service.got] == [task.id for task in first.tasks[1:]]
        sample = called(3, done_before=done)
        sample.run(call_url, Options(service.url))
    assert len(service.got) == 2
    assert len(sample.report.done) == 2


def test_kitsu_that_goes_away_stops_it_before_anything_is_sent_twice():
    """Variables of the last preview are read when the first is needed; what was sent until then stays known."""
    sample = called(5)
    with a_service() as service:
        options = Options(f"{service.url}/{{task_id}}", once_for="task", body='{"revision": "{preview_revision}"}')
        sample.studio.trouble = KitsuSlow()
        with pytest.raises(KitsuSlow):
            sample.run(call_url, options)
        assert not service.got
        sample.studio.trouble = None
        sample.run(call_url, replace(options, body=""))
    assert len(service.got) == len(sample.report.done) == 5


def test_cancelling_ends_it_between_two_calls():
    sample = called(10, stop_after=2)
    with a_service() as service, pytest.raises(Cancelled):
        sample.run(call_url, Options(f"{service.url}/{{task_id}}", once_for="task"))
    assert len(service.got) == 2


def a_thousand(sample):
    tasks = tuple(replace(sample.tasks[n % 50], id=str(uuid.UUID(int=n))) for n in range(1000))
    sample.call = replace(sample.call, resolution=replace(sample.call.resolution, tasks=tasks))
    return sample


def test_a_thousand_tasks_are_one_call_or_a_thousand():
    with a_service() as service:
        sample = a_thousand(called(50))
        sample.run(call_url, Options(service.url))
        assert len(service.got[0].json["data"]["tasks"]) == len(sample.report.done) == 1000
        sample = a_thousand(called(50))
        sample.run(call_url, Options(service.url, once_for="task"))
    assert (len(service.got), len(sample.report.done)) == (1001, 1000)
    assert len({got.headers["webhook-id"] for got in service.got}) == 1001


def test_addresses_of_the_studio_are_called_only_when_opened():
    sample = called(2, opened=())
    with a_service() as service:
        outcome = sample.run(call_url, Options(service.url))
    assert not service.got
    assert "CALL_URL_PRIVATE" in outcome.message
    assert len(sample.report.failed) == 2


def test_what_a_person_hears_of_garbage_names_no_internals():
    def garbage(connection, over):
        connection.recv(1000)
        connection.sendall(b"\x00garbage\r\n\r\n")

    sample = called(1)
    with raw_server(garbage) as url:
        outcome = sample.run(call_url, Options(f"{url}/secret-path"))
    assert outcome.message == "The call failed: 127.0.0.1 did not answer: what came is no proper answer."
    assert "answer" not in outcome.data


def test_the_preview_says_what_would_be_sent_and_sends_nothing():
    sample = called(2, entity_type="shot")
    options = Options("", headers="Authorization: {secret:NOT_THERE}", body='{"shot": "{entity_name}"}')
    with a_service() as service:
        each = sample.preview(call_url, replace(options, url=f"{service.url}/x", once_for="task"))
        for_all = sample.preview(call_url, Options(f"{service.url}/y"))
    name = sample.tasks[0].entity.name
    assert each.steps[0].message == f'POST {service.url}/x {{"shot": "{name}"}}'
    assert for_all.message.startswith(f'POST {service.url}/y {{"type": "kitsu.action", ')
    assert len(for_all.steps) == 2
    assert not service.got


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options("https://{entity_name}/"), "host"),
        (Options("ftp://tracker.studio/"), "https://"),
        (Options("https://0x7f.1/"), "number"),
        (Options("https://tracker.studio/", headers="no colon"), "Name: value"),
        (Options("https://tracker.studio/", headers="Host: evil"), "set by the bridge"),
        (Options("https://tracker.studio/", headers="webhook-ID: 1"), "set by the bridge"),
        (Options("https://tracker.studio/", headers="Bad Name: x"), "no name of a header"),
        (Options("https://tracker.studio/", success="2xx"), "no status"),
        (Options("https://tracker.studio/", "GET", body="{}"), "carries no content"),
        (Options("https://tracker.studio/", success=""), "no status"),
    ],
)
def test_options_that_no_call_can_be_made_of_are_said_when_saved(options, words):
    assert words in "".join(call_url.wrong(options, {}))
    with pytest.raises(ActionError, match=words):
        called().preview(call_url, options)


def test_good_options_are_not_complained_about():
    options = Options("https://tracker.studio/{entity_name}?a={task_id}", headers="X-A: {secret:TRACKER}\n\nX-B: b")
    assert not [*call_url.wrong(options, {})]


def test_a_secret_that_is_no_header_value_or_no_signing_secret_is_refused_before_anything_is_sent():
    with a_service() as service:
        for options in (
            Options(service.url, headers="X: {secret:LINES}"),
            Options(service.url, signing_secret="LINES"),
        ):
            sample = call_for(secrets={"LINES": "a\r\nX-Evil: 1"}, settings={"CALL_URL_PRIVATE": ["127.0.0.1"]})
            with pytest.raises(ActionError):
                sample.run(call_url, options)
    assert not service.got


def test_a_task_that_is_gone_is_not_told_about():
    sample = called(2, missing=1)
    with a_service() as service:
        sample.run(call_url, Options(service.url))
    assert len(service.got[0].json["data"]["tasks"]) == 2
