"""Consent as people give it: the artist who asks, the lead who decides on a page or by a link, and who may not."""

from __future__ import annotations

import re
import socket
from datetime import timedelta

import pytest
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from actions.approvals.deciding import CannotDecide, decide
from actions.approvals.links import token_for
from actions.approvals.telling import AGAIN, tell_of_approvals
from actions.line import queue, sweeper
from actions.models import Approval, Decision
from actions.worker.run import carry_out
from audit.models import Invocation, TaskResult
from audit.states import Happened, State, WaitingFor
from kitsu_bridge.kitsu.errors import KitsuUnreachable
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio
from tests.actions.mailbox import a_mailbox

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = {"accept": "text/html", "origin": "https://kitsu.test"}
WAITS = (State.WAITING, WaitingFor.APPROVAL)


@pytest.fixture(autouse=True)
def kitsu(settings):
    settings.KITSU_ORIGINS = [PAGE["origin"]]


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """What was handed to the broker; never before it is committed, since a worker may be quicker."""
    ids = []

    def send(invocation):
        assert not connection.in_atomic_block
        ids.append(invocation.pk)
        return True

    monkeypatch.setattr(queue, "send", send)
    return ids


@pytest.fixture
def browser():
    """A browser signed in as somebody of the sample studio: `browser("greta")`."""

    def opened(name):
        client = Client(headers=PAGE)
        email = f"{name}@sample.studio"
        client.cookies["access_token_cookie"] = studio().log_in(email, "any")
        client.person = next(row for row in studio().bot().persons() if row["email"] == email)
        return client

    return opened


@pytest.fixture
def tasks_of():
    """Ids of tasks of a production in whose team these people are."""

    def found(*names, count=2):
        bot = studio().bot()
        ids = {row["id"] for row in bot.persons() if row["email"].split("@")[0] in names}
        for project in bot.open_projects():
            if ids <= {row["id"] for row in bot.team(project["id"])}:
                rows = [row for row in bot.project_tasks(project["id"]) if row["entity_id"]]
                return [row["id"] for row in rows][:count]
        raise AssertionError(names)

    return found


@pytest.fixture
def asked(browser, an_action, tasks_of):
    """An artist's call that waits for consent: `asked(approvers=[...])` gives browser and invocation."""

    def call(who="robin", team=("robin", "greta", "hana"), **fields):
        action = an_action("debug", f"with-consent-{Invocation.objects.count()}", **fields)
        artist = browser(who)
        artist.post(f"/run/{action.slug}/", {"selection": ",".join(tasks_of(*team)), "entitytype": "all"})
        invocation = Invocation.objects.latest("received_at")
        carry_out(str(invocation.pk))  # What it will do.
        invocation.refresh_from_db()
        if not fields.get("background"):
            assert invocation.waiting_for == WaitingFor.CONFIRMATION, invocation.reason
            artist.post(f"{invocation.get_absolute_url()}continue/")
        return artist, invocation

    return call


def stands(invocation):
    invocation.refresh_from_db()
    return (invocation.state, invocation.waiting_for)


def say(client, invocation, decision, note="", **more):
    return client.post(f"/approvals/{invocation.pk}/", {"decision": decision, "note": note, **more}, follow=True)


def text(response):
    return response.content.decode()


def test_it_works(asked, browser):
    artist, invocation = asked(approvers=["supervisors", "managers"])
    assert stands(invocation) == WAITS
    assert "It waits for the consent of one of the supervisors" in text(artist.get(invocation.get_absolute_url()))
    lead = browser("hana")
    assert 'class="badge">1' in text(lead.get("/"))
    assert str(invocation.pk) in text(lead.get("/approvals/"))
    page = text(lead.get(f"/approvals/{invocation.pk}/"))
    assert "What it will do" in page
    assert stands(invocation) == WAITS  # Looking decides nothing.
    say(lead, invocation, "yes", "Go <b>on</b>")
    assert stands(invocation)[0] == State.QUEUED
    carry_out(str(invocation.pk))
    assert stands(invocation)[0] == State.SUCCEEDED
    assert invocation.person_id == artist.person["id"]
    event = invocation.events.get(what=Happened.APPROVED)
    assert (event.actor_id, event.text) == (lead.person["id"], "Go <b>on</b>")
    assert "Nothing waits for your consent" in text(lead.get("/approvals/"))
    assert "Go &lt;b&gt;on&lt;/b&gt;" in text(lead.get(f"/approvals/{invocation.pk}/"))


def test_a_no_ends_it_with_the_reason(asked, browser):
    artist, invocation = asked(approvers=["managers"])
    say(browser("hana"), invocation, "no", "Not before Friday.")
    assert stands(invocation)[0] == State.REFUSED
    assert invocation.reason_code == "not_approved"
    assert "did not consent: Not before Friday." in text(artist.get(invocation.get_absolute_url()))


def test_nobody_consents_to_their_own(asked):
    artist, invocation = asked("hana", approvers=["managers", "supervisors", "named"], approver_ids=[_id("hana")])
    assert artist.get(f"/approvals/{invocation.pk}/").status_code == 404
    assert say(artist, invocation, "yes").status_code == 404
    with pytest.raises(CannotDecide):
        decide(invocation, Person.from_record(artist.person), yes=True, by=Decision.By.REST)
    artist.post(f"{invocation.get_absolute_url()}continue/")
    assert stands(invocation) == WAITS


@pytest.mark.parametrize("who", ["noa", "clara", "pixelworks", "emile"])
def test_whoever_may_not_is_told_nothing(asked, browser, who):
    _, invocation = asked(approvers=["managers"])
    assert browser(who).get(f"/approvals/{invocation.pk}/").status_code == 404
    assert say(browser(who), invocation, "yes").status_code == 404
    assert Client().get(f"/approvals/{invocation.pk}/").status_code == 302
    assert stands(invocation) == WAITS


def test_two_are_needed_and_one_counts_once(asked, browser):
    _, invocation = asked(approvers=["named"], approver_ids=[_id("emile"), _id("hana")], approvals_needed=2)
    emile = browser("emile")
    say(emile, invocation, "yes")
    assert "a decision stands" in text(say(emile, invocation, "yes"))
    assert stands(invocation) == WAITS
    assert invocation.events.filter(what=Happened.APPROVED).count() == 1
    say(browser("hana"), invocation, "yes")
    assert stands(invocation)[0] == State.QUEUED
    assert "does not wait for consent any more" in text(say(browser("hana"), invocation, "no"))


def test_supervisors_decide_for_their_own_departments(asked, browser):
    _, invocation = asked(approvers=["supervisors"])
    greta = next(row for row in studio().bot().persons() if row["email"].startswith("greta@"))
    own = set(greta["departments"])
    needed = set(Approval.objects.get(invocation=invocation).departments)
    assert needed
    may = not own or needed <= own
    assert browser("greta").get(f"/approvals/{invocation.pk}/").status_code == (200 if may else 404)
    Approval.objects.update(departments=[*needed, "another"])
    assert browser("greta").get(f"/approvals/{invocation.pk}/").status_code == (200 if not own else 404)


def test_in_the_background_nobody_else_is_asked_first(asked):
    _, invocation = asked(approvers=["managers"], background=True)
    assert stands(invocation) == WAITS


def test_it_expires_in_words(asked):
    _, invocation = asked(approvers=["managers"], approval_hours=5)
    assert stands(invocation) == WAITS
    assert timedelta(hours=4) < invocation.expires_at - timezone.now() < timedelta(hours=6)
    Invocation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    sweeper.expire()
    assert stands(invocation)[0] == State.EXPIRED
    assert "Nobody consented to it within 5 hours" in invocation.reason


def test_an_action_that_was_switched_off_meanwhile_does_not_run(asked, browser):
    from actions.models import Action

    _, invocation = asked(approvers=["managers"])
    Action.objects.update(enabled=False)
    say(browser("hana"), invocation, "yes")
    assert stands(invocation)[0] == State.REFUSED
    assert invocation.reason_code == "disabled"


def test_a_link_in_an_e_mail_decides_once(asked, settings, sent):
    settings.BRIDGE_URL = "https://kitsu.test"
    settings.EMAIL_FROM = "Bridge <bridge@kitsu.test>"
    _, invocation = asked(approvers=["named"], approver_ids=[_id("emile")])
    with a_mailbox(settings) as box:
        assert tell_of_approvals() == 1
        assert tell_of_approvals() == 0
    (mail,) = box.mails
    assert mail["To"] == "emile@sample.studio"
    (link,) = re.findall(r"https://kitsu\.test(/\S+)", mail.get_content())
    nobody = Client(headers=PAGE)
    page = text(nobody.get(link))
    assert "You decide as <bdi>" in page
    assert stands(invocation) == WAITS  # A mail server that follows links decides nothing.
    nobody.post(link, {"decision": "yes"})
    assert stands(invocation)[0] == State.QUEUED
    assert invocation.events.get(what=Happened.APPROVED).data["by"] == "By the link in an e-mail"
    for spent in (nobody.get(link), nobody.post(link, {"decision": "no"}, follow=True)):
        assert "You said <strong>yes</strong>" in text(spent)
        assert "What it will do" not in text(spent)
    assert invocation.events.filter(what=Happened.NOT_APPROVED).count() == 0


def test_a_link_says_how_it_stands_when_nothing_waits_any_more(asked, browser):
    artist, invocation = asked(approvers=["managers"])
    link = f"/approvals/{invocation.pk}/?as={token_for(invocation, _id('hana'))}"
    Invocation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    sweeper.expire()
    page = text(Client().get(link))
    assert "Nobody consented to it within 48 hours" in page
    assert artist.person["full_name"] not in page
    assert "What it will do" not in text(say(Client(), invocation, "yes", **{"as": link.partition("=")[2]}))
    assert stands(invocation)[0] == State.EXPIRED


def test_a_link_waits_for_kitsu(asked):
    _, invocation = asked(approvers=["managers"])
    link = f"/approvals/{invocation.pk}/?as={token_for(invocation, _id('hana'))}"
    studio().trouble = KitsuUnreachable()
    try:
        response = Client().get(link)
    finally:
        studio().trouble = None
    assert (response.status_code, "Kitsu does not answer" in text(response)) == (503, True)
    assert Client().get(link).status_code == 200


def test_a_link_is_of_one_person_and_one_call(asked, browser):
    _, invocation = asked(approvers=["managers"])
    _, other = asked(approvers=["managers"])
    forged = signing.dumps([str(other.pk), _id("hana")], salt="kitsu-bridge.approval")
    own = signing.dumps([str(invocation.pk), invocation.person_id], salt="kitsu-bridge.approval")
    for token in (forged, own, "x", forged[:-1]):
        response = Client().get(f"/approvals/{invocation.pk}/", {"as": token})
        assert (response.status_code, "This link does not hold" in text(response)) == (404, True)
        assert say(Client(), invocation, "yes", **{"as": token}).status_code == 404
    assert stands(invocation) == WAITS


def test_without_kitsu_or_mail_nothing_is_lost(asked, settings):
    settings.BRIDGE_URL, settings.EMAIL_FROM = "https://kitsu.test", "Bridge <bridge@kitsu.test>"
    _, invocation = asked(approvers=["managers"])
    studio().trouble = KitsuUnreachable()
    try:
        assert tell_of_approvals() == 0
    finally:
        studio().trouble = None
    assert stands(invocation) == WAITS
    assert "Nobody could be told" in invocation.events.get(what=Happened.TOLD).text
    with a_mailbox(settings) as box:
        assert tell_of_approvals() == 0  # Not at once: the sweeper has more to do.
        cache.delete(AGAIN)
        assert tell_of_approvals() == 1
        assert tell_of_approvals() == 0
    assert "hana@sample.studio" in {mail["To"] for mail in box.mails}
    assert len(box.mails) == len({mail["To"] for mail in box.mails})


def test_a_mail_server_that_is_away_is_tried_again_and_said_once(asked, settings):
    settings.BRIDGE_URL, settings.EMAIL_FROM = "https://kitsu.test", "Bridge <bridge@kitsu.test>"
    _, invocation = asked(approvers=["managers"])
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = nobody_listens.getsockname()
        for _ in range(2):
            assert tell_of_approvals() == 0
            cache.delete(AGAIN)
    assert "The mail server cannot be used" in invocation.events.get(what=Happened.TOLD).text
    with a_mailbox(settings) as box:
        assert tell_of_approvals() == 1
    assert "hana@sample.studio" in {mail["To"] for mail in box.mails}


def test_a_prepared_run_is_handed_to_a_lead_who_starts_it(asked, browser, an_action, tasks_of):
    action, artist = an_action("debug", "prepared", confirm_first=True), browser("robin")
    artist.post(f"/run/{action.slug}/", {"selection": ",".join(tasks_of("robin", "hana")), "entitytype": "all"})
    invocation = Invocation.objects.latest("received_at")
    carry_out(str(invocation.pk))
    assert "Hand it to somebody to start" in text(artist.get(invocation.get_absolute_url()))
    wrong = artist.post(f"{invocation.get_absolute_url()}hand/", {"to": _id("clara")}, follow=True)
    assert "Choose somebody who leads" in text(wrong)
    artist.post(f"{invocation.get_absolute_url()}hand/", {"to": _id("hana"), "note": "Please <b>now</b>"})
    lead = browser("hana")
    assert str(invocation.pk) in text(lead.get("/approvals/"))
    page = text(lead.get(f"/approvals/{invocation.pk}/"))
    assert "Please &lt;b&gt;now&lt;/b&gt;" in page
    assert browser("greta").post(f"/approvals/{invocation.pk}/start/").url.endswith("/approvals/")
    lead.post(f"/approvals/{invocation.pk}/start/")
    assert stands(invocation)[0] == State.JOINED
    started = invocation.behind
    assert (started.person_id, started.rerun_of_id) == (lead.person["id"], invocation.pk)
    assert invocation.events.filter(what=Happened.HANDED).exists()
    lead.post(f"/approvals/{invocation.pk}/start/")
    assert Invocation.objects.filter(rerun_of=invocation).count() == 1


def test_what_one_may_not_do_oneself_is_handed_to_who_may(browser, an_action, tasks_of):
    """Nothing of it is for the artist to run, and nobody needs to type it anew."""
    action = an_action("priority", "urgent", confirm_first=True, values={"priority": "3"}, fixed=["priority"])
    artist = browser("robin")
    ids = tasks_of("robin", "hana")
    artist.post(f"/run/{action.slug}/", {"selection": ",".join(ids), "entitytype": "all"})
    invocation = Invocation.objects.latest("received_at")
    carry_out(str(invocation.pk))
    page = text(artist.get(invocation.get_absolute_url()))
    assert "There is nothing to run." in page
    assert "Hand it to somebody to start" in page
    artist.post(f"{invocation.get_absolute_url()}hand/", {"to": _id("hana")})
    browser("hana").post(f"/approvals/{invocation.pk}/start/")
    assert stands(invocation)[0] == State.JOINED
    started = invocation.behind
    carry_out(str(started.pk))
    assert {row.state for row in TaskResult.objects.filter(invocation=started)} == {TaskResult.State.PLANNED}


def _id(name):
    return next(row["id"] for row in studio().bot().persons() if row["email"] == f"{name}@sample.studio")
