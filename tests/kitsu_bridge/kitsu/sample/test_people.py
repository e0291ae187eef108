from __future__ import annotations

from collections import Counter

import pytest

from kitsu_bridge.kitsu.people import ROLES
from kitsu_bridge.kitsu.sample.people import by_email


def test_it_works(tables):
    ada = by_email(tables, "ada")
    assert (ada["full_name"], ada["role"], ada["email"]) == ("Ada Okafor", "admin", "ada@sample.studio")


@pytest.mark.parametrize("role", ROLES)
def test_it_has_two_people_or_more_in_every_role(made, role):
    assert sum(row["role"] == role for row in made.people()) >= 2


def test_it_has_one_who_left_and_one_bot(made, tables):
    assert Counter((row["active"], row["is_bot"]) for row in tables.persons.values()) == {
        (True, False): 15,
        (False, False): 1,
        (True, True): 1,
    }
    assert len(made.people()) == 15


def test_it_has_departments_for_artists_and_supervisors(tables):
    known = set(tables.departments)
    for row in tables.persons.values():
        assert set(row["departments"]) <= known
        assert bool(row["departments"]) or row["role"] not in {"supervisor", "user", "vendor"}


def test_it_keeps_no_password(tables):
    for row in tables.persons.values():
        assert not row.keys() & {
            "password",
            "totp_secret",
            "email_otp_secret",
            "otp_recovery_codes",
            "fido_credentials",
        }


def test_it_has_names_that_are_hard_to_print(tables):
    names = " ".join(row["full_name"] for row in tables.persons.values())
    for hard in ("<script>", "'", '"', ";", "🦊", "ليلى", "É"):
        assert hard in names
