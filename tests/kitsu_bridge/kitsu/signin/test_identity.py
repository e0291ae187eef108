"""Whose request it is, and what the admin makes of it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from audit.models import Event
from audit.states import Happened
from kitsu_bridge import rates
from kitsu_bridge.kitsu import proof
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.sample.studio import SampleKitsu
from kitsu_bridge.kitsu.signin.identity import IN_SESSION, KITSU_COOKIE, Identity
from kitsu_bridge.secrets import encrypt

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(sample, token_of):
    """A browser with Kitsu's cookie of one role and the bridge's session of another."""

    def opened(cookie="", session="", cookie_text=""):
        client = Client(headers={"accept": "text/html"})
        if session:
            kept = client.session
            kept[IN_SESSION] = encrypt(token_of(session))
            keep(client, kept)
        if cookie or cookie_text:
            client.cookies[KITSU_COOKIE] = cookie_text or token_of(cookie)
        return client

    return opened


def keep(client, session):
    """The session travels in the cookie itself."""
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


def identity(client):
    return client.get(reverse("sign_out")).context["identity"]


def test_it_works(browser):
    found = identity(browser(cookie="manager"))
    assert (found.person.role, found.source, found.trouble) == ("manager", "cookie", None)


def test_it_is_nobody_without_a_token(browser):
    assert identity(browser()) == Identity()


@pytest.mark.parametrize(
    ("cookie", "session", "role", "source"),
    [("", "user", "user", "session"), ("client", "user", "client", "cookie")],
)
def test_it_takes_kitsus_cookie_before_its_own_session(browser, cookie, session, role, source):
    found = identity(browser(cookie, session))
    assert (found.person.role, found.source) == (role, source)


@pytest.mark.parametrize("text", ["garbage", "a.b.c", "x" * 4000])
def test_it_takes_the_session_when_the_cookie_is_refused(browser, text):
    found = identity(browser(session="user", cookie_text=text))
    assert (found.person.role, found.source) == ("user", "session")


def test_it_guesses_nobody_while_the_cookie_cannot_be_proven(browser, sample):
    client = browser(session="user")
    assert identity(client).person.role == "user"
    client.cookies[KITSU_COOKIE] = "another.persons.cookie"
    sample.trouble = KitsuSlow()
    found = identity(client)
    assert found.person is None
    assert isinstance(found.trouble, KitsuSlow)


def test_it_forgets_a_session_that_kitsu_refuses(browser, sample):
    client = browser(session="user")
    sample._tables.persons[identity(client).person.id]["active"] = False
    proof.cache.clear()
    try:
        assert identity(client).person is None
        assert IN_SESSION not in client.session
    finally:
        next(row for row in sample.tables.persons.values() if row["role"] == "user")["active"] = True


def test_it_keeps_a_session_while_kitsu_is_away(browser, sample):
    client = browser(session="user")
    sample.trouble = KitsuSlow()
    assert identity(client).trouble
    sample.trouble = None
    assert identity(client).person.role == "user"


def test_it_refuses_a_session_that_another_key_encrypted(browser):
    client = browser()
    kept = client.session
    kept[IN_SESSION] = "gAAAAA-not-ours"
    keep(client, kept)
    assert identity(client) == Identity()


def test_it_never_shows_the_token(browser, token_of):
    found = identity(browser(cookie="user"))
    assert found.token
    assert found.token not in repr(found)


def test_it_asks_nothing_of_kitsu_until_somebody_looks(browser, monkeypatch):
    def refuse(self):
        raise AssertionError("asked")

    monkeypatch.setattr(SampleKitsu, "whoami", refuse)
    assert browser(cookie="admin").get("/static/bridge.css").status_code == 200


def test_studio_managers_get_the_admin_without_another_account(browser):
    client = browser(cookie="admin")
    assert client.get(reverse("admin:index")).status_code == 200
    shadow = User.objects.get()
    assert shadow.username.startswith("kitsu:")
    assert not (shadow.is_staff)
    assert not (shadow.is_superuser)
    assert not (shadow.has_usable_password())


@pytest.mark.parametrize("role", ["manager", "supervisor", "user", "client", "vendor"])
def test_the_admin_refuses_everybody_else_and_says_why(browser, role):
    answer = browser(cookie=role).get(reverse("admin:index"), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain
    assert "The admin is for studio managers" in page
    assert "Sign in as someone else" in page
    assert not User.objects.exists()


def test_the_admin_is_lost_with_the_role(browser, sample, person_of):
    client, row = browser(cookie="admin"), sample.tables.persons[person_of("admin")["id"]]
    assert client.get(reverse("admin:index")).status_code == 200
    row["role"] = "user"
    proof.cache.clear()
    try:
        assert client.get(reverse("admin:index")).status_code == 302
    finally:
        row["role"] = "admin"


def test_a_local_user_gets_in_while_kitsu_is_away(browser, sample):
    User.objects.create_superuser("operator", password="a long password 1")
    client = browser(cookie="user")
    sample.trouble = KitsuSlow()
    page = client.get(reverse("admin:login"))
    assert "did not answer in time" in page.content.decode()
    typed = {"username": "operator", "password": "a long password 1", "next": reverse("admin:index")}
    answer = client.post(reverse("admin:login"), typed, follow=True)
    assert answer.status_code == 200
    assert answer.wsgi_request.user.get_username() == "operator"


def test_it_refuses_a_shadow_that_was_given_a_password(browser, person_of):
    User.objects.create_superuser(f"kitsu:{person_of('admin')['id']}", password="a long password 1")
    client = browser()
    client.post(reverse("admin:login"), {"username": User.objects.get().username, "password": "a long password 1"})
    assert client.get(reverse("admin:index")).status_code == 302


def test_the_admin_refuses_a_post_without_csrf_token(browser):
    client = browser(cookie="admin")
    client.handler.enforce_csrf_checks = True
    assert client.post(reverse("admin:auth_user_add"), {"username": "x"}).status_code == 403
    assert not User.objects.filter(username="x").exists()


def test_the_emergency_door_refuses_to_be_tried_without_end_and_is_recorded(browser, sample):
    client = browser()
    User.objects.create_superuser("operator", password="a long enough password")
    sent = {"username": "operator", "password": "wrong"}
    for _ in range(10):
        client.post(reverse("admin:login"), sent)
    assert Event.objects.filter(what=Happened.SIGN_IN_REFUSED, particulars__personal__email="operator").count() == 10
    good = sent | {"password": "a long enough password"}
    assert b"Too many attempts" in client.post(reverse("admin:login"), good).content
    rates._limiter.cache_clear()
    assert client.post(reverse("admin:login"), good).status_code == 302
    assert Event.objects.get(what=Happened.SIGNED_IN).actor_name == "operator (local user)"
