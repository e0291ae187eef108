from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.log.columns import COLUMNS
from audit.log.filters import NAMES
from audit.log.place import Place
from audit.states import State
from tests.audit.log.test_filters import HOSTILE

URL = "/log/"


def rows(client, query=None, **more):
    asked = {"all": "yes"} | (query or {}) | more
    page = client.get(URL, asked).content.decode()
    return list(dict.fromkeys(re.findall(r"/invocations/([0-9a-f-]{36})/", page))), page


def linked(page, rel):
    """Where a link of the page leads, as the query it asks."""
    found = re.search(rf'<a class="button" rel="{rel}" href="([^"]+)"', page)
    return parse_qs(urlsplit(unescape(found[1])).query) if found else None


def test_it_works(browser, an_invocation):
    invocation = an_invocation("noa")
    assert rows(browser("noa"))[0] == [str(invocation.pk)]


def test_everybody_sees_their_own_leads_their_productions_managers_all(browser, an_invocation, project_ids):
    short = an_invocation("noa", project_ids=[project_ids["The Lantern Keeper"]])
    feature = an_invocation("juno", project_ids=[project_ids["Ninth Tide"]])
    unread = an_invocation("emile")
    assert set(rows(browser("noa"))[0]) == {str(short.pk)}
    assert set(rows(browser("greta"))[0]) == {str(short.pk)}
    assert set(rows(browser("luis"))[0]) == {str(feature.pk)}
    assert set(rows(browser("ada"))[0]) == {str(short.pk), str(feature.pk), str(unread.pk)}
    assert rows(browser("clara"))[0] == []


def test_nobody_signs_in_first(browser, an_invocation):
    an_invocation("noa")
    response = browser().get(URL)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("sign_in"))
    for name in ("log_newer", "log_columns", "log_views"):
        assert browser().post(reverse(name)).status_code in (302, 405)


def test_it_is_filtered(browser, an_invocation):
    failed = an_invocation("noa", state=State.FAILED, reason="Disk full")
    good = an_invocation("noa", message="All good")
    ada = browser("ada")
    assert rows(ada, state="failed")[0] == [str(failed.pk)]
    assert rows(ada, q="all GOOD")[0] == [str(good.pk)]
    assert rows(ada, mine="yes")[0] == []
    found, page = rows(ada, q="nothing likewise")
    assert found == []
    assert "Nothing fits" in page
    assert "q=nothing+likewise%2A" in page
    assert "begin so" not in rows(ada, q="nothing likewise*")[1]


def test_it_shows_nothing_for_what_it_does_not_understand(browser, an_invocation):
    an_invocation("noa")
    found, page = rows(browser("ada"), state="broken", since="the other day")
    assert found == []
    assert "“broken” is none of" in page
    assert "7d for seven days ago" in page


@pytest.mark.parametrize("name", [*NAMES, "older", "newer", "page", "view", "deleted", "since_place"])
def test_odd_queries_are_no_trouble(name, browser, an_invocation):
    an_invocation("noa")
    ada = browser("ada")
    for text in [*HOSTILE, "x" * 5000, "2026-01-01_x", "<script>"]:
        asked = urlencode({name: text}, errors="ignore")
        for url in (URL, reverse("log_newer")):
            response = ada.get(f"{url}?{asked}")
            assert response.status_code == 200, (name, text)
            assert b'<script>"' not in response.content


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59"])
def test_the_first_and_the_last_day_are_no_trouble(browser, an_invocation, moment):
    an_invocation()
    place = f"{moment}_00000000-0000-4000-8000-000000000000"
    for name in ("older", "newer"):
        assert browser("noa").get(reverse("log"), {name: place}).status_code == 200


@pytest.mark.parametrize("name", ["noa", "greta", "ada"])
def test_its_pages_hold_each_once_in_both_directions(name, browser, an_invocation, project_ids):
    now = timezone.now()
    project = [project_ids["The Lantern Keeper"]]
    made = [an_invocation("noa", received_at=now - timedelta(seconds=n // 3), project_ids=project) for n in range(130)]
    order = [str(one.pk) for one in sorted(made, key=lambda one: (one.received_at, one.pk), reverse=True)]
    client = browser(name)
    found, page = rows(client)
    assert "1–50 of more than 100" in page
    while asked := linked(page, "next"):
        more, page = rows(client, {key: value[0] for key, value in asked.items()})
        found += more
    assert found == order
    back, page = rows(client, page="last")
    assert "The last 50 of more than 100" in page
    while asked := linked(page, "prev"):
        more, page = rows(client, {key: value[0] for key, value in asked.items()})
        back = more + back
    assert list(dict.fromkeys(back)) == order


def test_a_page_stays_where_it_is_while_new_ones_come(browser, an_invocation):
    now = timezone.now()
    made = [an_invocation("noa", received_at=now - timedelta(seconds=n)) for n in range(60)]
    noa = browser("noa")
    _, page = rows(noa)
    asked = {key: value[0] for key, value in linked(page, "next").items()}
    for _ in range(3):
        an_invocation("noa")
    assert rows(noa, asked)[0] == [str(one.pk) for one in made[50:]]


def test_it_counts_no_further_than_it_says(browser, an_invocation):
    for _ in range(101):
        an_invocation("noa")
    ada = browser("ada")
    assert "1–50 of more than 100" in rows(ada)[1]
    assert "1–50 of more than 50" in rows(ada, q="review")[1]


def test_it_says_that_newer_ones_came(browser, an_invocation):
    old = an_invocation("noa", received_at=timezone.now() - timedelta(hours=1))
    ask = {"since_place": str(Place.of(old))}
    noa = browser("noa")
    assert "newer" not in noa.get(reverse("log_newer"), ask).content.decode().partition("data-look-every")[2]
    an_invocation("noa")
    an_invocation("juno")
    assert "1 newer: show" in noa.get(reverse("log_newer"), ask).content.decode()
    assert "2 newer: show" in browser("ada").get(reverse("log_newer"), ask).content.decode()


def test_an_empty_log_says_what_to_do(browser, db):
    assert "playground" in rows(browser("noa"))[1]


def test_the_sign_in_leads_back_to_the_same_filter(browser, db):
    response = browser().get(reverse("log"), {"state": "failed", "q": "a b&c"})
    (back,) = parse_qs(urlsplit(response["Location"]).query)["next"]
    assert parse_qs(urlsplit(back).query) == {"state": ["failed"], "q": ["a b&c"]}


def test_every_column_shows_hostile_names_as_text(browser, an_invocation):
    bad = "<img src=x>\u202e"
    an_invocation("noa", action_name=bad, kind=bad, person_email=bad, person_role=bad[:20], project_names=[bad], entities=bad,
                  message=bad, reason_code=bad, started_at=timezone.now(), finished_at=timezone.now())  # fmt: skip
    ada = browser("ada")
    ada.post(reverse("log_columns"), {"column": list(COLUMNS)})
    page = rows(ada)[1]
    assert "<img src=x" not in page
    assert page.count("&lt;img") >= 6
    assert all(f"of-{key}" in page for key in COLUMNS)


def test_it_keeps_the_chosen_columns(browser, an_invocation):
    an_invocation("noa")
    response = browser("noa").post(reverse("log_columns"), {"column": ["state", "bogus"], "query": "state=succeeded"})
    assert response["Location"] == "/log/?state=succeeded"
    page = rows(browser("noa"))[1]
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)', page) == ["When", "State"]
    assert "What became of it</th>" in rows(browser("ada"))[1]
    browser("noa").post(reverse("log_columns"), {"column": ["state"], "usual": "yes"})
    assert "What became of it</th>" in rows(browser("noa"))[1]


def test_its_timeline_export_and_range_to_run_again_carry_its_filters(browser, an_invocation):
    an_invocation("noa", state=State.FAILED)
    ada = browser("ada")
    page = rows(ada, state="failed")[1]
    for name in ("timeline", "log_export", "rerun_range"):
        (link,) = re.findall(rf'href="({reverse(name)}\?[^"]*)"', page)
        assert parse_qs(urlsplit(unescape(link)).query) == {"state": ["failed"]}
        assert ada.get(unescape(link)).status_code == 200
