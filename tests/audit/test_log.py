from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.states import State

URL = "/log/"


def rows(client, **query):
    page = client.get(URL, query).content.decode()
    return re.findall(r"/invocations/([0-9a-f-]{36})/", page), page


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


def test_it_is_filtered(browser, an_invocation):
    failed = an_invocation("noa", state=State.FAILED, reason="Disk full")
    good = an_invocation("noa", message="All good")
    ada = browser("ada")
    assert rows(ada, state="failed")[0] == [str(failed.pk)]
    assert rows(ada, q="all GOOD")[0] == [str(good.pk)]
    assert rows(ada, mine="yes")[0] == []
    assert "Nothing fits" in rows(ada, q="nothing like it")[1]


@pytest.mark.parametrize(
    "query", [{"before": "x"}, {"before": "2026-01-01_x"}, {"state": "'"}, {"q": "\x00%_"}, {"q": "x" * 5000}]
)
def test_odd_queries_are_no_trouble(browser, an_invocation, query):
    an_invocation("noa")
    assert browser("ada").get(URL, query).status_code == 200


def test_older_ones_follow(browser, an_invocation):
    now = timezone.now()
    made = [an_invocation("noa", received_at=now - timedelta(seconds=n)) for n in range(60)]
    first, page = rows(browser("noa"))
    assert first == [str(one.pk) for one in made[:50]]
    link = re.search(r'href="\?before=([^"&]+)', page).group(1)
    from urllib.parse import unquote

    assert rows(browser("noa"), before=unquote(link))[0] == [str(one.pk) for one in made[50:]]


def test_an_empty_log_says_what_to_do(browser, db):
    assert "playground" in rows(browser("noa"))[1]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59"])
def test_the_first_and_the_last_day_are_no_trouble(browser, an_invocation, moment):
    an_invocation()
    query = {"before": f"{moment}_00000000-0000-4000-8000-000000000000"}
    assert browser("noa").get(reverse("log"), query).status_code == 200


def test_the_sign_in_leads_back_to_the_same_filter(browser, db):
    response = browser().get(reverse("log"), {"state": "failed", "q": "a b&c"})
    (back,) = parse_qs(urlsplit(response["Location"]).query)["next"]
    assert parse_qs(urlsplit(back).query) == {"state": ["failed"], "q": ["a b&c"]}
