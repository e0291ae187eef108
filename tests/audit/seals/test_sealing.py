from __future__ import annotations

import json
import stat
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from audit.models import Event, Seal, write_event
from audit.seals import sealing
from audit.seals.canonical import canonical, plain
from audit.seals.keys import key_id, public_keys, signed_by, signing_key
from audit.seals.merkle import root
from audit.seals.ranges import holds, numbers_in
from audit.seals.rows import content_of, leaf_of, read, who_of, words_of
from audit.seals.sealing import seal, seal_all
from audit.seals.verifying import verify
from audit.states import Happened


def test_it_works(some_events, settings):
    events = some_events(3)
    assert seal_all() == 3
    made = Seal.objects.get()
    rows = list(read(made.events))
    assert [row.id for row in rows] == [event.pk for event in events]
    assert made.root == root([leaf_of(row) for row in rows]).hex()
    (public,) = public_keys(settings.SEAL_PUBLIC_KEYS.iterdir()).values()
    assert signed_by(public, made.signature, made.signed_content())


def test_it_seals_events_as_canonical_json(some_events):
    (event,) = some_events(1)
    (row,) = read([[event.pk, event.pk]])
    assert json.loads(content_of(row)) == {
        "id": event.pk,
        "invocation": None,
        "subject": "action:1",
        "what": "action_changed",
        "at": event.at.isoformat(timespec="microseconds"),
        "who": event.who_bound,
        "words": event.words_bound,
    }


def test_it_writes_parts_by_hand_as_canonical_json_does(some_events):
    (event,) = some_events(1)
    text, data = '"\\\n\x01é🙂\u2028', {"é": 1e22, "a": {"b": -0.0}}
    odd = write_event(Happened.SIGNED_IN, text=text, data=data, personal={"b": '"', "a": 1})
    for row, kept in zip(read([[event.pk, odd.pk]]), Event.objects.all(), strict=True):
        assert who_of(row) == canonical(kept.particulars.who())
        assert words_of(row) == canonical(plain(kept.particulars.words()))
        assert content_of(row) == canonical(json.loads(content_of(row)))


def test_it_chains_the_seals(some_events):
    for _ in range(3):
        some_events(2)
        seal()
    seals = list(Seal.objects.all())
    assert [one.number for one in seals] == [1, 2, 3]
    assert [one.previous for one in seals] == ["", seals[0].hash(), seals[1].hash()]


def test_it_seals_nothing_where_nothing_happened(some_events):
    some_events(1)
    assert (seal_all(), seal_all(), Seal.objects.count()) == (1, 0, 1)


def test_it_seals_in_batches(some_events, monkeypatch):
    monkeypatch.setattr(sealing, "AT_ONCE", 4)
    some_events(10)
    assert seal_all() == 10
    assert [one.count for one in Seal.objects.all()] == [4, 4, 2]


def test_it_writes_the_seals_file(some_events, settings):
    some_events(1)
    seal_all()
    some_events(1)
    seal_all()
    lines = settings.SEALS_FILE.read_bytes().splitlines()
    assert lines == [one.line() for one in Seal.objects.all()]


def test_it_makes_up_for_lines_that_could_not_be_written(some_events, settings):
    for _ in range(3):
        some_events(1)
        seal_all()
    whole = settings.SEALS_FILE.read_bytes()
    settings.SEALS_FILE.write_bytes(whole[: whole.index(b"\n") + 30])  # A crash in the middle of the second.
    some_events(1)
    seal_all()
    numbers = []
    for line in settings.SEALS_FILE.read_bytes().splitlines():
        try:
            numbers.append(json.loads(line)["number"])
        except ValueError:
            numbers.append("cut")
    assert numbers == [1, "cut", 2, 3, 4]


def test_it_makes_a_key_that_only_its_owner_reads(some_events, settings):
    some_events(1)
    seal_all()
    path = settings.DATA_DIR / "seal_key.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.stem for file in settings.SEAL_PUBLIC_KEYS.iterdir()] == [key_id(signing_key().public_key())]


def test_it_seals_what_was_rolled_back_around(some_events):
    """On PostgreSQL a number that was rolled back is never used again."""
    some_events(1)
    with transaction.atomic():
        write_event(Happened.SIGNED_IN)
        transaction.set_rollback(True)
    some_events(1)
    assert seal_all() == 2
    assert verify().good


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_it_seals_what_commits_late(some_events):
    """An event that got its number first and is committed last belongs to a later seal, and is neither lost nor foreign."""
    written, go_on = threading.Event(), threading.Event()
    late = []

    def slowly():
        try:
            with transaction.atomic():
                late.append(write_event(Happened.SIGNED_IN, text="late"))
                written.set()
                go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slowly)
    thread.start()
    assert written.wait(20)
    others = some_events(3)
    assert others[0].pk > late[0].pk
    assert seal_all() == 3
    assert holds([hole[:2] for hole in Seal.objects.get().open], late[0].pk)
    assert verify().good
    go_on.set()
    thread.join(20)
    assert verify().waiting == 1
    some_events(1)
    assert seal_all() == 2
    second = Seal.objects.get(number=2)
    assert late[0].pk in numbers_in(second.events)
    assert not holds([hole[:2] for hole in second.open], late[0].pk)
    report = verify()
    assert (report.good, report.events, report.waiting) == (True, 5, 0)
    assert verify(since=Seal.objects.get(number=1)).good


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_it_seals_each_event_once_whoever_seals(some_events, monkeypatch):
    """Writers and sealers at the same time, each with a connection of its own."""
    monkeypatch.setattr(sealing, "AT_ONCE", 7)
    stopped = threading.Event()

    def write():
        try:
            for n in range(40):
                with transaction.atomic():
                    write_event(Happened.SIGNED_IN, text=str(n))
                    if n % 7 == 3:
                        transaction.set_rollback(True)
        finally:
            connection.close()

    def keep_sealing():
        try:
            while not stopped.is_set():
                seal()
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    sealers = [threading.Thread(target=keep_sealing) for _ in range(2)]
    for thread in writers + sealers:
        thread.start()
    for thread in writers:
        thread.join()
    stopped.set()
    for thread in sealers:
        thread.join()
    while seal():
        pass
    report = verify()
    assert (report.troubles, report.events, report.waiting) == ([], 4 * (40 - 6), 0)
    named = [number for one in Seal.objects.all() for number in numbers_in(one.events)]
    assert len(named) == len(set(named)) == report.events


def test_it_gives_up_on_a_number_after_a_day(some_events, monkeypatch):
    first, second, third = some_events(3)
    before = Seal(number=1, last=0, open=[], events=[])
    now = timezone.now()
    assert sealing._still_open(None, [first.pk, third.pk], now)[-1][:2] == [second.pk, second.pk]
    before.open, before.last = sealing._still_open(None, [first.pk, third.pk], now), third.pk
    assert sealing._still_open(before, [third.pk + 1], now + timedelta(hours=23))
    assert not sealing._still_open(before, [third.pk + 1], now + timedelta(hours=25))
