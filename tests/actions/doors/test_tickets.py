"""The doors of tickets: what the launcher says and hears, who gets a link, and what the page shows."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from actions import tickets
from actions.models import Ticket
from audit.states import State
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = {"application": "nuke", "arguments": [], "files": {"": ["/proj/<b>.nk"]}}


@pytest.fixture
def ticket(an_action, a_queued_invocation):
    invocation = a_queued_invocation(an_action(slug="nuke"))
    invocation.move(State.SUCCEEDED, when={State.QUEUED})
    return tickets.make_ticket(invocation, CONTENT, 5)


@pytest.fixture
def signed_in(client):
    """A client with the session of somebody: `signed_in("ada")`."""

    def sign_in(name):
        client.cookies["access_token_cookie"] = studio().log_in(f"{name}@sample.studio", "any")
        return client

    return sign_in


def say(client, name, **words):
    return client.post(reverse(name), words, content_type="application/json")


def link_of(client, ticket, **headers):
    return client.post(reverse("ticket_link", args=[ticket.pk]), headers={"Accept": "application/json"} | headers)


def test_it_works(signed_in, client, ticket):
    url = link_of(signed_in("ada"), ticket).json()["url"]
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.path) == ("kitsu-bridge", "run", "")
    said = parse_qs(parts.query)
    assert said["server"] == ["http://testserver"]
    client.cookies.clear()
    answer = say(client, "take_ticket", ticket=said["ticket"][0], host="ws12").json()
    assert answer["content"] == CONTENT
    for what in ({"what": "started"}, {"what": "log", "text": "a <b>\n"}, {"what": "finished", "exit_code": 0}):
        assert say(client, "report_on_ticket", report=answer["report"], **what).status_code == 200
    ticket.refresh_from_db()
    assert (ticket.state, ticket.host, ticket.log) == ("finished", "ws12", "a <b>\n")


def test_the_link_leads_to_the_bridge_s_own_address(signed_in, ticket, settings):
    settings.BRIDGE_URL = "https://kitsu.studio/bridge"
    said = parse_qs(urlsplit(link_of(signed_in("ada"), ticket).json()["url"]).query)
    assert said["server"] == ["https://kitsu.studio/bridge"]


def test_somebody_else_gets_no_link(signed_in, client, ticket):
    assert link_of(client, ticket).status_code == 404
    assert link_of(signed_in("noa"), ticket).status_code == 404
    Ticket.objects.update(person_id="somebody")
    refused = link_of(signed_in("ada"), ticket)
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "ticket_not_yours"
    page = client.post(reverse("ticket_link", args=[ticket.pk]), headers={"Accept": "text/html"})
    assert page.status_code == 403
    assert "somebody else" in page.content.decode()


def test_while_kitsu_is_away_nobody_is_called_a_stranger(signed_in, ticket, monkeypatch):
    client = signed_in("ada")
    monkeypatch.setattr(studio(), "trouble", KitsuSlow())
    answer = link_of(client, ticket)
    assert (answer.status_code, answer.json()["code"]) == (503, "kitsu_away")
    assert Ticket.objects.get().link_hash is None


def test_a_link_needs_the_page_s_own_token(ticket):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.cookies["access_token_cookie"] = studio().log_in("ada@sample.studio", "any")
    assert link_of(strict, ticket).status_code == 403
    assert Ticket.objects.get().link_hash is None


def test_without_javascript_the_link_has_a_page(signed_in, ticket):
    page = link_of(signed_in("ada"), ticket, Accept="text/html")
    assert 'href="kitsu-bridge://run?server=http%3A%2F%2Ftestserver&amp;ticket=' in page.content.decode()
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("name", ["take_ticket", "report_on_ticket"])
def test_the_launcher_is_heard_in_json_and_by_post_only(client, name):
    assert client.get(reverse(name)).status_code == 405
    assert client.post(reverse(name), {"ticket": "a"}).status_code == 415
    broken = client.post(reverse(name), "{", content_type="application/json")
    assert (broken.status_code, broken["Content-Type"]) == (400, "application/problem+json")
    large = client.post(reverse(name), '{"text": "' + "a" * 300_000 + '"}', content_type="application/json")
    assert large.status_code == 413


@pytest.mark.parametrize(("words", "status"), [
    ({"ticket": 7}, 400), ({"ticket": ["a"]}, 400), ({"ticket": "a", "host": {}}, 400), ({}, 404), ({"ticket": ""}, 404),
    ({"ticket": "é" * 500}, 404),
])  # fmt: skip
def test_it_refuses_tickets_that_are_none(client, words, status):
    assert say(client, "take_ticket", **words).status_code == status


@pytest.mark.parametrize("words", [
    {"what": "exploded"}, {"what": "finished"}, {"what": "finished", "exit_code": "0"},
    {"what": "finished", "exit_code": True}, {"what": "finished", "exit_code": 2**40}, {"what": ["log"]},
])  # fmt: skip
def test_it_refuses_reports_that_are_none(client, words):
    assert say(client, "report_on_ticket", report="a", **words).status_code == 400


def test_a_second_take_is_told_who_was_first(signed_in, client, ticket):
    token = parse_qs(urlsplit(link_of(signed_in("ada"), ticket).json()["url"]).query)["ticket"][0]
    assert say(client, "take_ticket", ticket=token, host="ws12").status_code == 200
    second = say(client, "take_ticket", ticket=token, host="ws13")
    assert second.status_code == 409
    assert "ws12" in second.json()["detail"]


def test_it_slows_down_whoever_guesses(client, settings):
    settings.RATE_PER_ADDRESS = "3/minute"
    codes = [say(client, "take_ticket", ticket=f"guess {number}").status_code for number in range(5)]
    assert codes == [404, 404, 404, 429, 429]
    assert say(client, "take_ticket", ticket="a")["Retry-After"]


def test_the_page_shows_how_far_it_is(signed_in, client, ticket, sample_person):
    token = tickets.give_link(ticket, Person.from_record(sample_person()), "127.0.0.1")
    where = reverse("tickets", args=[ticket.invocation_id])
    page = signed_in("ada").get(where).content.decode()
    assert "Start on this computer" in page
    assert "seen=open0" in page
    assert client.get(where, {"seen": "open0"}).status_code == 204
    _, key = tickets.take(token, tickets.Launcher("<ws12>", "127.0.0.1"))
    tickets.started(key)
    tickets.wrote(key, "a <b>\n")
    page = client.get(where, {"seen": "open0"}).content.decode()
    assert "&lt;ws12&gt;" in page
    assert "a &lt;b&gt;" in page
    assert "Start on this computer" not in page
    tickets.finished(key, 0)
    page = client.get(where).content.decode()
    assert "exit code 0" in page
    assert "hx-get" not in page


def test_others_see_how_far_it_is_and_cannot_start_it(signed_in, client, ticket):
    where = reverse("tickets", args=[ticket.invocation_id])
    assert client.get(where).status_code == 404
    Ticket.objects.update(person_id="somebody")
    page = signed_in("ada").get(where).content.decode()
    assert "can start it" in page
    assert "Start on this computer" not in page


@pytest.mark.parametrize("word", [{"ticket": "\ud800"}, {"ticket": "x", "host": "\ud800"}], ids=["ticket", "host"])
def test_half_a_character_is_no_ticket(client, word):
    response = client.post(reverse("take_ticket"), json.dumps(word), content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (404, "ticket_unknown")


def test_half_a_character_is_no_key_for_reports(client):
    word = json.dumps({"what": "started", "report": "\ud800"})
    response = client.post(reverse("report_on_ticket"), word, content_type="application/json")
    assert response.status_code == 403
