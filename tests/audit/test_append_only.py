from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from audit import append_only
from audit.models import Event, Particulars, write_event
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person
from tests.audit.triggers import all_triggers

HANA = Person("p1", "hana@studio.example", "Hana Sato", "manager")
GONE_WHO = {"actor_id": "", "actor_name": "", "personal": {}, "who_salt": "", "who_erased_by": 7}
GONE_WORDS = {"text": "", "data": {}, "words_salt": "", "words_erased_by": 7}


@pytest.fixture
def event(db):
    with all_triggers():
        event = write_event(Happened.SIGNED_IN, actor=HANA, text="Signed in", data={"a": 1})
        connection.check_constraints()  # Else PostgreSQL has more to say than our triggers.
        yield event


def test_it_works(event):
    """After all migrations every trigger stands: one that makes a table anew on SQLite would have lost them."""
    assert append_only.standing(connection) == append_only.names(connection.vendor)


STATEMENTS = [
    "UPDATE audit_event SET what = 'x'",
    "UPDATE audit_event SET id = id + 1",
    "DELETE FROM audit_event",
    "DELETE FROM audit_particulars",
    "UPDATE audit_particulars SET actor_name = 'Somebody else'",
    "UPDATE audit_particulars SET text = '', words_salt = ''",
    "UPDATE audit_particulars SET event_id = event_id + 1",
]
ONLY_SQLITE = [
    "REPLACE INTO audit_event SELECT id, subject, 'x', at, invocation_id, who_bound, words_bound FROM audit_event",
    "INSERT OR REPLACE INTO audit_particulars SELECT * FROM audit_particulars",
]
ONLY_POSTGRESQL = ["TRUNCATE audit_event CASCADE", "TRUNCATE audit_particulars"]


@pytest.mark.parametrize("statement", STATEMENTS + (ONLY_SQLITE if connection.vendor == "sqlite" else []))
def test_it_refuses(event, statement):
    refuses(statement)


@pytest.mark.postgres
@pytest.mark.parametrize("statement", [*STATEMENTS, *ONLY_POSTGRESQL])
def test_it_refuses_a_session_that_plays_a_replica(event, statement):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    refuses(statement)


def refuses(statement):
    before = list(Event.objects.values()), list(Particulars.objects.values())
    with pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert before == (list(Event.objects.values()), list(Particulars.objects.values()))


@pytest.mark.parametrize("gone", [GONE_WHO, GONE_WORDS, GONE_WHO | GONE_WORDS])
def test_it_lets_a_part_be_erased_once(event, gone):
    rows = Particulars.objects.filter(pk=event.pk)
    assert rows.update(**gone) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(actor_name="Somebody", text="else")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**{name: 8 for name in gone if name.endswith("_by")})


@pytest.mark.parametrize("left", ["actor_name", "personal", "who_salt"])
def test_it_refuses_half_an_erasure(event, left):
    half = {name: value for name, value in GONE_WHO.items() if name != left}
    if left == "personal":
        half["personal"] = {"email": "x"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Particulars.objects.filter(pk=event.pk).update(**half)
