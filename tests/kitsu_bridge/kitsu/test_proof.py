from __future__ import annotations

import pytest

from kitsu_bridge.kitsu import proof
from kitsu_bridge.kitsu.errors import KitsuSlow, KitsuUnavailable, NotKitsu, TokenRejected
from kitsu_bridge.kitsu.proof import forget, prove
from kitsu_bridge.kitsu.sample.studio import SampleKitsu, SampleStudio

GARBAGE = [
    "",
    "x",
    "a.b",
    "a.b.c.d",
    "a.b c.d",
    "a.b.c\n",
    "é.b.c",
    "a" * 9000 + ".b.c",
    "a.b.c\x00",
    "..",
    "' OR 1=1.b.c",
]


class BrokenCache:
    """A cache server that is down."""

    def get(self, *args):
        raise ConnectionError("down")

    set = get


@pytest.fixture
def times_asked(monkeypatch):
    """How often Kitsu was asked whose a token is."""
    asked, real = [], SampleStudio.session

    def counted(self, token):
        asked.append(1)
        return real(self, token)

    monkeypatch.setattr(SampleStudio, "session", counted)
    return lambda: len(asked)


def test_it_works(token_of, person_of):
    person = prove(token_of("manager"))
    assert (person.id, person.role) == (person_of("manager")["id"], "manager")
    assert person.projects


def test_it_knows_the_roles_that_productions_give(sample):
    rows = sample.people()
    proven = [prove(sample.log_in(row["email"], "any")) for row in rows]
    assert any(person.role_in(one) != person.role for person in proven for one in person.project_roles)


@pytest.mark.parametrize("token", GARBAGE)
def test_it_refuses_garbage_without_asking(sample, token):
    sample.trouble = KitsuSlow()
    with pytest.raises(TokenRejected):
        prove(token)


def test_it_refuses_a_forged_token(token_of):
    head, owner, seal = token_of("user").split(".")
    with pytest.raises(TokenRejected):
        prove(f"{head}.{owner}.{seal[::-1]}")


@pytest.mark.parametrize("field", [{"active": False}, {"is_bot": True}])
def test_it_refuses_who_is_no_person_at_a_button(sample, token_of, person_of, field):
    token, row = token_of("user"), sample.tables.persons[person_of("user")["id"]]
    before = {name: row[name] for name in field}
    row.update(field)
    try:
        with pytest.raises(TokenRejected):
            prove(token)
    finally:
        row.update(before)


def test_it_asks_once_for_many_requests(token_of, times_asked):
    token = token_of("admin")
    assert prove(token) == prove(token)
    assert times_asked() == 1


def test_it_asks_again_when_a_minute_is_over(token_of, times_asked, monkeypatch):
    monkeypatch.setattr(proof, "KEPT", 0)
    token = token_of("admin")
    assert prove(token) == prove(token)
    assert times_asked() == 2


def test_it_keeps_a_no_only_briefly(monkeypatch, token_of, sample):
    monkeypatch.setattr(proof, "NO_KEPT", 0)
    token = token_of("user")
    forget(token)
    assert prove(token)


def test_it_refuses_a_token_that_was_forgotten(token_of):
    token = token_of("user")
    prove(token)
    forget(token)
    with pytest.raises(TokenRejected):
        prove(token)


def test_it_keeps_no_trouble(sample, token_of):
    token = token_of("user")
    sample.trouble = KitsuSlow()
    with pytest.raises(KitsuUnavailable):
        prove(token)
    sample.trouble = None
    assert prove(token)


def test_it_works_without_a_cache(monkeypatch, token_of):
    monkeypatch.setattr(proof, "cache", BrokenCache())
    assert prove(token_of("user"))
    with pytest.raises(TokenRejected):
        prove("a.b.c")


@pytest.mark.parametrize("answer", [{}, [], None, "yes", {"id": None, "departments": 3}])
def test_it_refuses_an_answer_that_is_not_kitsus(monkeypatch, token_of, answer):
    monkeypatch.setattr(SampleKitsu, "whoami", lambda self: answer)
    with pytest.raises(NotKitsu):
        prove(token_of("admin"))


def test_it_keeps_no_token_in_the_cache(token_of):
    from django.core.cache import cache

    token = token_of("user")
    prove(token)
    assert token not in repr(cache._cache)
    assert token not in repr(list(cache._cache))
