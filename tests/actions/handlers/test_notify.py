"""With a mail server and web services of the test's own."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from actions.clients.web import pause
from actions.contract import About, ActionError, Cancelled
from actions.handlers import notify
from actions.handlers.notify import Options
from actions.testing import call_for
from kitsu_bridge.kitsu.tasks import Assignee
from tests.actions.mailbox import a_mailbox
from tests.actions.outside import a_service, raw_server

FROM = "Kitsu Bridge <bridge@studio.example>"
ABOUT = About("i-1", "https://bridge.studio/invocations/i-1/", "Dailies")
FIXED = Options(to="Lead@studio.example, lead@studio.example\nprod@studio.example")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(pause, "FIRST", 0.02)


def called(tasks=3, *, sender=FROM, url="", **more):
    settings = {"EMAIL_FROM": sender, "CALL_URL_PRIVATE": ["127.0.0.1"]}
    return call_for(tasks=tasks, settings=settings, secrets={"HOOK": url}, **({"about": ABOUT} | more))


def given(sample, *, assignees=None, name=None):
    """The same call with other people on its first task, or with another name of its entity."""
    first, *rest = sample.tasks
    first = replace(first, assignees=first.assignees if assignees is None else tuple(assignees))
    first = replace(first, entity=replace(first.entity, name=name or first.entity.name))
    sample.call = replace(sample.call, resolution=replace(sample.call.resolution, tasks=(first, *rest)))
    return sample


def test_it_works(settings):
    sample = called()
    with a_mailbox(settings) as box:
        outcome = sample.run(notify, FIXED)
    assert box.recipients == [["Lead@studio.example"], ["prod@studio.example"]]
    mail = box.mails[0]
    assert (mail["from"], mail["to"], mail["subject"]) == (FROM, "Lead@studio.example", "Dailies, tasks: 3")
    assert mail["auto-submitted"] == "auto-generated"
    text = mail.get_content()
    assert text.startswith("Ada ")
    assert "ran “Dailies”. Tasks: 3." in text
    assert all(f"- {task.name} https://kitsu.sample.studio/" in text for task in sample.tasks)
    assert "https://bridge.studio/invocations/i-1/" in text
    assert outcome.message == "2 people got the e-mail."
    assert len(sample.report.done) == 3
    assert box.connections == 1


def test_each_address_gets_it_once(settings):
    people = [Assignee("1", "Noa", email="noa@x.example"), Assignee("2", "Also Noa", email="NOA@x.example"),
              Assignee("3", "Kim", email="kim@x.example"), Assignee("4", "Hidden")]  # fmt: skip
    sample = given(called(1), assignees=people)
    with a_mailbox(settings) as box:
        outcome = sample.run(notify, Options(to="kim@x.example", to_assignees=True, to_person=True))
    assert [to for (to,) in box.recipients] == ["kim@x.example", "ada@sample.studio", "noa@x.example"]
    assert outcome.message == "3 people got the e-mail. 1 did not; the log says why."
    assert sample.report.lines == [("warning", "Kitsu shows you no e-mail address of Hidden.")]


def test_a_long_selection_is_cut(settings):
    sample = called(57)
    with a_mailbox(settings) as box:
        sample.run(notify, FIXED)
    text = box.mails[0].get_content()
    assert text.count("\n- ") == 20
    assert "and 37 more" in text


@pytest.mark.parametrize(
    "name", ["x\r\nBcc: evil@x.example", "é \U0001f98a \ud800", "=?utf-8?q?x?=", "a" * 1000, "\u202e\x00"]
)
def test_no_name_becomes_a_header(settings, name):
    sample = given(called(1), name=name)
    with a_mailbox(settings) as box:
        sample.run(notify, replace(FIXED, subject="{entity_name}", text="{entity_name}"))
    assert len(box.mails) == 2
    for mail in box.mails:
        assert mail["bcc"] is None
        assert len(mail["subject"].strip()) <= 200


def test_an_address_that_is_refused_does_not_hold_the_others(settings):
    sample = called()
    with a_mailbox(settings, refused=["Lead@studio.example"]) as box:
        outcome = sample.run(notify, FIXED)
    assert box.recipients == [["prod@studio.example"]]
    assert outcome.message == "1 person got the e-mail. 1 did not; the log says why."
    assert "550 no such mailbox" in sample.report.lines[0][1]
    assert len(sample.report.done) == 3


def test_when_nobody_gets_it_every_task_failed(settings):
    sample = called()
    with a_mailbox(settings, refused=["Lead@studio.example", "prod@studio.example"]):
        outcome = sample.run(notify, FIXED)
    assert outcome.message.startswith("Nobody got the e-mail. Lead@studio.example: 550 ")
    assert len(sample.report.failed) == 3


def test_a_connection_that_breaks_is_made_anew_for_the_next(settings):
    sample = called()
    with a_mailbox(settings, breaks_after=0) as box:
        sample.run(notify, FIXED)
    assert (box.recipients, box.connections) == ([["prod@studio.example"]], 2)


def test_a_mail_server_that_cannot_be_used_is_said(settings):
    with a_mailbox(settings, password="right"):
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "bridge", "sesame-wrong"
        with pytest.raises(ActionError, match="password") as refused:
            called().run(notify, FIXED)
    assert "sesame" not in str(refused.value)
    with pytest.raises(ActionError, match="cannot be used: Connection refused"):
        called().run(notify, FIXED)


def test_a_mail_server_that_asks_for_a_password_gets_it(settings):
    with a_mailbox(settings, password="right") as box:
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "bridge", "right"
        called().run(notify, FIXED)
    assert len(box.mails) == 2


def test_the_same_mail_has_the_same_message_id(settings):
    with a_mailbox(settings) as box:
        called().run(notify, FIXED)
        called().run(notify, FIXED)
        called(invocation_id="another").run(notify, FIXED)
    ids = [mail["message-id"] for mail in box.mails]
    assert ids[:2] == ids[2:4]
    assert len(set(ids)) == 4
    assert all(one.endswith("@studio.example>") for one in ids)


@pytest.mark.parametrize(
    ("options", "sender", "words"),
    [
        (FIXED, "", "E-mail is not set up"),
        (Options(), FROM, "Say who gets"),
        (Options(to="lead@studio"), FROM, "no e-mail address"),
        (Options(to="a@x.example\r\nBcc: b@x.example"), FROM, "no e-mail address"),
        (Options("slack"), FROM, "Name the secret"),
        (Options("teams"), "", "Name the secret"),
    ],
)
def test_what_is_missing_is_said_when_saved_and_when_run(options, sender, words):
    sample = called(sender=sender)
    assert words in "".join(notify.wrong(options, sample.desk.settings))
    for act in (sample.run, sample.preview):
        with pytest.raises(ActionError, match=words):
            act(notify, options)


def test_nobody_to_write_to_is_said():
    hidden = given(called(1), assignees=[Assignee("4", "Kim")])
    with pytest.raises(ActionError, match="shows you no e-mail address of Kim"):
        hidden.run(notify, Options(to_assignees=True))
    with pytest.raises(ActionError, match="Nobody is assigned"):
        given(called(1), assignees=[]).run(notify, Options(to_assignees=True))


@pytest.mark.parametrize(("service", "status"), [("slack", 200), ("mattermost", 200), ("discord", 204), ("teams", 202)])
def test_a_chat_service_gets_one_message(service, status):
    with a_service((status, {}, b"")) as server:
        sample = called(30, url=f"{server.url}/hooks/secret-part")
        outcome = sample.run(notify, Options(service, "HOOK"))
    (got,) = server.got
    assert (got.method, got.path, got.headers["content-type"]) == ("POST", "/hooks/secret-part", "application/json")
    assert f"and {19 if service == 'discord' else 10} more" in json.dumps(got.json)
    assert "https://bridge.studio/invocations/i-1/" in json.dumps(got.json)
    assert outcome.message.endswith(" has it.")
    assert len(sample.report.done) == 30


def test_what_a_service_has_against_it_is_said_without_its_address():
    with a_service(lambda got: (404, {}, f"no_service at {got.path}".encode())) as server:
        sample = called(2, url=f"{server.url}/hooks/secret-part")
        outcome = sample.run(notify, Options("slack", "HOOK"))
    assert outcome.message == "Slack did not take it: 404 no_service at •••"
    assert [result.message for result in sample.report.failed] == [outcome.message] * 2
    away = called(2, url=f"{server.url}/hooks/secret-part").run(notify, Options("slack", "HOOK"))
    assert away.message == "Slack did not get it. 127.0.0.1 cannot be reached: connection refused."


def test_a_busy_service_is_asked_again_and_a_broken_one_is_not():
    with a_service((429, {"Retry-After": "0"}, b""), (200, {}, b"ok")) as server:
        assert called(url=server.url).run(notify, Options("slack", "HOOK")).message == "Slack has it."
    assert len(server.got) == 2
    with a_service((503, {}, b""), (200, {}, b"ok")) as server:
        assert "503" in called(url=server.url).run(notify, Options("slack", "HOOK")).message
    assert len(server.got) == 1
    came = []
    with raw_server(lambda connection, over: came.append(connection.recv(10))) as url:
        called(url=url).run(notify, Options("slack", "HOOK"))
    assert len(came) == 1


def test_after_a_dead_worker_it_is_not_sent_twice():
    with a_service() as server:
        sample = called(url=server.url, done_before=frozenset({called().tasks[0].id}))
        outcome = sample.run(notify, Options("slack", "HOOK"))
    assert outcome.message == "The message was sent before."
    assert (len(server.got), len(sample.report.done)) == (0, 2)


def test_cancelling_before_it_is_sent_sends_nothing():
    with a_service() as server, pytest.raises(Cancelled):
        called(url=server.url, stop_after=0).run(notify, Options("slack", "HOOK"))
    assert not server.got


def test_the_preview_says_who_gets_what_and_sends_nothing(settings):
    with a_mailbox(settings) as box:
        plan = called().preview(notify, replace(FIXED, to_person=True))
    to = "Lead@studio.example, prod@studio.example, ada@sample.studio"
    assert plan.message.startswith(f"E-mail to {to}. Subject: Dailies, tasks: 3. Text: Ada ")
    assert len(plan.steps) == 3
    assert not box.mails
    with a_service() as server:
        plan = called(url=f"{server.url}/secret-part").preview(notify, Options("discord", "NOT_THERE"))
    assert plan.message.startswith('To Discord: {"content": "Ada ')
    assert not server.got


def test_it_tells_the_end_of_another_call():
    about = About("i-2", "https://bridge.studio/invocations/i-2/", "Render", "partial", "2 of 3 rendered.")
    with a_service() as server:
        sample = called(0, url=server.url, about=about)
        sample.run(notify, Options("mattermost", "HOOK", "{action_name}: {invocation_state}. {invocation_message}"))
    text = server.got[0].json["text"]
    assert text.splitlines()[0] == "Render: partial. 2 of 3 rendered."
    assert "(https://bridge.studio/invocations/i-2/)" in text
