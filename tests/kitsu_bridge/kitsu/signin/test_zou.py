"""Signing in with an account of a real Kitsu."""

from __future__ import annotations

import base64
import hmac
import os
import struct
import time

import pytest
from django.test import Client
from django.urls import reverse

from kitsu_bridge.kitsu.client import ZouStudio
from kitsu_bridge.kitsu.errors import TokenRejected
from kitsu_bridge.kitsu.proof import forget, prove
from kitsu_bridge.kitsu.signin.identity import KITSU_COOKIE

pytestmark = [pytest.mark.zou, pytest.mark.django_db]


@pytest.fixture
def zou(monkeypatch):
    studio = ZouStudio(os.environ["TEST_ZOU_URL"], bot_token=os.environ["TEST_ZOU_BOT_TOKEN"])
    for module in ("proof", "signin.views"):
        monkeypatch.setattr(f"kitsu_bridge.kitsu.{module}.studio", lambda: studio)
    return studio


def fill(email, **fields):
    client = Client()
    typed = {"email": email, "password": os.environ["TEST_ZOU_PASSWORD"]} | fields
    return client, client.post(reverse("sign_in"), typed)


def test_it_works(zou):
    client, answer = fill("artist@studio.test")
    assert answer.status_code == 302
    assert client.get(reverse("sign_out")).context["identity"].person.email == "artist@studio.test"


def test_it_refuses_a_wrong_password(zou):
    assert fill("supervisor@studio.test", password="wrong")[1].status_code == 403


def test_it_asks_for_the_code_where_the_account_has_one(zou):
    _, answer = fill("totp@studio.test")
    assert answer.status_code == 403
    assert "<details open>" in answer.content.decode()


def test_it_takes_kitsus_cookie_until_it_is_revoked(zou):
    token = zou.log_in("manager@studio.test", os.environ["TEST_ZOU_PASSWORD"])
    client = Client()
    client.cookies[KITSU_COOKIE] = token
    found = client.get(reverse("sign_out")).context["identity"]
    assert (found.person.role, found.source) == ("manager", "cookie")
    zou.log_out(token)
    forget(token)
    with pytest.raises(TokenRejected):
        prove(token)


def code_now():
    """The six digits of this half minute (RFC 6238), as an authenticator shows them."""
    key = base64.b32decode(os.environ["TEST_ZOU_TOTP_SECRET"])
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    (number,) = struct.unpack(">I", digest[(at := digest[-1] & 15) : at + 4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


def test_the_right_code_signs_in(zou):
    client, answer = fill("totp@studio.test", code=code_now())
    assert answer.status_code == 302, answer.content.decode()
    assert client.get(reverse("sign_out")).context["identity"].person.email == "totp@studio.test"


def test_a_wrong_code_is_said_beside_its_field(zou):
    _, answer = fill("totp@studio.test", code="000000")
    assert answer.status_code == 403
    assert answer.context["form"].errors["code"]


def test_an_account_in_place_of_a_bot_is_signed_in_again_when_its_session_ends():
    studio = ZouStudio(os.environ["TEST_ZOU_URL"], login="admin@studio.test", password=os.environ["TEST_ZOU_PASSWORD"])
    bot = studio.bot()
    token = studio._signed_in
    studio.log_out(token)
    assert bot.whoami()["email"] == "admin@studio.test"
    assert studio._signed_in != token
