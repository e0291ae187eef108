from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.gate import at_the_door, before_proof
from actions.gate.door import in_words
from audit.states import Trust
from kitsu_bridge import rates
from kitsu_bridge.kitsu.people import ROLES
from tests.actions.making import a_definition, a_person


@pytest.fixture(autouse=True)
def forget_rates(settings):
    settings.CACHE_URL = ""
    rates._limiter.cache_clear()


def ask(definition=None, person=None, trust=Trust.PROVEN, count=1, address="10.0.0.1"):
    return at_the_door(definition or a_definition(), person or a_person(), trust, count, address)


def test_it_lets_a_proven_person_in():
    assert ask()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("wanted", [[], ["manager"], ["supervisor", "manager"], list(ROLES)])
def test_it_asks_for_the_role(role, wanted):
    verdict = ask(a_definition(roles=wanted), a_person(role))
    assert bool(verdict) is (not wanted or role in wanted)
    assert bool(verdict) or (
        verdict.code == "role" and in_words(role) in verdict.reason and in_words(wanted[0]) in verdict.reason
    )


def test_it_calls_roles_what_kitsu_calls_them():
    verdict = ask(a_definition(roles=["admin", "manager", "supervisor"]), a_person("user"))
    words = "This action is for the role studio manager, production manager or supervisor; yours is artist."
    assert verdict.reason == words


def test_it_lets_in_whoever_has_the_role_in_some_production():
    assert ask(a_definition(roles=["supervisor"]), a_person("user", Fox="supervisor"))


def test_it_is_no_exception_for_studio_managers():
    assert ask(a_definition(roles=["supervisor"]), a_person("admin")).code == "role"


@pytest.mark.parametrize(
    ("asked", "trust", "code"),
    [
        (Trust.PROVEN, Trust.PROVEN, ""),
        (Trust.PROVEN, Trust.CLAIMED, "not_proven"),
        (Trust.PROVEN, Trust.NONE, "not_proven"),
        (Trust.CLAIMED, Trust.PROVEN, ""),
        (Trust.CLAIMED, Trust.CLAIMED, ""),
        (Trust.CLAIMED, Trust.NONE, "not_proven"),
    ],
)
def test_it_asks_for_trust(asked, trust, code):
    assert ask(a_definition(trust=asked), trust=trust).code == code


def test_it_refuses_a_disabled_action():
    assert ask(a_definition(enabled=False)).code == "disabled"
    assert before_proof(a_definition(enabled=False), 1, "a").code == "disabled"


def test_it_refuses_too_many_tasks():
    verdict = ask(a_definition(largest_selection=10), count=11)
    assert (verdict.code, verdict.problem.status) == ("too_many_tasks", 413)
    assert ask(a_definition(largest_selection=10), count=10)
    assert before_proof(a_definition(largest_selection=10), 11, "a").code == "too_many_tasks"


def test_it_refuses_a_person_who_calls_too_often(settings):
    settings.RATE_PER_PERSON = "3/hour"
    assert [bool(ask(address=f"10.0.0.{n}")) for n in range(4)] == [True, True, True, False]
    verdict = ask()
    assert (verdict.code, verdict.problem.status) == ("rate", 429)
    assert 0 < verdict.problem.retry_after <= 3601
    assert ask(person=a_person("vendor"))


def test_it_refuses_an_address_that_calls_too_often(settings):
    settings.RATE_PER_ADDRESS = "2/hour"
    assert [bool(before_proof(a_definition(), 1, "a")) for _ in range(3)] == [True, True, False]
    assert before_proof(a_definition(), 1, "b")


def test_it_does_not_count_what_waited_here_before(settings):
    settings.RATE_PER_PERSON = "1/hour"
    assert ask()
    assert at_the_door(a_definition(), a_person(), Trust.PROVEN, 1, "a", counted=False)


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "unix:///nowhere/redis.sock"])
def test_it_lets_people_work_when_rates_cannot_be_counted(settings, url):
    settings.CACHE_URL = url
    assert ask()


@given(
    st.sampled_from(ROLES),
    st.lists(st.sampled_from(ROLES), unique=True),
    st.sampled_from([Trust.NONE, Trust.CLAIMED, Trust.PROVEN]),
    st.booleans(),
    st.integers(1, 30),
)
def test_it_lets_in_only_when_every_rule_does(role, wanted, trust, enabled, count):
    definition = a_definition(roles=wanted, enabled=enabled, largest_selection=20)
    let_in = enabled and trust == Trust.PROVEN and (not wanted or role in wanted) and count <= 20
    verdict = at_the_door(definition, a_person(role), trust, count, "a", counted=False)
    assert bool(verdict) is let_in
    assert let_in or (verdict.reason and verdict.cure)
