"""What a browser and a program read when something is wrong."""

from __future__ import annotations

import json
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import path
from redis.exceptions import ConnectionError as CacheAway

from kitsu_bridge import errors, urls
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.signin.identity import KITSU_COOKIE
from kitsu_bridge.kitsu.signin.views import person_required

pytestmark = pytest.mark.django_db


def fail(request, how):
    raise {
        "crash": RuntimeError("secret=sesame"),
        "forbid": PermissionDenied(),
        "miss": Http404(),
        "database": OperationalError("connection to 10.0.0.1 failed: sesame"),
        "cache": CacheAway("Error 111 connecting to 10.0.0.1: sesame"),
    }[how]


@person_required
def private(request):
    return errors.not_found(request)


urlpatterns = [*urls.urlpatterns, path("fail/<how>/", fail), path("private/", private)]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def browser(sample, settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False, headers={"accept": "text/html"})


@pytest.mark.parametrize(("how", "status"), [("forbid", 403), ("miss", 404), ("crash", 500)])
def test_it_works(browser, how, status):
    page = browser.get(f"/fail/{how}/")
    assert (page.status_code, page["Content-Type"]) == (status, "text/html; charset=utf-8")
    problem = browser.get(f"/fail/{how}/", headers={"accept": "application/json"})
    assert (problem.status_code, problem["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(problem.content)["status"] == status


def test_a_crash_shows_a_reference_that_the_log_has_too(browser, caplog):
    page = browser.get("/fail/crash/").content.decode()
    reference = re.search(r"reference (\w{8})\.", page)[1]
    assert "sesame" not in page
    assert reference in caplog.text


@pytest.mark.parametrize("what", ["database", "cache"])
def test_it_says_what_is_away_and_for_how_long(browser, what):
    page = browser.get(f"/fail/{what}/")
    assert (page.status_code, page["Retry-After"]) == (503, "10")
    assert f"The bridge&#x27;s {what} does not answer" in page.text
    assert "sesame" not in page.text
    problem = browser.get(f"/fail/{what}/", headers={"accept": "application/json"})
    assert (problem.status_code, problem.json()["status"], problem["Retry-After"]) == (503, 503, "10")


def test_a_crash_has_a_page_where_context_is_what_broke(monkeypatch):
    monkeypatch.setattr("kitsu_bridge.context.studio", lambda request: 1 / 0)
    request = RequestFactory().get("/", headers={"accept": "text/html"})
    assert errors.crashed(request).status_code == 500


def test_a_wrong_host_gets_a_page(browser):
    assert browser.get("/", headers={"host": "evil.test"}).status_code == 400


def test_it_shows_a_hostile_path_as_text(browser):
    page = browser.get('/"><script>alert(1)</script>/').content.decode()
    assert "<script>alert" not in page


def test_it_sends_to_the_sign_in_and_back(browser):
    answer = browser.get("/private/?a=1&b=2")
    assert answer["Location"] == "/sign-in/?next=%2Fprivate%2F%3Fa%3D1%26b%3D2"


def test_it_says_that_kitsu_does_not_answer(browser, sample, token_of):
    browser.cookies[KITSU_COOKIE] = token_of("user")
    sample.trouble = KitsuSlow()
    answer = browser.get("/private/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "did not answer in time" in answer.content.decode()


def test_a_host_name_that_is_not_known_is_said_so(client, db):
    response = client.get("/", headers={"host": "elsewhere.example", "accept": "text/html"})
    assert response.status_code == 400
    assert "ALLOWED_HOSTS" in response.content.decode()
