"""Consent beside a real Zou: who may give it by Kitsu's roles and departments, who is told, and in whose name it runs."""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from actions.approvals.telling import tell_of_approvals
from actions.line import queue, sweeper
from actions.line.maintenance import go_on_again, resume
from actions.line.pauses import pause
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Happened, State, WaitingFor
from kitsu_bridge.kitsu.studio import studio
from tests.actions.mailbox import a_mailbox
from tests.actions.rest.conftest import Program
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


def token_of(production, who):
    return studio().log_in(production.people[who]["email"], os.environ["TEST_ZOU_PASSWORD"])


def test_it_is_decided_by_rest(asked, production):
    """With tokens of Kitsu's own: whom it does not concern hears nothing of it, one decides once, and then it runs."""
    _, invocation = asked(slug="by-rest", approvers=["supervisors"], approvals_needed=2)
    programs = {who: Program(token_of(production, who)) for who in production.people}
    for who in ("asker", "second", "artist", "without"):
        assert programs[who].post(f"invocations/{invocation.pk}/approve/").status_code == 404, who
    first = programs["all"].post(f"invocations/{invocation.pk}/approve/", {"note": "From <b>the night</b>"})
    assert (first.status_code, first.json()["waiting_for"]) == (200, WaitingFor.APPROVAL)
    assert programs["all"].post(f"invocations/{invocation.pk}/refuse/").status_code == 409
    last = programs["within"].post(f"invocations/{invocation.pk}/approve/")
    assert (last.status_code, last.json()["state"]) == (200, State.QUEUED)
    assert programs["within"].post(f"invocations/{invocation.pk}/refuse/").status_code == 409
    carry_out(str(invocation.pk))
    assert stands(invocation)[0] == State.SUCCEEDED
    assert written(production, "Said by by-rest") == [production.people["asker"]["id"]] * 2
    told = invocation.events.filter(what=Happened.APPROVED).order_by("id")
    assert [(event.actor_id, event.data["by"]) for event in told] == [
        (production.people[who]["id"], "By REST") for who in ("all", "within")
    ]
    assert told[0].text == "From <b>the night</b>"


def test_a_no_by_rest_ends_it(asked, production):
    client, invocation = asked(slug="no-by-rest", approvers=["managers"])
    answer = Program(token_of(production, "second")).post(f"invocations/{invocation.pk}/refuse/", {"note": "Not yet"})
    assert (answer.status_code, answer.json()["state"]) == (200, State.REFUSED)
    carry_out(str(invocation.pk))
    assert "did not consent: Not yet" in client.get(invocation.get_absolute_url()).content.decode()
    assert written(production, "Said by no-by-rest") == [None, None]


def test_nobody_consents_in_time(asked, browser, production):
    client, invocation = asked(slug="in-time", approvers=["managers"], approval_hours=3)
    Invocation.objects.filter(pk=invocation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    sweeper.expire()
    assert stands(invocation)[0] == State.EXPIRED
    assert "Nobody consented to it within 3 hours" in client.get(invocation.get_absolute_url()).content.decode()
    late = Program(token_of(production, "second")).post(f"invocations/{invocation.pk}/approve/")
    assert (late.status_code, stands(invocation)[0]) == (409, State.EXPIRED)
    say(browser("second"), invocation)
    carry_out(str(invocation.pk))
    assert stands(invocation)[0] == State.EXPIRED
    assert written(production, "Said by in-time") == [None, None]


def test_a_prepared_run_is_started_by_the_lead_in_their_name(clicked, browser, production):
    """An artist may prepare what Kitsu lets only leads do; what the lead starts is written as the lead's."""
    client, invocation = clicked("artist", slug="handed", confirm_first=True)
    carry_out(str(invocation.pk))
    page = client.get(invocation.get_absolute_url()).content.decode()
    offered = {who for who, row in production.people.items() if f'value="{row["id"]}"' in page}
    assert offered == {"asker", "second", "all", "within", "without"}
    people, url = production.people, invocation.get_absolute_url()
    client.post(f"{url}hand/", {"to": people["artist"]["id"]})
    assert not invocation.events.filter(what=Happened.HANDED).exists()
    client.post(f"{url}hand/", {"to": people["second"]["id"], "note": "Please"})
    assert f"/approvals/{invocation.pk}/" in browser("second").get("/approvals/").content.decode()
    browser("asker").post(f"/approvals/{invocation.pk}/start/")
    assert stands(invocation) == (State.WAITING, WaitingFor.CONFIRMATION)
    browser("second").post(f"/approvals/{invocation.pk}/start/")
    assert stands(invocation)[0] == State.JOINED
    started = invocation.behind
    assert (started.person_id, started.rerun_of_id) == (people["second"]["id"], invocation.pk)
    for _ in range(2):  # What it will do, and, after the yes to that, the run.
        carry_out(str(started.pk))
        if stands(started) == (State.WAITING, WaitingFor.CONFIRMATION):
            browser("second").post(f"{started.get_absolute_url()}continue/")
    assert stands(started)[0] == State.SUCCEEDED
    assert written(production, "Said by handed") == [people["second"]["id"]] * 2


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
