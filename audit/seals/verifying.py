"""Verifies the record: the chain of seals, the events under each, what was erased, and a seals file beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from audit.models import Event, Seal
from audit.seals.bonds import TELLS, Bonds
from audit.seals.chain import Chain, Exported
from audit.seals.checking import Events
from audit.seals.keys import PublicKeys, known_keys
from audit.seals.ranges import holds
from audit.seals.rows import in_ranges
from audit.seals.trouble import Report, Trouble

AT_ONCE = 10_000
"""Events that are in memory at a time."""

Progress = Callable[[Report], None]


def verify(
    *,
    since: Seal | None = None,
    keys: PublicKeys | None = None,
    file: Path | None = None,
    parts: bool = True,
    progress: Progress = lambda report: None,
) -> Report:
    """Check all seals, or those after `since`, and the events under them; nothing of millions stays in memory.

    `parts`: also what these events bind of their invocations.
    """
    began = time.monotonic()
    report = Report(first_seal=since.number + 1 if since else 1)
    chain, events = Chain(known_keys() if keys is None else keys, since), Events(report, since)
    exported = Exported(file) if file else None
    bonds, last = Bonds(), since
    for seals in _batches(since):
        for seal, rows in events.check(seals):
            for trouble in bonds.troubles(seal, rows) if parts else ():
                report.add(trouble)
            _add(report, chain, exported, seal)
            last = seal
        report.seconds = time.monotonic() - began
        progress(report)
    _at_the_end(report, exported, events, last)
    report.seconds = time.monotonic() - began
    return report


def _at_the_end(report: Report, exported: Exported | None, events: Events, last: Seal | None) -> None:
    """What shows only when all seals were seen."""
    for trouble in exported.rest(last) if exported else ():
        report.add(trouble)
    _strangers(report, events.strangers, last)
    _erased(report)
    _waiting(report, last)


def _add(report: Report, chain: Chain, exported: Exported | None, seal: Seal) -> None:
    for trouble in chain.troubles(seal):
        report.add(trouble)
    for trouble in exported.troubles(seal) if exported else ():
        report.add(trouble)
    report.seals += 1
    if report.good:
        report.good_seal, report.good_at = seal.number, seal.at


def _batches(since: Seal | None) -> Iterator[list[Seal]]:
    """The seals in their order, some with about `AT_ONCE` events at a time."""
    batch: list[Seal] = []
    count = 0
    rows = Seal.objects.filter(number__gt=since.number if since else 0).order_by("number")
    for seal in rows.iterator(chunk_size=100):
        batch.append(seal)
        count += seal.count
        if count >= AT_ONCE:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch


def _strangers(report: Report, strangers: set[int], last: Seal | None) -> None:
    """Events whose numbers had their turn, and that no seal names. Those that may still be late are not counted."""
    for number in sorted(strangers):
        if last is None or holds([hole[:2] for hole in last.open], number):
            continue
        proof = Seal.objects.filter(last__gte=number).order_by("number").first()
        seal = proof.number if proof else last.number
        text = f"Event {number} was put in: seal {seal} does not hold it, nor does any later one."
        report.add(Trouble(seal, number, text))


def _erased(report: Report) -> None:
    """Parts may be gone only as far as an event tells."""
    for number, count in sorted(report.erased.items()):
        teller = Event.objects.filter(pk=number, what__in=TELLS).first()
        told = teller.data.get("parts", 0) if teller else 0
        if count > told:
            text = f"{count} parts of events are gone by event {number}, which tells of {told}."
            report.add(Trouble(report.good_seal, number, text))


def _waiting(report: Report, last: Seal | None) -> None:
    late = in_ranges([hole[:2] for hole in last.open]) if last else None
    rows = Event.objects.filter(pk__gt=last.last if last else 0)
    rows = rows | Event.objects.filter(late) if late is not None else rows
    report.waiting = rows.count()
    report.waiting_since = rows.order_by("at").values_list("at", flat=True).first() if report.waiting else None
