"""Consent beside a real Zou: who may give it by Kitsu's roles and departments, who is told, and in whose name it runs."""

from __future__ import annotations

import os
import re

import pytest
from django.test import Client

from actions.approvals.telling import tell_of_approvals
from actions.line import queue
from actions.line.maintenance import go_on_again, resume
from actions.line.pauses import pause
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Happened, State, WaitingFor
from kitsu_bridge.kitsu.studio import studio
from tests.actions.mailbox import a_mailbox
from tests.servers.production import Production

pytestmark = [pytest.mark.zou, pytest.mark.django_db(transaction=True)]

PAGE = {"accept": "text/html", "origin": "https://kitsu.test"}
COMMENT = ["status", "text", "checklist", "mention", "attachment"]
WAITS = (State.WAITING, WaitingFor.APPROVAL)


@pytest.fixture(scope="module")
def production():
    made = Production(2, {"asker": "manager", "all": "supervisor", "second": "manager", "artist": "user"})
    own = made.ask("GET", f"data/task-types/{made.task_type['id']}")["department_id"]
    other = next(row["id"] for row in made.ask("GET", "data/departments") if row["id"] != own)
    made.join("within", "supervisor", [own])
    made.join("without", "supervisor", [other])
    yield made
    made.remove()


@pytest.fixture(autouse=True)
def with_mail(beside_zou, settings, monkeypatch):
    settings.KITSU_ORIGINS, settings.BRIDGE_URL = [PAGE["origin"]], "https://kitsu.test"
    settings.EMAIL_FROM = "Bridge <bridge@kitsu.test>"
    monkeypatch.setattr(queue, "send", lambda invocation: True)


@pytest.fixture
def browser(production):
    """Signed in to Kitsu as one of these people."""

    def opened(who):
        client = Client(headers=PAGE)
        email = production.people[who]["email"]
        client.cookies["access_token_cookie"] = studio().log_in(email, os.environ["TEST_ZOU_PASSWORD"])
        return client

    return opened


@pytest.fixture
def clicked(browser, an_action, production):
    """The button in Kitsu: the browser, and what came of it."""

    def call(who="asker", **fields):
        values = {"text": f"Said by {fields['slug']}"}
        action = an_action("comment", values=values, fixed=COMMENT, **fields)
        client = browser(who)
        tasks = ",".join(task["id"] for task in production.tasks)
        client.post(f"/run/{action.slug}/", {"selection": tasks, "entitytype": "shot"})
        return client, Invocation.objects.latest("received_at")

    return call


@pytest.fixture
def asked(clicked):
    """A call that waits for consent."""

    def call(**fields):
        client, invocation = clicked(**fields)
        carry_out(str(invocation.pk))
        client.post(f"{invocation.get_absolute_url()}continue/")
        assert stands(invocation) == WAITS, invocation.reason
        return client, invocation

    return call


def stands(invocation):
    invocation.refresh_from_db()
    return (invocation.state, invocation.waiting_for)


def say(client, invocation, decision="yes"):
    return client.post(f"/approvals/{invocation.pk}/", {"decision": decision}).status_code


def written(production, text):
    """Who wrote it, a task after the other."""
    ids = [task["id"] for task in production.tasks]
    rows = {row["object_id"]: row["person_id"] for row in studio().bot().comments(ids) if row["text"] == text}
    return [rows.get(one) for one in ids]


def test_it_works(asked, browser, production, settings):
    _, invocation = asked(slug="of-supervisors", approvers=["supervisors"])
    for who in ("asker", "second", "artist", "without"):
        assert browser(who).get(f"/approvals/{invocation.pk}/").status_code == 404, who
        assert say(browser(who), invocation) == 404, who
    assert stands(invocation) == WAITS
    with a_mailbox(settings) as box:
        assert tell_of_approvals() == 1
    told = {mail["To"]: re.search(r"https://kitsu\.test(/\S+)", mail.get_content())[1] for mail in box.mails}
    assert set(told) == {production.people[who]["email"] for who in ("all", "within")}
    link = told[production.people["within"]["email"]]
    nobody = Client(headers=PAGE)
    assert "Yes, it may run" in nobody.get(link).content.decode()
    nobody.post(link, {"decision": "yes"})
    assert stands(invocation)[0] == State.QUEUED
    carry_out(str(invocation.pk))
    assert stands(invocation)[0] == State.SUCCEEDED
    assert written(production, "Said by of-supervisors") == [production.people["asker"]["id"]] * 2


def test_two_of_them_are_needed(asked, browser):
    _, invocation = asked(slug="of-two", approvers=["supervisors", "managers"], approvals_needed=2)
    assert say(browser("asker"), invocation) == 404
    say(browser("second"), invocation)
    assert stands(invocation) == WAITS
    say(browser("within"), invocation)
    assert stands(invocation)[0] == State.QUEUED


def test_named_people_may_whatever_their_role(asked, browser, production):
    _, invocation = asked(slug="of-one", approvers=["named"], approver_ids=[production.people["artist"]["id"]])
    assert say(browser("second"), invocation, "no") == 404
    say(browser("artist"), invocation, "no")
    assert stands(invocation)[0] == State.REFUSED
    assert written(production, "Said by of-one") == [None, None]


def test_what_was_kept_by_a_pause_runs_once_when_it_is_over(clicked, production):
    pause("kept", "The <b>farm</b> moves.", None)
    client, invocation = clicked(slug="kept")
    assert stands(invocation) == (State.WAITING, WaitingFor.MAINTENANCE)
    assert "The &lt;b&gt;farm&lt;/b&gt; moves." in client.get(invocation.get_absolute_url()).content.decode()
    carry_out(str(invocation.pk))
    assert written(production, "Said by kept") == [None, None]
    assert resume("kept", None)
    assert go_on_again() == 0
    carry_out(str(invocation.pk))
    carry_out(str(invocation.pk))
    assert stands(invocation)[0] == State.SUCCEEDED
    assert written(production, "Said by kept") == [production.people["asker"]["id"]] * 2
    assert invocation.events.filter(what=Happened.CLAIMED).count() == 1
