"""What somebody may do who has the database to themselves, triggers off, and not the key."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from audit.models import Particulars, Seal, Verification, write_event
from audit.seals import verifying
from audit.seals.keys import key_id, public_pem, signing_key
from audit.seals.merkle import root
from audit.seals.results import standing, verify_in_turn
from audit.seals.rows import leaf_of, read
from audit.seals.sealing import seal_all
from audit.seals.verifying import verify
from audit.states import Happened
from tests.audit.triggers import no_triggers


@pytest.fixture
def sealed(some_events):
    """Nine events under three seals, and nothing that keeps them."""
    events = []
    for _ in range(3):
        events += some_events(3)
        seal_all()
    with no_triggers():
        yield events


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        connection.check_constraints()


def another_key():
    return b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def first():
    report = verify()
    assert not report.good
    return (report.first.seal, report.first.event, report.good_seal)


def test_it_works(sealed):
    report = verify()
    assert (report.troubles, report.events, report.seals, report.good_seal) == ([], 9, 3, 3)
    assert report.good_at == Seal.objects.get(number=3).at


def test_it_works_in_many_parts(sealed, monkeypatch):
    monkeypatch.setattr(verifying, "AT_ONCE", 3)
    seen = []
    assert verify(progress=lambda report: seen.append(report.events)).good
    assert seen == [3, 6, 9]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("what", "signed_in"),
        ("subject", "action:2"),
        ("at", timezone.now() - timedelta(days=1)),
        ("who_bound", "0" * 64),
        ("words_bound", ""),
    ],
)
def test_it_names_an_event_that_was_altered(sealed, column, value):
    sql(f"UPDATE audit_event SET {column} = %s WHERE id = %s", value, sealed[4].pk)  # noqa: S608
    assert first() == (2, sealed[4].pk, 1)


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor_name", "Somebody else"), ("actor_id", "p2"), ("text", "Nothing"), ("data", "{}"), ("who_salt", "00" * 16)],
)
def test_it_names_an_event_whose_particulars_were_altered(sealed, column, value):
    sql(f"UPDATE audit_particulars SET {column} = %s WHERE event_id = %s", value, sealed[4].pk)  # noqa: S608
    assert first() == (2, sealed[4].pk, 1)


def test_it_names_an_event_that_was_deleted(sealed):
    delete(sealed[4].pk)
    assert first() == (2, sealed[4].pk, 1)
    assert "is missing" in verify().first.sentence


def test_it_names_particulars_that_were_deleted(sealed):
    sql("DELETE FROM audit_particulars WHERE event_id = %s", sealed[4].pk)
    assert first() == (2, sealed[4].pk, 1)


def test_it_names_the_last_event_when_it_was_deleted(sealed):
    delete(sealed[8].pk)
    assert first() == (3, sealed[8].pk, 2)


def test_it_names_two_events_that_were_swapped(sealed):
    one, other, aside = sealed[4].pk, sealed[5].pk, 10**9
    for old, new in ((one, aside), (other, one), (aside, other)):
        sql(
            "INSERT INTO audit_event (id, invocation_id, subject, what, at, who_bound, words_bound)"
            " SELECT %s, invocation_id, subject, what, at, who_bound, words_bound FROM audit_event WHERE id = %s",
            new,
            old,
        )
        sql("UPDATE audit_particulars SET event_id = %s WHERE event_id = %s", new, old)
        sql("DELETE FROM audit_event WHERE id = %s", old)
    assert verify().events == 9
    assert first() == (2, one, 1)


def test_it_names_an_event_that_was_put_in(sealed, some_events):
    """Where a number was never used, and is not waited for any more."""
    hole = sealed[8].pk + 2
    insert(hole + 1)
    seal_all()
    insert(hole)
    assert verify().good  # It may have been committed late: the next seal would hold it.
    later = timezone.now() + timedelta(days=2)
    delete(hole)
    insert(hole + 2)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(timezone, "now", lambda: later)
        seal_all()
    insert(hole)
    assert first() == (4, hole, 5)
    assert verify().first.sentence == f"Event {hole} was put in: seal 4 does not hold it, nor does any later one."


def delete(number):
    sql("DELETE FROM audit_particulars WHERE event_id = %s", number)
    sql("DELETE FROM audit_event WHERE id = %s", number)


def insert(number):
    columns, values = "id, subject, what, at, who_bound, words_bound", "%s, '', 'signed_in', %s, '', ''"
    sql(f"INSERT INTO audit_event ({columns}) VALUES ({values})", number, timezone.now())  # noqa: S608
    sql(
        "INSERT INTO audit_particulars (event_id, actor_id, actor_name, personal, who_salt, text, data, words_salt)"
        " VALUES (%s, '', '', '{}', '', '', '{}', '')",
        number,
    )


def test_it_finds_out_about_a_list_of_hashes_that_was_altered_as_well(sealed):
    sql("UPDATE audit_event SET subject = 'action:2' WHERE id = %s", sealed[4].pk)
    seal = Seal.objects.get(number=2)
    leaves = [leaf_of(row) for row in read(seal.events)]
    sql("UPDATE audit_seal SET leaves = %s WHERE number = 2", b"".join(leaves))
    assert first() == (2, sealed[3].pk, 1)
    sql("UPDATE audit_seal SET root = %s WHERE number = 2", root(leaves).hex())
    report = verify()
    assert "its signature is not that of the key" in report.first.sentence


@pytest.mark.parametrize(
    ("column", "value"),
    [("at", timezone.now()), ("events", "[[1, 2]]"), ("open", "[[1, 2, 3]]"), ("count", 2), ("last", 99),
     ("previous", "0" * 64), ("signature", "00" * 64), ("signature", "no hex"), ("key", "0" * 16)],
)  # fmt: skip
def test_it_names_a_seal_that_was_altered(sealed, column, value):
    sql(f"UPDATE audit_seal SET {column} = %s WHERE number = 2", value)  # noqa: S608
    seal, _, good = first()
    assert (seal, good) == (2, 1)


@pytest.mark.parametrize("number", [1, 2])
def test_it_names_a_seal_that_was_deleted(sealed, number):
    sql("DELETE FROM audit_seal WHERE number = %s", number)
    report = verify()
    assert report.first.sentence.startswith(f"Seal {number} is missing")


def test_it_refuses_seals_of_another_key(sealed, settings):
    """Everything sealed anew with a key of one's own."""
    sql("DELETE FROM audit_seal")
    good = signing_key()
    settings.SEAL_KEY = another_key()
    seal_all()
    report = verify(keys={key_id(good.public_key()): good.public_key()})
    assert "which is not known" in report.first.sentence


def test_it_goes_on_with_a_new_key(sealed, some_events, settings):
    settings.SEAL_KEY = another_key()
    some_events(1)
    seal_all()
    assert len(set(Seal.objects.values_list("key", flat=True))) == 2
    assert verify().good


class TestSealsFile:
    def test_it_works(self, sealed, settings):
        assert verify(file=settings.SEALS_FILE).good

    def test_it_proves_seals_that_were_taken_away(self, sealed, settings):
        sql("DELETE FROM audit_seal WHERE number = 3")
        sql("DELETE FROM audit_particulars WHERE event_id >= %s", sealed[6].pk)
        sql("DELETE FROM audit_event WHERE id >= %s", sealed[6].pk)
        assert verify().good
        report = verify(file=settings.SEALS_FILE)
        assert (report.first.seal, "taken away" in report.first.sentence) == (3, True)

    @pytest.mark.parametrize("kept", [0, 1, 2])
    def test_it_says_where_the_file_ends_too_soon(self, sealed, settings, kept):
        lines = settings.SEALS_FILE.read_bytes().splitlines(keepends=True)
        settings.SEALS_FILE.write_bytes(b"".join(lines[:kept]))
        report = verify(file=settings.SEALS_FILE)
        assert f"ends at seal {kept}" in report.first.sentence

    def test_it_says_where_the_file_was_cut(self, sealed, settings):
        settings.SEALS_FILE.write_bytes(settings.SEALS_FILE.read_bytes()[:-20])
        assert "Line 3 of seals.jsonl is no seal." in [
            one.sentence for one in verify(file=settings.SEALS_FILE).troubles
        ]

    def test_it_says_where_the_file_lacks_a_seal(self, sealed, settings):
        lines = settings.SEALS_FILE.read_bytes().splitlines(keepends=True)
        settings.SEALS_FILE.write_bytes(lines[0] + lines[2])
        assert verify(file=settings.SEALS_FILE).first.sentence == "Seal 2 is missing in seals.jsonl."

    def test_it_says_where_the_file_says_otherwise(self, sealed, settings):
        """The whole database was forged, with the key: the copy of the file still knows better."""
        sql("DELETE FROM audit_seal")
        sql("UPDATE audit_event SET subject = 'action:2'")
        copy = settings.SEALS_FILE.rename(settings.SEALS_FILE.with_name("copy.jsonl"))
        seal_all()
        assert verify().good
        assert verify(file=copy).first.sentence == "Seal 1 is another one in copy.jsonl."


class TestSchedule:
    def test_it_works(self, sealed, some_events):
        assert verify_in_turn().whole
        assert verify_in_turn() is None
        some_events(2)
        seal_all()
        kept = verify_in_turn()
        assert (kept.whole, kept.good, kept.first_seal, kept.last_seal, kept.events) == (False, True, 4, 4, 2)

    def test_it_checks_everything_after_a_day(self, sealed):
        verify_in_turn()
        Verification.objects.update(at=timezone.now() - timedelta(hours=25))
        assert verify_in_turn().whole

    def test_it_stays_broken(self, sealed):
        sql("UPDATE audit_event SET subject = 'action:2' WHERE id = %s", sealed[0].pk)
        assert [verify_in_turn().good, verify_in_turn().good] == [False, False]
        assert (standing().good, "Event" in standing().sentence) == (False, True)


class TestCommand:
    def run(self, *options):
        said = StringIO()
        code = 0
        try:
            call_command("verify_audit", *options, stdout=said)
        except SystemExit as end:
            code = end.code
        return code, said.getvalue()

    def test_it_works(self, sealed):
        code, said = self.run()
        assert code == 0
        assert "9 events under 3 seals" in said
        assert "Last good seal: 3, " in said
        assert Verification.objects.get().good

    def test_it_ends_with_one_where_something_is_wrong(self, sealed):
        sql("UPDATE audit_event SET subject = 'action:2' WHERE id IN (%s, %s)", sealed[0].pk, sealed[8].pk)
        code, said = self.run()
        assert code == 1
        assert said.startswith(f"WRONG: Event {sealed[0].pk} was altered: seal 1 proves it.\n")
        assert "NOT as it was sealed" in said

    def test_it_trusts_the_given_keys_alone(self, sealed, tmp_path):
        own, other = tmp_path / "own.pem", tmp_path / "other.pem"
        own.write_bytes(public_pem(signing_key().public_key()))
        other.write_bytes(public_pem(Ed25519PrivateKey.generate().public_key()))
        assert self.run("--public-key", str(own))[0] == 0
        assert self.run("--public-key", str(other))[0] == 1

    def test_it_refuses_files_that_are_none(self, sealed, tmp_path):
        (tmp_path / "none.pem").write_text("no key")
        for option, name in (("--public-key", "none.pem"), ("--public-key", "away"), ("--seals", "away")):
            with pytest.raises(CommandError):
                call_command("verify_audit", option, tmp_path / name)


def test_it_refuses_parts_that_are_gone_without_a_word(sealed):
    gone = {"actor_id": "", "actor_name": "", "personal": {}, "who_salt": ""}
    Particulars.objects.filter(pk=sealed[4].pk).update(**gone, who_erased_by=sealed[5].pk)
    assert "are gone by event" in verify().first.sentence
    teller = write_event(Happened.ERASED, data={"parts": 1})
    seal_all()
    sql("UPDATE audit_particulars SET who_erased_by = %s WHERE event_id = %s", teller.pk, sealed[4].pk)
    assert verify().good
    Particulars.objects.filter(pk=sealed[3].pk).update(**gone, who_erased_by=teller.pk)
    assert "2 parts of events are gone" in verify().first.sentence
