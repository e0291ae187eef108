from __future__ import annotations

import pytest
from django.urls import reverse

from audit.access import remember_call, share_token
from audit.states import Happened, State, Trust, WaitingFor
from kitsu_bridge.kitsu.errors import KitsuUnreachable
from kitsu_bridge.kitsu.sample.people import EMAILS
from kitsu_bridge.kitsu.studio import studio

SHORT, SHOW, FEATURE = "The Lantern Keeper", "Kettle & Crow", "Ninth Tide"


def status(client, invocation, query=""):
    return client.get(f"{invocation.get_absolute_url()}{query}").status_code


def test_it_works(browser, an_invocation):
    assert status(browser("noa"), an_invocation("noa")) == 200


@pytest.mark.parametrize(
    ("projects", "allowed"),
    [
        ([SHORT], {"noa", "ada", "mirko", "hana", "greta", "tomas"}),
        ([SHOW], {"noa", "ada", "mirko", "luis", "hana", "greta", "tomas"}),
        ([SHORT, SHOW], {"noa", "ada", "mirko", "hana", "greta", "tomas"}),
        ([FEATURE], {"noa", "ada", "mirko", "luis", "juno"}),
        ([], {"noa", "ada", "mirko"}),
    ],
)
def test_owner_leads_of_all_its_productions_and_studio_managers(browser, an_invocation, project_ids, projects, allowed):
    invocation = an_invocation("noa", project_ids=[project_ids[name] for name in projects])
    everybody = [name for name in EMAILS if name != "former"]  # Who may sign in.
    assert {name for name in everybody if status(browser(name), invocation) == 200} == allowed
    listed = invocation.get_absolute_url().encode()
    assert {name for name in everybody if listed in browser(name).get(reverse("log")).content} == allowed


def test_a_role_of_the_production_makes_a_lead(browser, an_invocation, project_ids):
    invocation = an_invocation("greta", project_ids=[project_ids[SHOW]])
    assert status(browser("noa"), invocation) == 200
    assert status(browser("emile"), invocation) == 404


def test_nobody_sees_nothing_and_not_whether_it_is_there(browser, an_invocation):
    there = browser().get(an_invocation().get_absolute_url())
    absent = browser().get("/invocations/00000000-0000-4000-8000-000000000000/")
    assert there.status_code == absent.status_code == 404
    assert b"Review" not in there.content


def test_the_browser_that_made_the_call_sees_where_it_stands_and_no_more(browser, an_invocation, client):
    invocation = an_invocation(
        "", state=State.WAITING, waiting_for=WaitingFor.SIGN_IN, reason="Sign in.", payload="secret=1"
    )
    page = browser()
    from django.http import HttpResponse

    response = HttpResponse()
    remember_call(response, invocation)
    page.cookies.update(response.cookies)
    shown = page.get(invocation.get_absolute_url())
    assert shown.status_code == 200
    assert b"Sign in." in shown.content
    assert b"What was sent" not in shown.content
    assert status(page, an_invocation("noa")) == 404
    page.cookies[f"call_{invocation.pk.hex}"] = "forged"
    assert status(page, invocation) == 404


def test_a_claim_is_nobody_s_until_it_is_proven(browser, an_invocation):
    assert status(browser("noa"), an_invocation("noa", trust=Trust.NONE)) == 404
    assert status(browser("noa"), an_invocation("noa", trust=Trust.CLAIMED)) == 200


def test_a_shared_link_reads_and_does_nothing_else(browser, an_invocation):
    owner, other = browser("noa"), browser("clara")
    invocation = an_invocation("noa", task_ids=["x"])
    made = owner.post(reverse("share_invocation", args=[invocation.pk]))
    assert "made=" in made["Location"]
    assert invocation.events.get().what == Happened.SHARED
    query = f"?share={share_token(invocation)}"
    page = other.get(f"{invocation.get_absolute_url()}{query}")
    assert page.status_code == 200
    assert b"Run again" not in page.content
    assert b"Cancel" not in page.content
    assert status(other, invocation) == 404
    assert status(other, invocation, "?share=forged") == 404
    assert status(other, an_invocation("noa"), query) == 404
    for name in ("rerun_invocation", "cancel_invocation", "share_invocation"):
        assert other.post(reverse(name, args=[invocation.pk]) + query).status_code == 404
    tasks = other.get(reverse("invocation_tasks_json", args=[invocation.pk]) + query)
    assert tasks.status_code == 200


@pytest.mark.parametrize(
    "name", ["invocation_state", "invocation_tasks", "invocation_tasks_json", "invocation_tasks_csv"]
)
def test_every_part_asks_the_same(browser, an_invocation, name):
    invocation = an_invocation("noa")
    url = reverse(name, args=[invocation.pk])
    assert browser("noa").get(url).status_code == 200
    assert browser("emile").get(url).status_code == 404
    assert browser().get(url).status_code == 404


def test_a_kitsu_that_is_away_is_said(browser, an_invocation):
    page, invocation = browser("noa"), an_invocation("noa")
    studio().trouble = KitsuUnreachable()
    try:
        response = page.get(invocation.get_absolute_url())
        log = page.get(reverse("log"))
    finally:
        studio().trouble = None
    assert (response.status_code, log.status_code) == (503, 503)
    assert b"cannot be reached" in response.content
    assert response["Retry-After"]
