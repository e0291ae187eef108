from __future__ import annotations

import gzip
import json
from datetime import timedelta
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audit.models import Departure, Event, Invocation, LogLine, Particulars, TaskResult, write_event
from audit.retention.archive import digest_of, read_archive
from audit.retention.checking import ArchiveCheck
from audit.retention.pruning import counted, prune
from audit.seals.keys import public_pem, signing_key
from audit.seals.sealing import seal_all
from audit.seals.verifying import verify
from audit.states import Happened, State
from tests.audit.triggers import no_triggers

NOTHING = {"events": 0, "results": 0, "files": 0, "logs": 0, "outcome": 0, "payload": 0, "occasion": 0}


def archives(settings):
    return sorted(settings.ARCHIVE_DIR.glob("*.jsonl.gz")) if settings.ARCHIVE_DIR.exists() else []


def test_it_works(triggers, ran, rule, settings):
    """Whole invocations leave, events and all; the chain still verifies, and the archive by itself."""
    old, young = ran(40), ran(2)
    left = list(old.events.values_list("pk", flat=True))
    rule("events", 30)
    assert prune() == NOTHING | {"events": 1}
    assert list(Invocation.objects.all()) == [young]
    assert not Event.objects.filter(pk__in=left).exists()
    (archive,) = archives(settings)
    told = Event.objects.get(what=Happened.PRUNED)
    assert told.data["events"] == [[left[0], left[-1]]]
    assert told.data["sha256"] == digest_of(archive)
    seal_all()
    report = verify(file=settings.SEALS_FILE)
    assert (report.troubles, report.waiting) == ([], 0)
    found = ArchiveCheck().check(archive)
    assert (found.troubles, found.events, found.parts) == ([], left, 6)
    kinds = [line["of"] for line in read_archive(archive) if line["type"] == "row"]
    assert kinds == ["invocation", "logline", "invocationfile"]


PARTS = {
    "payload": lambda one: one.payload,
    "outcome": lambda one: one.outcome,
    "results": lambda one: one.results.exists(),
    "logs": lambda one: one.log_lines.exists(),
    "files": lambda one: one.files.exists(),
}


@pytest.mark.parametrize("part", PARTS)
def test_it_lets_one_part_go(triggers, ran, rule, settings, part):
    old = ran(40)
    path = old.files.get().path
    rule(part, 30)
    assert prune() == NOTHING | {part: 1}
    assert prune() == NOTHING
    old = Invocation.objects.get()
    assert [name for name, stands in PARTS.items() if not stands(old)] == [part]
    assert path.exists() == (part != "files")
    assert ("salts" if part in old.salts else "gone") == "gone"
    assert (part in old.gone) == (part in {"payload", "outcome", "results"})
    assert old.events.count() == 3
    (archive,) = archives(settings)
    assert ArchiveCheck().check(archive).troubles == []
    seal_all()
    assert verify().good


def test_it_keeps_everything_without_a_rule(ran, settings):
    ran(4000)
    assert prune() == NOTHING
    assert archives(settings) == []


def test_it_goes_by_the_rule_for_the_state_first(ran, rule):
    failed, fine = ran(40, state=State.FAILED), ran(40)
    rule("payload", 10)
    rule("payload", 100, state="failed")
    assert counted()["payload"] == 1
    prune()
    assert Invocation.objects.get(pk=failed.pk).payload
    assert not Invocation.objects.get(pk=fine.pk).payload


def test_it_leaves_what_has_not_ended(ran, rule):
    ran(40, state=State.WAITING)
    rule("events", 1)
    rule("payload", 1)
    assert prune() == NOTHING


def test_it_only_counts_in_a_dry_run(ran, rule, settings):
    ran(40)
    for part in PARTS:
        rule(part, 30)
    said = StringIO()
    call_command("prune", "--dry-run", stdout=said)
    assert "Log lines: 1 invocations" in said.getvalue()
    assert archives(settings) == []
    assert all(stands(Invocation.objects.get()) for stands in PARTS.values())
    call_command("prune", stdout=said)
    assert len(archives(settings)) == 5


def test_a_dry_run_says_what_then_goes(ran, rule):
    """What leaves as a whole is not counted once more for its parts."""
    ran(40), ran(15)
    for part, days in (("events", 30), *((part, 10) for part in PARTS)):
        rule(part, days)
    expected = counted()
    assert expected == NOTHING | {"events": 1} | dict.fromkeys(PARTS, 1)
    assert prune() == expected


def test_it_lets_nothing_go_where_the_archive_cannot_be_written(ran, rule, settings):
    ran(40)
    rule("events", 30)
    settings.ARCHIVE_DIR.write_text("a file where the folder should be")
    with pytest.raises(OSError, match="exists"):
        prune()
    assert Invocation.objects.count() == 1


def test_it_lets_nothing_go_that_the_seals_do_not_prove(ran, rule):
    old = ran(40)
    rule("events", 30)
    seal_all()
    connection.check_constraints()
    with no_triggers():
        Particulars.objects.filter(event__invocation=old, event__what=Happened.PROVEN).update(text="It is nobody.")
    with pytest.raises(CommandError, match="was altered: seal 1 proves it"):
        call_command("prune", stdout=StringIO())
    assert Invocation.objects.count() == 1


def test_it_still_names_an_event_that_was_deleted(triggers, ran, rule):
    ran(40), ran(40)
    kept = ran(1)
    rule("events", 30)
    prune()
    seal_all()
    with no_triggers(), connection.cursor() as cursor:
        victim = kept.events.first().pk
        cursor.execute("DELETE FROM audit_particulars WHERE event_id = %s", [victim])
        cursor.execute("DELETE FROM audit_event WHERE id = %s", [victim])
    assert verify().first.event == victim


def test_it_refuses_to_delete_what_no_archive_holds(triggers, ran, rule):
    ran(40)
    kept = ran(1)
    rule("events", 30)
    prune()
    connection.check_constraints()
    number, other = kept.events.first().pk, write_event(Happened.SIGNED_IN)
    connection.check_constraints()
    for told_by in (None, other.pk):
        if told_by:
            Departure.objects.create(first=number, last=number, told_by=told_by)
        with (
            pytest.raises(IntegrityError, match="only ever added"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("DELETE FROM audit_particulars WHERE event_id = %s", [number])
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        Departure.objects.update(last=10**9)


class TestArchive:
    """An archive proves itself, and shows where somebody has been at it."""

    @pytest.fixture
    def archive(self, triggers, ran, rule, settings):
        ran(40)
        rule("events", 30)
        prune()
        (path,) = archives(settings)
        return path

    def rewrite(self, path, change):
        lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        with gzip.open(path, "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in change(lines))

    def run(self, path, *options):
        said, code = StringIO(), 0
        try:
            call_command("verify_audit", "--archive", str(path), *options, stdout=said)
        except SystemExit as end:
            code = end.code
        return code, said.getvalue()

    def test_it_works(self, archive):
        code, said = self.run(archive)
        assert (code, "3 events under 1 seals" in said) == (0, True)

    @pytest.mark.parametrize(
        ("kind", "field", "value", "word"),
        [
            ("event", "what", "signed_in", "was altered: seal 1 proves it"),
            ("event", "actor_name", "Somebody", "was altered: seal 1 proves it"),
            ("event", "id", 10**6, "stands under no seal"),
            ("part", "content", {"payload": "else"}, "was altered"),
            ("seal", "count", 77, "Seal 1 was altered"),
            ("seal", "leaves", "00" * 32, "Seal 1 was altered"),
            ("key", "id", "0" * 16, "is another one"),
        ],
    )
    def test_it_names_what_was_altered(self, archive, kind, field, value, word):
        def change(lines):
            next(line for line in lines if line["type"] == kind)[field] = value
            return lines

        self.rewrite(archive, change)
        code, said = self.run(archive)
        assert (code, word in said) == (1, True), said

    @pytest.mark.parametrize(
        ("change", "word"),
        [
            (lambda lines: lines, ""),
            (
                lambda lines: [one | {"text": "Another"} if one.get("of") == "logline" else one for one in lines],
                "other lines",
            ),
            (lambda lines: [one for one in lines if one.get("of") != "logline"], "other lines"),
            (lambda lines: lines[:-1], "not signed"),
            (lambda lines: [*lines, lines[-2]], "behind the signature"),
            (lambda lines: [*lines[:-1], lines[-1] | {"key": "0" * 16}], "0000 is another one"),
        ],
    )
    def test_its_signature_proves_what_is_under_no_seal(self, archive, change, word):
        """Log lines, files' names, the other fields of an invocation, and that nothing was left out."""
        self.rewrite(archive, change)
        code, said = self.run(archive)
        assert (code, word in said) == (int(bool(word)), True), said

    def test_it_trusts_the_given_key_alone(self, archive, tmp_path, settings):
        own = tmp_path / "own.pem"
        own.write_bytes(public_pem(signing_key().public_key()))
        assert self.run(archive, "--public-key", str(own))[0] == 0
        own.write_bytes(public_pem(Ed25519PrivateKey.generate().public_key()))
        assert self.run(archive, "--public-key", str(own))[0] == 1

    def test_it_says_where_it_was_cut(self, archive):
        archive.write_bytes(archive.read_bytes()[:-30])
        assert self.run(archive)[0] == 1

    def test_it_refuses_what_is_none(self, tmp_path):
        (tmp_path / "none").write_text("none")
        assert self.run(tmp_path / "none")[0] == 1


def test_it_is_quick_with_many(ran, rule, settings):
    """In one archive for some hundred, however their events lie between others'."""
    for day in range(12):
        ran(40 + day)
        ran(1)
    rule("events", 30)
    assert prune()["events"] == 12
    assert len(archives(settings)) == 1
    assert len(Event.objects.get(what=Happened.PRUNED).data["events"]) == 12
    seal_all()
    assert verify().good
    assert (TaskResult.objects.count(), LogLine.objects.count()) == (12, 12)
    assert timezone.now() - timedelta(days=30) < Invocation.objects.order_by("received_at").first().received_at
