"""Signing in and out, as a browser does it, with the sample studio behind."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from audit.states import Happened
from kitsu_bridge.kitsu.errors import KitsuSlow, SecondFactorNeeded
from kitsu_bridge.kitsu.sample.studio import SampleStudio
from kitsu_bridge.kitsu.signin.identity import IN_SESSION, KITSU_COOKIE, session_token

pytestmark = pytest.mark.django_db

PAGE = {"accept": "text/html"}


@pytest.fixture
def browser(sample):
    return Client(enforce_csrf_checks=True, headers=PAGE)


@pytest.fixture
def sign_in(browser, person_of):
    """Fill in the form as somebody of a role: `sign_in("user", next="/log/")`."""

    def fill(role="user", **fields):
        typed = {"email": person_of(role)["email"], "password": "any"} | fields
        return post(browser, reverse("sign_in"), typed)

    return fill


def post(browser, url, fields):
    """Send a form of the page at `url`, with the page's own CSRF token."""
    page = browser.get(url + ("?again=1" if url == reverse("sign_in") else "")).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    return browser.post(url, fields | ({"csrfmiddlewaretoken": found[1]} if found else {}))


def who(browser):
    """Who the bridge takes this browser for."""
    return browser.get(reverse("sign_out")).context["identity"].person


def test_it_works(browser, sign_in, person_of):
    answer = sign_in("user", next="/log/?state=failed&page=2")
    assert (answer.status_code, answer["Location"]) == (302, "/log/?state=failed&page=2")
    assert who(browser).id == person_of("user")["id"]


def test_it_refuses_a_form_without_csrf_token(browser, person_of):
    answer = browser.post(reverse("sign_in"), {"person": person_of("user")["email"]})
    assert answer.status_code == 403
    assert "too old" in answer.content.decode()
    assert who(browser) is None


def test_it_signs_in_whom_one_chooses(browser, person_of):
    assert post(browser, reverse("sign_in"), {"person": person_of("vendor")["email"]}).status_code == 302
    assert who(browser).role == "vendor"


def test_it_shows_everybody_of_the_sample_studio_and_hostile_names_as_text(browser, sample):
    page = browser.get(reverse("sign_in")).content.decode()
    assert page.count('name="person"') == len(sample.people())
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(
    "target",
    [
        "//evil.test/",
        "https://evil.test",
        "javascript:alert(1)",
        "/\\evil.test",
        "///evil.test",
        "http:evil.test",
        "\x00/",
    ],
)
def test_it_refuses_to_go_to_another_site(sign_in, target):
    assert sign_in(next=target)["Location"] == reverse("front")


def test_it_keeps_the_token_encrypted(browser, sign_in, sample):
    sign_in()
    kept = browser.session[IN_SESSION]
    assert "sample-" not in kept
    assert "sample-" not in "".join(cookie.value for cookie in browser.cookies.values())
    assert session_token(browser.get(reverse("sign_out")).wsgi_request).startswith("sample-")


def test_it_keeps_nothing_else_in_the_session(browser, sign_in):
    sign_in()
    assert set(browser.session.keys()) == {IN_SESSION}


def test_it_writes_it_down(sign_in, person_of):
    sign_in()
    event = Event.objects.get(what=Happened.SIGNED_IN)
    assert (event.actor_id, event.personal["address"]) == (person_of("user")["id"], "127.0.0.1")


@pytest.mark.parametrize("email", ["nobody@studio.test", "former@sample.studio", "bridge@sample.studio"])
def test_it_refuses_who_has_no_account_to_work_with(browser, sign_in, email):
    answer = sign_in(email=email)
    assert answer.status_code == 403
    assert "did not accept" in answer.content.decode()
    assert who(browser) is None
    assert Event.objects.get(what=Happened.SIGN_IN_REFUSED).personal["email"] == email


def test_it_never_shows_the_password_again(sign_in):
    assert "hunter2!" not in sign_in(email="nobody@studio.test", password="hunter2!").content.decode()


@pytest.mark.parametrize(
    ("fields", "beside"), [({"email": "no"}, "id_email_error"), ({"password": ""}, "id_password_error")]
)
def test_it_says_what_is_wrong_beside_the_field(sign_in, fields, beside):
    answer = sign_in(**fields)
    assert answer.status_code == 400
    assert f'id="{beside}"' in answer.content.decode()


def test_it_asks_for_the_code_where_the_account_has_one(browser, sign_in, monkeypatch):
    real = SampleStudio.log_in

    def with_code(self, email, password, code=""):
        if code != "123456":
            raise SecondFactorNeeded
        return real(self, email, password)

    monkeypatch.setattr(SampleStudio, "log_in", with_code)
    page = sign_in().content.decode()
    assert "<details open>" in page
    assert "two-factor" in page
    assert not Event.objects.filter(what=Happened.SIGN_IN_REFUSED).exists()
    assert sign_in(code="000000").status_code == 403
    assert Event.objects.filter(what=Happened.SIGN_IN_REFUSED).count() == 1
    assert sign_in(code="123456").status_code == 302
    assert who(browser)


def test_it_says_when_kitsu_does_not_answer(sample, sign_in):
    sample.trouble = KitsuSlow()
    answer = sign_in()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "did not answer in time" in answer.content.decode()
    assert not Event.objects.exists()


def test_it_refuses_to_be_tried_without_end(sign_in):
    answers = [sign_in(email="ada@sample.studio" if odd % 2 else "ADA@sample.studio") for odd in range(11)]
    assert {answer.status_code for answer in answers[:10]} == {302}
    assert answers[10].status_code == 429
    assert 0 < int(answers[10]["Retry-After"]) <= 61


def test_it_goes_on_at_once_for_who_is_signed_in(browser, sign_in):
    sign_in()
    answer = browser.get(reverse("sign_in"), {"next": "/log/"})
    assert (answer.status_code, answer["Location"]) == (302, "/log/")


def test_it_signs_out_and_revokes_only_its_own_token(browser, sign_in, sample, token_of):
    sign_in("user")
    ours = session_token(browser.get(reverse("sign_out")).wsgi_request)
    kitsus = token_of("user")
    assert post(browser, reverse("sign_out"), {}).status_code == 302
    assert who(browser) is None
    assert ours in sample._revoked
    assert kitsus not in sample._revoked


def test_it_refuses_a_sign_out_without_csrf_token(browser, sign_in):
    sign_in()
    assert browser.post(reverse("sign_out")).status_code == 403
    assert who(browser)


def test_it_signs_out_while_kitsu_is_away(browser, sign_in, sample):
    sign_in()
    page = browser.get(reverse("sign_out")).content.decode()
    sample.trouble = KitsuSlow()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert browser.post(reverse("sign_out"), {"csrfmiddlewaretoken": token}).status_code == 302
    assert IN_SESSION not in browser.session


def test_it_says_who_is_signed_in_by_kitsu_itself(browser, token_of, sample):
    token = token_of("user")
    browser.cookies[KITSU_COOKIE] = token
    assert "signed in by Kitsu itself" in browser.get(reverse("sign_out")).content.decode()
    assert token not in sample._revoked
