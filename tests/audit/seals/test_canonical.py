from __future__ import annotations

import json

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as some

from audit.seals.canonical import canonical, plain

SCALARS = some.none() | some.booleans() | some.integers() | some.floats() | some.text()
VALUES = some.recursive(
    SCALARS, lambda inside: some.lists(inside) | some.dictionaries(some.text(max_size=5), inside), max_leaves=10
)


def test_it_works():
    assert canonical({"b": [1, "é"], "a": {"z": None, "y": True}}) == '{"a":{"y":true,"z":null},"b":[1,"é"]}'.encode()


@given(VALUES)
def test_it_writes_the_same_after_json(value):
    made = plain(value)
    assert canonical(plain(json.loads(json.dumps(made)))) == canonical(made)


@pytest.mark.parametrize("value", [1e22, 1e300, -0.0, 1.0, 1e-7, 5e-324, 10**40, 0.1, float("nan"), float("-inf")])
def test_it_writes_the_same_after_the_database(db, value):
    """jsonb keeps numbers as decimals: `1e22` comes back as a whole number."""
    kind = "jsonb" if connection.vendor == "postgresql" else "text"
    made = plain({"value": value})
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CAST(CAST(%s AS {kind}) AS text)", [json.dumps(made)])
        back = json.loads(cursor.fetchone()[0])
    assert canonical(plain(back)) == canonical(made)


@pytest.mark.parametrize("value", [1e22, 1e300, -0.0, 1e-7, 0.1])
def test_it_writes_the_same_for_what_was_kept_as_it_came(db, value):
    kind = "jsonb" if connection.vendor == "postgresql" else "text"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CAST(CAST(%s AS {kind}) AS text)", [json.dumps({"value": value})])
        back = json.loads(cursor.fetchone()[0])
    assert canonical(plain(back)) == canonical(plain({"value": value}))


def test_it_leaves_out_what_no_database_keeps():
    assert plain({"a\x00": "b\x00c", "half": "\ud800", 1: {2}}) == {"a": "bc", "half": "?", "1": [2]}
