"""The life of a ticket, on the database: given to one person, taken once, reported on, expired with a trace."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from actions import tickets
from actions.contract import ActionError
from actions.line import sweeper
from actions.line.problems import Refusal
from actions.models import Ticket
from actions.worker.desk import WorkersDesk
from audit.models import Event
from audit.states import Happened, Trust
from kitsu_bridge.kitsu.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

HERE = tickets.Launcher("ws12", "10.0.0.12")
CONTENT = {"application": "nuke", "arguments": ["-x"], "files": {"": ["/proj/a.nk"]}}


@pytest.fixture
def a_ticket(an_action, a_queued_invocation):
    def make(**how):
        minutes = how.pop("minutes", 5)
        return tickets.make_ticket(a_queued_invocation(an_action(slug="nuke")), CONTENT, minutes, **how)

    return make


@pytest.fixture
def ada(sample_person):
    return Person.from_record(sample_person("admin"))


def told(ticket):
    return [(event.what, event.text) for event in ticket.invocation.events.order_by("id")]


def refusal_of(step, *args):
    with pytest.raises(Refusal) as refused:
        step(*args)
    return refused.value.problem


def test_it_works(a_ticket, ada):
    ticket = a_ticket()
    token = tickets.give_link(ticket, ada, "10.0.0.12")
    taken, key = tickets.take(token, HERE)
    assert (taken.content, taken.host, taken.state) == (CONTENT, "ws12", "taken")
    tickets.started(key)
    tickets.wrote(key, "Loading\n")
    tickets.wrote(key, "password=hunter2\n")
    tickets.finished(key, 3)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.exit_code, ticket.log) == ("finished", 3, "Loading\npassword=•••\n")
    assert told(ticket) == [
        (Happened.TICKET_GIVEN, "Got the link that starts nuke."),
        (Happened.TICKET_TAKEN, "Taken by ws12."),
        (Happened.TICKET_REPORTED, "nuke started on ws12."),
        (Happened.TICKET_REPORTED, "nuke ended with exit code 3 on ws12."),
    ]


def test_neither_token_nor_key_is_kept_anywhere(a_ticket, ada):
    ticket = a_ticket()
    token = tickets.give_link(ticket, ada, "10.0.0.12")
    _, key = tickets.take(token, HERE)
    tickets.started(key)
    rows = [*Ticket.objects.values(), *Event.objects.values(), *type(ticket.invocation).objects.values()]
    assert token not in str(rows)
    assert key not in str(rows)


def test_of_many_who_take_it_one_gets_it(a_ticket, ada):
    ticket = a_ticket()
    token = tickets.give_link(ticket, ada, "10.0.0.12")
    begin, got, refused = threading.Barrier(8), [], []

    def take():
        try:
            begin.wait()
            got.append(tickets.take(token, HERE))
        except Refusal as refusal:
            refused.append(refusal.problem.code)
        finally:
            connection.close()

    together = [threading.Thread(target=take) for _ in range(8)]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    connections.close_all()
    assert len(got) == 1
    assert refused == ["ticket_taken"] * 7
    assert [what for what, _ in told(ticket)].count(Happened.TICKET_TAKEN) == 1
    assert [what for what, _ in told(ticket)].count(Happened.TICKET_REFUSED) == 7


def test_it_is_refused_a_second_time_and_when_unknown(a_ticket, ada):
    ticket = a_ticket()
    token = tickets.give_link(ticket, ada, "10.0.0.12")
    tickets.take(token, HERE)
    assert refusal_of(tickets.take, token, HERE).code == "ticket_taken"
    assert refusal_of(tickets.take, "guessed", HERE).code == "ticket_unknown"
    assert Event.objects.get(subject="ticket:unknown").data["address"] == "10.0.0.12"
    assert refusal_of(tickets.give_link, ticket, ada, "10.0.0.12").code == "ticket_taken"


def test_only_its_person_gets_the_link(a_ticket, sample_person):
    ticket = a_ticket()
    other = Person.from_record(sample_person("manager"))
    for person in (None, other):
        assert refusal_of(tickets.give_link, ticket, person, "10.0.0.12").code == "ticket_not_yours"
    assert [what for what, _ in told(ticket)] == [Happened.TICKET_REFUSED] * 2
    ticket.refresh_from_db()
    assert ticket.link_hash is None


def test_a_newer_link_takes_the_place_of_an_older(a_ticket, ada):
    ticket = a_ticket()
    old = tickets.give_link(ticket, ada, "10.0.0.12")
    new = tickets.give_link(ticket, ada, "10.0.0.12")
    assert refusal_of(tickets.take, old, HERE).code == "ticket_unknown"
    assert tickets.take(new, HERE)


def test_it_can_be_bound_to_the_address_of_the_browser(a_ticket, ada):
    ticket = a_ticket(same_address=True)
    token = tickets.give_link(ticket, ada, "10.0.0.99")
    assert refusal_of(tickets.take, token, HERE).code == "ticket_elsewhere"
    assert tickets.take(token, tickets.Launcher("ws99", "10.0.0.99"))


def test_it_expires_with_an_event_and_stays(a_ticket, ada):
    ticket = a_ticket()
    token = tickets.give_link(ticket, ada, "10.0.0.12")
    Ticket.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert refusal_of(tickets.take, token, HERE).code == "ticket_expired"
    assert sweeper.sweep()["tickets expired"] == 1
    assert sweeper.sweep()["tickets expired"] == 0
    ticket.refresh_from_db()
    assert ticket.state == "expired"
    assert told(ticket)[-1] == (Happened.TICKET_EXPIRED, "Nobody took the ticket that starts nuke.")
    assert refusal_of(tickets.take, token, HERE).code == "ticket_expired"


def test_one_that_was_taken_does_not_expire(a_ticket, ada):
    tickets.take(tickets.give_link(a_ticket(), ada, "10.0.0.12"), HERE)
    Ticket.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tickets.expire_tickets() == 0


def test_reports_need_the_key_and_end_with_the_end(a_ticket, ada):
    token = tickets.give_link(a_ticket(), ada, "10.0.0.12")
    _, key = tickets.take(token, HERE)
    assert refusal_of(tickets.started, token).code == "report_refused"
    tickets.started(key)
    assert refusal_of(tickets.started, key).code == "report_refused"
    tickets.failed(key, "It is not installed.\x00")
    for step in (lambda: tickets.finished(key, 0), lambda: tickets.wrote(key, "more"), lambda: tickets.failed(key, "")):
        assert refusal_of(step).code == "report_refused"
    assert Ticket.objects.get().reason == "It is not installed."


def test_what_a_program_writes_is_capped(a_ticket, ada, monkeypatch):
    monkeypatch.setattr(tickets, "LARGEST_LOG", 10)
    _, key = tickets.take(tickets.give_link(a_ticket(), ada, "10.0.0.12"), HERE)
    for _ in range(3):
        tickets.wrote(key, "1234567")
    kept = Ticket.objects.get()
    assert (kept.log, kept.log_size) == ("1234567123", 21)
    Ticket.objects.update(log_size=tickets.MOST_COUNTED)
    tickets.wrote(key, "1234567")
    assert Ticket.objects.get().log_size == tickets.MOST_COUNTED


def test_a_further_attempt_takes_the_place_of_what_nobody_took(an_action, a_queued_invocation, ada):
    invocation = a_queued_invocation(an_action(slug="nuke"))
    first = WorkersDesk(invocation)
    taken, left = (Ticket.objects.get(pk=first.ticket(CONTENT, 5)) for _ in range(2))
    tickets.take(tickets.give_link(taken, ada, "10.0.0.12"), HERE)
    again = WorkersDesk(invocation).ticket(CONTENT, 5)
    states = {str(ticket.pk): ticket.state for ticket in Ticket.objects.all()}
    assert states == {str(taken.pk): "taken", str(left.pk): "expired", again: "open"}
    assert told(left)[-1] == (Happened.TICKET_EXPIRED, "A further attempt took its place.")


def test_nobody_gets_a_ticket_for_a_call_of_nobody(an_action, a_queued_invocation):
    invocation = a_queued_invocation(an_action())
    invocation.trust = Trust.NONE
    with pytest.raises(ActionError, match="nobody knows"):
        tickets.make_ticket(invocation, CONTENT, 5)


def test_it_lives_for_minutes_and_holds_no_secrets(a_ticket, an_action, a_queued_invocation):
    ticket = a_ticket(minutes=10_000)
    assert ticket.expires_at - ticket.created_at <= timedelta(minutes=tickets.LONGEST_LIFE, seconds=1)
    invocation = a_queued_invocation(an_action(slug="other"))
    secret = tickets.make_ticket(invocation, {"application": "a", "arguments": ["--token=abcdef"]}, 1)
    assert secret.content["arguments"] == ["--token=•••"]
    with pytest.raises(ActionError, match="too many files"):
        tickets.make_ticket(invocation, {"files": ["/a" * 500] * 1100}, 1)
