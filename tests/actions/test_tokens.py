"""Bridge tokens: told once, kept as hashes, rotated without a gap, and gone when they are revoked."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.core import serializers
from django.utils import timezone

from actions import tokens
from actions.models import Token, TokenSecret
from actions.tokens import change, find, is_one, make, revoke, rotate, secrets_of, used
from audit.models import Event
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.masking import masked_text

pytestmark = pytest.mark.django_db
ACTOR = Person("ada", "", "Ada", "admin")
DAY = timedelta(days=1)


@pytest.fixture
def made():
    """A token good for a day, with its secret."""
    return make(Token(name="Exporter", person_id="noa", person_name="Noa", expires_at=timezone.now() + DAY), ACTOR)


def everything_kept():
    """All rows of tokens and events as text, with all their columns."""
    rows = [*Token.objects.all(), *TokenSecret.objects.all(), *Event.objects.all()]
    rows += [event.particulars for event in Event.objects.all()]
    return serializers.serialize("json", rows)


def test_it_works(made):
    assert find(made.secret) == made.token
    assert made.secret.startswith("kb_")
    assert len(made.secret) == 52
    assert is_one(made.secret)


def test_the_secret_is_kept_nowhere(made, caplog):
    caplog.set_level(logging.DEBUG)
    second = rotate(made.token, ACTOR, DAY)
    find(second.secret)
    change(made.token, ACTOR)
    kept = everything_kept()
    for secret in (made.secret, second.secret):
        assert secret not in kept + caplog.text
        assert secret[:-4] not in kept
        assert secret not in masked_text(f"GET /x Authorization {secret} and so on")


@pytest.mark.parametrize(
    "wrong", ["", "kb_", "kb_x", "KB_" + "a" * 49, "kb_" + "é" * 49, "a.b.c", "kb_" + "0" * 49 + "\n"]
)
def test_what_is_none_is_refused_without_a_look(wrong, made, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert find(wrong) is None


def test_a_mistyped_one_is_refused_without_a_look(made, django_assert_num_queries):
    for at in range(3, 52):
        other = "a" if made.secret[at] != "a" else "b"
        wrong = made.secret[:at] + other + made.secret[at + 1 :]
        with django_assert_num_queries(0):
            assert find(wrong) is None


def test_the_characters_before_the_checksum_hold_256_bits():
    assert len(tokens.SIGNS) ** tokens.RANDOM > 2**256
    assert len(tokens.SIGNS) ** tokens.CHECK > 2**32


def test_it_ends_when_it_expires(made):
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert find(made.secret) is None
    assert not list(secrets_of(Token.objects.get()))


def test_it_is_rotated_without_a_gap(made):
    second = rotate(made.token, ACTOR, DAY)
    assert find(made.secret) == find(second.secret) == made.token
    third = rotate(made.token, ACTOR, DAY)
    assert find(made.secret) is None  # Of three, the two last.
    assert find(second.secret) == find(third.secret) == made.token
    TokenSecret.objects.exclude(ends_at=None).update(ends_at=timezone.now())
    assert find(second.secret) is None
    assert find(third.secret) == made.token


def test_the_old_secret_can_end_at_once(made):
    second = rotate(made.token, ACTOR, timedelta(0))
    assert find(made.secret) is None
    assert [one.ending for one in secrets_of(made.token)] == [second.secret[-4:]]


def test_it_is_revoked_for_good(made):
    assert revoke(made.token, ACTOR)
    assert find(made.secret) is None
    assert not revoke(made.token, ACTOR)


def test_each_change_is_an_event(made):
    made.token.production_ids = ["p1"]
    assert change(made.token, ACTOR)
    assert not change(made.token, ACTOR)
    rotate(made.token, ACTOR, DAY)
    revoke(made.token, ACTOR)
    events = Event.objects.filter(subject=made.token.subject).order_by("id")
    assert [event.what for event in events] == [
        Happened.TOKEN_MADE, Happened.TOKEN_CHANGED, Happened.TOKEN_ROTATED, Happened.TOKEN_REVOKED
    ]  # fmt: skip
    assert {event.actor_name for event in events} == {"Ada"}
    assert events[1].data == {"before": {"production_ids": []}, "after": {"production_ids": ["p1"]}}


def test_its_last_use_is_written_down_at_most_once_a_minute(made, django_assert_num_queries):
    with django_assert_num_queries(1):
        used(made.token, "10.0.0.1")
    token = Token.objects.get()
    assert token.used_from == "10.0.0.1"
    with django_assert_num_queries(0):
        used(token, "10.0.0.2")
    used(made.token, "10.0.0.3")  # Another process that has not heard of it yet.
    assert Token.objects.get().used_from == "10.0.0.1"
    Token.objects.update(used_at=timezone.now() - timedelta(minutes=2))
    used(Token.objects.get(), "10.0.0.4")
    assert Token.objects.get().used_from == "10.0.0.4"
