"""Seals what has happened since the last seal. Any number of processes may try; one at a time does it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from audit.models import Seal
from audit.seals.file import append_missing
from audit.seals.keys import key_id, signing_key
from audit.seals.merkle import root
from audit.seals.ranges import Range, gaps, ranges_of
from audit.seals.rows import AFTER, Row, leaf_of, read

log = structlog.get_logger(__name__)

AT_ONCE = 1000
"""Events of one seal, at most."""

LATE = timedelta(days=1)
"""For how long a transaction may hold back an event that got its number already. After that its number counts as never used."""

LOCK = 0x6B6273656C  # any number that nobody else takes


def seal_until(stopped: threading.Event) -> None:
    """Round after round until told to stop; neither a database nor a disk that is away for a while ends it."""
    while not stopped.wait(settings.SEAL_EVERY):
        try:
            seal_all()
        except (DatabaseError, OSError) as error:
            log.warning("What happened could not be sealed", error=str(error).splitlines()[0])
        finally:
            close_old_connections()


def seal_all() -> int:
    """Seal everything that waits, and bring the seals to the seals file; how many events."""
    total = 0
    while count := seal():
        total += count
        if count < AT_ONCE:
            break
    append_missing(Path(settings.SEALS_FILE))
    return total


def seal() -> int:
    """One seal over what waits; how many events. 0 where nothing waits, or another process is at it."""
    with transaction.atomic():
        if not _alone():
            return 0
        before = Seal.objects.order_by("-number").first()
        rows = list(read(_waiting(before), AT_ONCE))
        if rows:
            _seal_of(before, rows, timezone.now()).save(force_insert=True)
        return len(rows)


def _alone() -> bool:
    """SQLite's transactions are alone by themselves (`transaction_mode` in databases.py)."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _waiting(before: Seal | None) -> list[Range]:
    """Numbers after the last sealed one, and those below it that may have come since."""
    late = [[first, last] for first, last, _ in before.open] if before else []
    return [*late, [before.last + 1 if before else 1, AFTER]]


def _seal_of(before: Seal | None, rows: list[Row], now: datetime) -> Seal:
    key = signing_key()
    numbers, leaves = [row.id for row in rows], [leaf_of(row) for row in rows]
    made = Seal(
        number=before.number + 1 if before else 1,
        at=now,
        events=ranges_of(numbers),
        open=_still_open(before, numbers, now),
        count=len(rows),
        last=max(numbers[-1], before.last if before else 0),
        root=root(leaves).hex(),
        previous=before.hash() if before else "",
        key=key_id(key.public_key()),
        leaves=b"".join(leaves),
    )
    made.signature = key.sign(made.signed_content()).hex()
    return made


def _still_open(before: Seal | None, numbers: list[int], now: datetime) -> list[list[int]]:
    """Numbers within reach that nobody has seen yet: rolled back, or not committed yet."""
    sealed, at = ranges_of(numbers), int(now.timestamp())
    older = [hole for hole in before.open if hole[2] > at] if before else []
    found = [[*gap, until] for first, last, until in older for gap in gaps(sealed, first, last)]
    reach = before.last if before else 0
    until = at + int(LATE.total_seconds())
    return found + [[*gap, until] for gap in gaps(sealed, reach + 1, numbers[-1])]
