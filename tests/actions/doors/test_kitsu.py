"""The door for Kitsu, as browsers and programs use it, with the sample studio behind it."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.core import serializers
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.line.sweeper import sweep
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Door, Happened, State, Trust, WaitingFor
from kitsu_bridge import rates
from kitsu_bridge.kitsu.errors import KitsuUnreachable
from kitsu_bridge.kitsu.studio import studio
from tests.payloads import recorded

pytestmark = pytest.mark.django_db

KITSU = "http://127.0.0.1:28080"
PAGE = {"accept": "text/html,application/xhtml+xml", "origin": KITSU}
PROGRAM = {"accept": "*/*", "origin": KITSU}


@pytest.fixture(autouse=True)
def kitsu(settings):
    settings.KITSU_ORIGINS = [KITSU]
    settings.CACHE_URL = ""
    rates._limiter.cache_clear()


@pytest.fixture
def browser(sample_person):
    """A browser, signed in to Kitsu as somebody of a role, or as nobody."""

    def opened(role=""):
        client = Client(enforce_csrf_checks=True)
        if role:
            client.person = sample_person(role)
            client.cookies["access_token_cookie"] = studio().log_in(client.person["email"], "any")
        return client

    return opened


@pytest.fixture
def form(sample_task_ids):
    """Kitsu's form as a body: with these fields in place of its own."""

    def body(**fields):
        return urlencode({"selection": ",".join(sample_task_ids(3)), "entitytype": "shot"} | fields)

    return body


def post(client, action, body, headers=PAGE, content_type="application/x-www-form-urlencoded"):
    return client.generic("POST", f"/run/{getattr(action, 'slug', action)}/", body, content_type, headers=headers)


def the_one():
    return Invocation.objects.get()


def what(invocation):
    return list(invocation.events.values_list("what", flat=True))


def test_it_works(browser, an_action, form):
    client = browser("admin")
    response = post(client, an_action(), form(personid=client.person["id"], personemail=client.person["email"]))
    invocation = the_one()
    assert (response.status_code, response["Location"]) == (303, invocation.get_absolute_url())
    assert (invocation.state, invocation.trust, invocation.door) == (State.QUEUED, Trust.PROVEN, Door.FORM)
    assert invocation.person_id == client.person["id"]
    assert invocation.task_count == 3
    assert what(invocation) == [Happened.RECEIVED, Happened.PROVEN, Happened.QUEUED]


def test_it_takes_the_recorded_form_and_keeps_it_as_sent(browser, an_action):
    sent = recorded("form")
    response = post(browser(), an_action(), sent.body, {k: v for k, v in sent.headers.items() if k in PAGE})
    invocation = the_one()
    assert response.status_code == 303
    assert invocation.payload == sent.body.decode()
    assert invocation.person_email == "admin@example.com"
    assert (invocation.state, invocation.waiting_for) == (State.WAITING, WaitingFor.SIGN_IN)


def test_it_answers_kitsu_s_ajax_with_a_receipt(browser, an_action, form):
    client = browser("admin")
    body = json.dumps({"selection": json.loads(recorded("ajax").body)["selection"], "userid": client.person["id"]})
    response = post(client, an_action(background=True), body, PROGRAM, "application/json")
    assert response.status_code == 202
    assert response.json()["state"] == State.QUEUED
    assert response["Location"].endswith(the_one().get_absolute_url())
    assert response["Access-Control-Allow-Origin"] == KITSU
    assert response["Access-Control-Allow-Credentials"] == "true"
    assert the_one().door == Door.AJAX


@pytest.mark.parametrize("role", ["admin", "manager", "supervisor", "user", "client", "vendor"])
@pytest.mark.parametrize("wanted", [[], ["supervisor", "manager"], ["admin"], ["vendor"]])
@pytest.mark.parametrize("headers", [PAGE, PROGRAM])
def test_one_gate_for_every_role_and_door(browser, an_action, form, role, wanted, headers):
    client = browser(role)
    response = post(client, an_action(roles=wanted), form(), headers)
    invocation = the_one()
    roles = {role, *(studio().session(client.cookies["access_token_cookie"].value).context()["project_roles"].values())}
    if not wanted or roles & set(wanted):
        assert invocation.state == State.QUEUED
    else:
        assert (response.status_code, invocation.state, invocation.reason_code) == (403, State.REFUSED, "role")
        assert what(invocation) == [Happened.RECEIVED, Happened.REFUSED]
        assert (invocation.person_id, invocation.trust) == (client.person["id"], Trust.PROVEN)


def by_link(client, action, body, a_queued_invocation):
    """A link, and the yes on its page."""
    page = client.get(f"{action.get_absolute_url()}?{body}", headers={"accept": "text/html"})["Location"]
    client.get(page)
    token = client.cookies["kitsu_bridge_csrf"].value
    return client.post(f"{page}continue/", {"csrfmiddlewaretoken": token}), the_one()


def by_running_again(client, action, body, a_queued_invocation):
    """The button on the page of an earlier one of the same person."""
    before = a_queued_invocation(action, person=client.person)
    before.move(State.SUCCEEDED, when={State.QUEUED})
    client.get(before.get_absolute_url())
    token = client.cookies["kitsu_bridge_csrf"].value
    response = client.post(reverse("rerun_invocation", args=[before.pk]), {"csrfmiddlewaretoken": token})
    return response, Invocation.objects.exclude(pk=before.pk).get()


@pytest.mark.parametrize("role", ["admin", "manager", "supervisor", "user", "client", "vendor"])
@pytest.mark.parametrize("wanted", [[], ["supervisor", "manager"], ["admin"], ["vendor"]])
@pytest.mark.parametrize(("door", "go"), [(Door.LINK, by_link), (Door.RERUN, by_running_again)])
def test_the_same_gate_behind_links_and_pages(browser, an_action, form, a_queued_invocation, role, wanted, door, go):
    client = browser(role)
    response, invocation = go(client, an_action(roles=wanted), form(), a_queued_invocation)
    roles = {role, *(studio().session(client.cookies["access_token_cookie"].value).context()["project_roles"].values())}
    assert invocation.door == door
    if not wanted or roles & set(wanted):
        assert (response.status_code, invocation.state) == (303, State.QUEUED)
    else:
        assert (response.status_code, invocation.state, invocation.reason_code) == (403, State.REFUSED, "role")
        assert Happened.REFUSED in what(invocation)
    assert (invocation.person_id, invocation.trust) == (client.person["id"], Trust.PROVEN)


@pytest.mark.parametrize("path", ["/run/review", "/run/review/"])
def test_it_stands_with_and_without_the_slash(browser, an_action, form, path):
    an_action(slug="review")
    response = browser("admin").generic("POST", path, form(), "application/x-www-form-urlencoded", headers=PAGE)
    assert response.status_code == 303


# What has no proof


def test_a_form_without_proof_waits_for_sign_in_and_goes_on(browser, an_action, form, sample_person):
    client = browser()
    person = sample_person("user")
    response = post(client, an_action(), form(personid=person["id"], personemail=person["email"]))
    invocation = the_one()
    assert (invocation.state, invocation.waiting_for) == (State.WAITING, WaitingFor.SIGN_IN)
    client.cookies["access_token_cookie"] = studio().log_in(person["email"], "any")
    page = client.get(response["Location"])
    assert page.status_code == 200
    token = client.cookies["kitsu_bridge_csrf"].value
    client.post(reverse("continue_invocation", args=[invocation.pk]), {"csrfmiddlewaretoken": token})
    invocation.refresh_from_db()
    assert (invocation.state, invocation.trust) == (State.QUEUED, Trust.PROVEN)
    assert invocation.person_id == person["id"]


def test_ajax_without_proof_gets_401_and_is_recorded(browser, an_action, form):
    response = post(browser(), an_action(), form(), PROGRAM)
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"]
    assert response.json()["code"] == "not_proven"
    assert (the_one().state, the_one().reason_code) == (State.REFUSED, "not_proven")


def test_somebody_else_cannot_go_on_with_it(browser, an_action, form, sample_person):
    person = sample_person("user")
    client = browser()
    post(client, an_action(), form(personid=person["id"], personemail=person["email"]))
    client.cookies["access_token_cookie"] = studio().log_in(sample_person("supervisor")["email"], "any")
    client.get(the_one().get_absolute_url())
    token = client.cookies["kitsu_bridge_csrf"].value
    response = client.post(
        reverse("continue_invocation", args=[the_one().pk]),
        {"csrfmiddlewaretoken": token},
        headers={"accept": "text/html"},
    )
    assert response.status_code == 403
    assert the_one().state == State.WAITING
    assert Happened.REFUSED in what(the_one())
    other = browser("supervisor")
    other.get("/")
    assert other.get(the_one().get_absolute_url()).status_code == 404


def test_going_on_needs_the_page_s_csrf_token(browser, an_action, form):
    client = browser()
    post(client, an_action(), form())
    response = client.post(reverse("continue_invocation", args=[the_one().pk]), headers={"accept": "text/html"})
    assert response.status_code == 403
    assert the_one().state == State.WAITING


# Claims


def test_a_claim_is_enough_where_the_action_says_so(browser, an_action, form, sample_person):
    person = sample_person("user")
    post(browser(), an_action(trust="claimed"), form(personid=person["id"], personemail=person["email"]))
    assert (the_one().state, the_one().trust) == (State.QUEUED, Trust.CLAIMED)


@pytest.mark.parametrize(
    "claim", [{"personid": str(uuid.uuid4())}, {"personemail": "other@studio.test"}, {"personid": ""}]
)
def test_a_claim_must_fit_an_active_person(browser, an_action, form, sample_person, claim):
    person = sample_person("user")
    sent = {"personid": person["id"], "personemail": person["email"]} | claim
    response = post(browser(), an_action(trust="claimed"), form(**sent))
    assert (response.status_code, the_one().reason_code) == (403, "unknown_person")


def test_a_contradiction_is_refused_and_recorded(browser, an_action, form, sample_person):
    other = sample_person("supervisor")
    response = post(browser("user"), an_action(), form(personid=other["id"]))
    assert response.status_code == 403
    assert (the_one().state, the_one().reason_code) == (State.REFUSED, "contradiction")
    assert the_one().person_id == sample_person("user")["id"]
    assert the_one().understood["person_id"] == other["id"]


# Where it comes from


@pytest.mark.parametrize(("headers", "status"), [(PAGE, 403), (PROGRAM, 403)])
def test_a_foreign_page_is_refused_with_cookie_and_all(browser, an_action, form, headers, status):
    response = post(browser("admin"), an_action(), form(), headers | {"origin": "http://evil.example"})
    assert (response.status_code, the_one().reason_code) == (status, "origin")
    assert the_one().person_id == ""
    assert "Access-Control-Allow-Origin" not in response


@pytest.mark.parametrize("origin", ["", "null"])
def test_a_page_without_a_known_origin_asks_first(browser, an_action, form, origin):
    response = post(browser("admin"), an_action(), form(), PAGE | {"origin": origin})
    assert response.status_code == 303
    assert (the_one().state, the_one().waiting_for) == (State.WAITING, WaitingFor.CONFIRMATION)


@pytest.mark.parametrize(("origin", "status"), [("", 401), ("null", 403)])
def test_a_program_without_a_known_origin_is_refused(browser, an_action, form, origin, status):
    response = post(browser("admin"), an_action(), form(), PROGRAM | {"origin": origin})
    assert response.status_code == status
    assert the_one().state == State.REFUSED


def test_a_preflight_is_answered_and_leaves_no_record(browser, an_action):
    an_action(slug="review")
    response = browser().options("/run/review/", headers={"origin": KITSU})
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (204, KITSU)
    assert not Invocation.objects.exists()


@pytest.mark.parametrize("origin", ["null", "http://evil.example", ""])
def test_a_preflight_from_elsewhere_is_refused_and_recorded(browser, an_action, origin):
    an_action(slug="review")
    response = browser().options("/run/review/", headers={"origin": origin})
    assert response.status_code == 403
    assert "Access-Control-Allow-Origin" not in response
    assert the_one().reason_code == "origin"


# GET


def test_a_link_runs_nothing_and_leads_to_a_confirmation(browser, an_action, form):
    action = an_action()
    client = browser("admin")
    response = client.get(f"{action.get_absolute_url()}?{form()}", headers={"accept": "text/html"})
    assert response.status_code == 303
    assert (the_one().state, the_one().waiting_for, the_one().door) == (
        State.WAITING, WaitingFor.CONFIRMATION, Door.LINK
    )  # fmt: skip
    client.get(response["Location"])
    token = client.cookies["kitsu_bridge_csrf"].value
    client.post(reverse("continue_invocation", args=[the_one().pk]), {"csrfmiddlewaretoken": token})
    assert (the_one().state, the_one().trust) == (State.QUEUED, Trust.PROVEN)
    assert Happened.CONFIRMED in what(the_one())


@pytest.mark.django_db(transaction=True)
def test_confirm_first_says_what_it_will_do_and_then_runs(browser, an_action, form):
    client = browser("admin")
    post(client, an_action(confirm_first=True), form())
    assert (the_one().state, the_one().previewing, the_one().trust) == (State.QUEUED, True, Trust.PROVEN)
    carry_out(str(the_one().pk))
    assert the_one().waiting_for == WaitingFor.CONFIRMATION
    client.get(the_one().get_absolute_url())
    token = client.cookies["kitsu_bridge_csrf"].value
    client.post(reverse("continue_invocation", args=[the_one().pk]), {"csrfmiddlewaretoken": token})
    assert (the_one().state, the_one().previewing) == (State.QUEUED, False)
    carry_out(str(the_one().pk))
    assert the_one().state == State.SUCCEEDED


# What cannot be run


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"", "application/x-www-form-urlencoded", 400, "empty_selection"),
        (b"selection=", "application/x-www-form-urlencoded", 400, "empty_selection"),
        (b"selection=all", "application/x-www-form-urlencoded", 400, "not_an_id"),
        (b"{", "application/json", 400, "json"),
        (b"a=%ff", "application/x-www-form-urlencoded", 400, "encoding"),
        (b"a=%00", "application/x-www-form-urlencoded", 400, "nul"),
        (b"<x/>", "text/xml", 415, "content_type"),
    ],
)
@pytest.mark.parametrize("headers", [PAGE, PROGRAM])
def test_bad_input_is_answered_in_words_and_recorded(browser, an_action, body, content_type, status, code, headers):
    response = post(browser("admin"), an_action(), body, headers, content_type)
    invocation = the_one()
    assert (response.status_code, invocation.state, invocation.reason_code) == (status, State.REFUSED, code)
    assert invocation.reason
    if headers is PAGE:
        assert response["Content-Type"].startswith("text/html")
    else:
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["instance"].endswith(invocation.get_absolute_url())


def test_a_body_that_is_too_large_is_refused_and_recorded(browser, an_action, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = post(browser("admin"), an_action(), b"selection=" + b"a" * 2000)
    assert (response.status_code, the_one().reason_code, the_one().payload_size) == (413, "too_large", 2010)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
def test_another_method_is_refused(browser, an_action, method):
    response = browser("admin").generic(method, an_action().get_absolute_url(), headers=PROGRAM)
    assert (response.status_code, the_one().reason_code) == (405, "method")
    assert "POST" in response["Allow"]


@pytest.mark.parametrize("slug", ["no-such-action", "%00", "a" * 300, "<script>alert(1)<%2Fscript>"])
def test_an_unknown_action_is_refused_and_recorded(browser, form, slug):
    response = browser("admin").generic(
        "POST", f"/run/{slug}/", form(), "application/x-www-form-urlencoded", headers=PAGE
    )
    assert response.status_code == 404
    assert b"<script>alert" not in response.content


def test_a_disabled_action_is_refused(browser, an_action, form):
    response = post(browser("admin"), an_action(enabled=False), form())
    assert (response.status_code, the_one().reason_code) == (403, "disabled")


def test_hostile_text_is_shown_and_not_run(browser, an_action):
    body = urlencode({"selection": "<img src=x onerror=alert(1)>", "personid": "<script>alert(1)</script>"})
    response = post(browser("admin"), an_action(), body)
    assert response.status_code == 400
    assert b"<script>alert(1)" not in response.content
    assert b"<img src=x" not in response.content
    assert b"&lt;script&gt;alert(1)" in response.content


def test_secrets_are_kept_out_of_record_and_answer(browser, an_action):
    secret = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
    response = post(browser("admin"), an_action(), urlencode({"token": secret, "currentpath": secret}))
    assert secret not in the_one().payload
    assert secret.encode() not in response.content


def test_five_thousand_tasks_are_accepted(browser, an_action):
    ids = ",".join(str(uuid.UUID(int=number, version=4)) for number in range(5000))
    response = post(browser("admin"), an_action(largest_selection=5000), urlencode({"selection": ids}))
    assert response.status_code == 303
    assert the_one().task_count == 5000


def test_too_many_calls_are_refused_with_the_time_to_wait(browser, an_action, form, settings):
    settings.RATE_PER_PERSON = "1/hour"
    action = an_action(double_click_window=0)
    client = browser("admin")
    post(client, action, form())
    response = post(client, action, form(), PROGRAM)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_a_flood_of_broken_calls_is_recorded_without_its_payloads(browser, an_action, settings):
    settings.RATE_PER_ADDRESS = "2/hour"
    client, action = browser(), an_action()
    for _ in range(4):
        post(client, action, b"selection=all")
    kept = list(Invocation.objects.order_by("received_at").values_list("payload", "payload_size"))
    assert kept == [("selection=all", 13)] * 2 + [("", 13)] * 2


# Twice


def test_a_double_click_gets_the_first_one_s_page(browser, an_action, form):
    client, action = browser("admin"), an_action()
    first, second = post(client, action, form()), post(client, action, form())
    assert first["Location"] == second["Location"]
    assert Invocation.objects.count() == 1
    assert what(the_one()).count(Happened.REPEATED) == 1


def test_another_person_or_selection_is_no_double_click(browser, an_action, form, sample_task_ids):
    action = an_action()
    post(browser("admin"), action, form())
    post(browser("user"), action, form())
    post(browser("admin"), action, form(selection=sample_task_ids(1)[0]))
    assert Invocation.objects.count() == 3


def test_nobody_waits_in_another_s_place(browser, an_action, form, sample_person):
    person = sample_person("user")
    claim, action = form(personid=person["id"], personemail=person["email"]), an_action()
    first, second = post(browser(), action, claim), post(browser(), action, claim)
    assert first["Location"] != second["Location"]


def test_a_double_click_without_proof_runs_once(browser, an_action, form, sample_person):
    client, person = browser(), sample_person("user")
    action, body = an_action(), form(personid=person["id"], personemail=person["email"])
    pages = [post(client, action, body)["Location"] for _ in range(2)]
    client.cookies["access_token_cookie"] = studio().log_in(person["email"], "any")
    client.get(pages[0])
    token = client.cookies["kitsu_bridge_csrf"].value
    ends = [client.post(f"{page}continue/", {"csrfmiddlewaretoken": token})["Location"] for page in pages]
    assert ends == [pages[0], pages[0]]
    assert sorted(Invocation.objects.values_list("state", flat=True)) == [State.CANCELLED, State.QUEUED]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_one_is_recorded(browser, an_action, form):
    client, action, body = browser("admin"), an_action(), form()
    cookie = client.cookies["access_token_cookie"].value

    def click(_):
        window = Client()
        window.cookies["access_token_cookie"] = cookie
        try:
            return post(window, action, body)["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(click, range(16)))) == 1
    assert Invocation.objects.count() == 1


# Kitsu away


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [PAGE, PROGRAM])
def test_a_call_is_kept_while_kitsu_is_away_and_goes_on_by_itself(browser, an_action, form, headers, settings):
    client, body, action = browser("admin"), form(), an_action()
    cache.clear()
    studio().trouble = KitsuUnreachable()
    try:
        response = post(client, action, body, headers)
        assert response.status_code in {303, 202}
        assert (the_one().state, the_one().waiting_for) == (State.WAITING, WaitingFor.KITSU)
        assert "cannot be reached" in the_one().reason
        Invocation.objects.update(next_at=timezone.now())
        sweep()
        assert the_one().state == State.WAITING
    finally:
        studio().trouble = None
    Invocation.objects.update(next_at=timezone.now())
    sweep()
    assert (the_one().state, the_one().trust) == (State.QUEUED, Trust.PROVEN)
    assert the_one().person_id == client.person["id"]


def test_no_token_reaches_the_record(browser, an_action, form):
    client, body = browser(), form()
    client.cookies["access_token_cookie"] = "secret-token.of-a.person"
    studio().trouble = KitsuUnreachable()
    try:
        post(client, an_action(), body)
    finally:
        studio().trouble = None
    assert the_one().waiting_for == WaitingFor.KITSU
    rows = serializers.serialize("json", [the_one(), *the_one().events.all()])
    assert "secret-token" not in rows
