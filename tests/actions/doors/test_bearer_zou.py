"""Tokens of programs beside a real Kitsu: a bot's, a person's, and accounts as the bridge's own bot sees them."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from actions import tokens
from actions.doors.bearer import bearer
from actions.line.problems import Refusal
from actions.models import Token
from kitsu_bridge.kitsu.client import ZouStudio

pytestmark = [pytest.mark.zou, pytest.mark.django_db]
EMAILS = [f"{role}@studio.test" for role in ("admin", "manager", "supervisor", "artist", "client", "vendor")]


@pytest.fixture
def zou(monkeypatch):
    studio = ZouStudio(os.environ["TEST_ZOU_URL"], bot_token=os.environ["TEST_ZOU_BOT_TOKEN"])
    for module in ("proof", "standing"):
        monkeypatch.setattr(f"kitsu_bridge.kitsu.{module}.studio", lambda: studio)
    return studio


def ask(text):
    return bearer(RequestFactory().get("/", headers={"authorization": f"Bearer {text}"}))


def a_secret_for(person_id):
    token = Token(name="x", person_id=person_id, expires_at=timezone.now() + timedelta(days=1))
    return tokens.make(token, None).secret


def test_it_works(zou):
    proof = ask(os.environ["TEST_ZOU_BOT_TOKEN"])
    assert proof.person.is_bot
    assert proof.person.projects
    assert (proof.token, proof.scope) == ("", None)


@pytest.mark.parametrize("email", EMAILS)
def test_an_account_stands_as_in_its_own_session(zou, email):
    own = ask(zou.log_in(email, os.environ["TEST_ZOU_PASSWORD"]))
    theirs = ask(a_secret_for(own.person.id))
    assert theirs.person == own.person
    assert theirs.person.projects == own.person.projects
    assert {one: theirs.person.role_in(one) for one in own.person.projects} == {
        one: own.person.role_in(one) for one in own.person.projects
    }
    assert own.token
    assert not theirs.token


def test_a_bridge_token_can_act_as_a_bot(zou):
    bot = zou.bot().whoami()
    proof = ask(a_secret_for(bot["id"]))
    assert proof.person.is_bot
    assert proof.person.role == bot["role"]


def test_what_kitsu_revoked_is_refused(zou):
    text = zou.log_in("artist@studio.test", os.environ["TEST_ZOU_PASSWORD"])
    zou.log_out(text)
    with pytest.raises(Refusal) as caught:
        ask(text)
    assert caught.value.problem.status == 401
