"""Checks events against their seals: that each stands as it was sealed, none is missing, and none has been put in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from audit.models import Event, Seal
from audit.seals.binding import bound_bytes
from audit.seals.merkle import root
from audit.seals.ranges import Range, joined, numbers_in
from audit.seals.rows import Row, leaf_of, read, who_of, words_of
from audit.seals.trouble import Report, Trouble
from audit.states import Happened

HASH = 32
EMPTY = {None, "", "{}"}


class Events:
    """The events of the seals as they are walked."""

    def __init__(self, report: Report, before: Seal | None = None) -> None:
        self._report = report
        self._reach = before.last if before else 0
        self._departed = Departed()
        self.strangers: set[int] = set()
        """Events within reach that no seal so far has named."""

    def check(self, seals: Sequence[Seal]) -> Iterator[tuple[Seal, list[Row]]]:
        """Check the events of some seals that follow one another; each seal with the rows of its events."""
        reach = max([self._reach, *(seal.last for seal in seals)])
        named: list[Range] = [pair for seal in seals for pair in seal.events]
        within = joined([*named, *([[self._reach + 1, reach]] if reach > self._reach else [])])
        rows = {row.id: row for row in read(within)}
        for seal in seals:
            yield seal, self._check(seal, rows)
        self.strangers |= rows.keys()
        self._reach = reach

    def _check(self, seal: Seal, rows: dict[int, Row]) -> list[Row]:
        numbers = list(numbers_in(seal.events))
        self.strangers.difference_update(numbers)
        found = [rows.pop(number, None) for number in numbers]
        then = sealed_leaves(bytes(seal.leaves))
        leaves = [leaf_of(row) if row else self._left(then, place, numbers) for place, row in enumerate(found)]
        if root(leaves).hex() != seal.root:
            self._name(seal, numbers, leaves, then)
        there = [row for row in found if row is not None]
        for row in there:
            self._check_parts(seal, row)
        self._report.events += len(there)
        return there

    def _left(self, then: list[bytes], place: int, numbers: list[int]) -> bytes:
        """The hash of an event that is not there: as it was sealed, where an event tells that it went into an archive."""
        return then[place] if place < len(then) and self._departed.hold(numbers[place]) else b""

    def _name(self, seal: Seal, numbers: list[int], leaves: list[bytes], sealed: list[bytes]) -> None:
        """Which events are not as they were sealed, where the seal's own leaves still fit its root."""
        if len(sealed) != len(leaves) or root(sealed).hex() != seal.root:
            text = f"One of the events {numbers[0]} to {numbers[-1]} was altered; the seal's list of them as well."
            self._report.add(Trouble(seal.number, numbers[0], text))
            return
        for number, now, then in zip(numbers, leaves, sealed, strict=True):
            if now != then:
                what = "was altered" if now else "is missing"
                self._report.add(Trouble(seal.number, number, f"Event {number} {what}: seal {seal.number} proves it."))

    def _check_parts(self, seal: Seal, row: Row) -> None:
        if not who_fits(row):
            self._altered(seal, row.id, "Who it was")
        if not words_fit(row):
            self._altered(seal, row.id, "What was said")
        for gone in (row.who_erased_by, row.words_erased_by):
            if gone is not None:
                self._report.erased[gone] += 1

    def _altered(self, seal: Seal, number: int, part: str) -> None:
        text = f"{part} in event {number} was altered: seal {seal.number} proves it."
        self._report.add(Trouble(seal.number, number, text))


def sealed_leaves(whole: bytes) -> list[bytes]:
    """The hashes that a seal keeps of its events."""
    return [whole[start : start + HASH] for start in range(0, len(whole), HASH)]


class Departed:
    """The events that went into archives, as the events tell that say so. Their own seals prove these."""

    def __init__(self) -> None:
        tellers = Event.objects.filter(what=Happened.PRUNED).order_by("pk")
        self._ranges = joined(pair for teller in tellers.iterator() for pair in teller.data.get("events", []))
        self._firsts = [first for first, _ in self._ranges]

    def hold(self, number: int) -> bool:
        """Whether an event left the record in good order."""
        place = bisect_right(self._firsts, number) - 1
        return place >= 0 and number <= self._ranges[place][1]


def who_fits(row: Row) -> bool:
    """Whether who it was is what the event binds, or was erased by somebody who told."""
    if row.who_salt:
        return _fits(row.who_bound, row.who_salt, who_of(row))
    empty = not row.actor_id and not row.actor_name and row.personal in EMPTY
    return empty and _accounted(row.who_bound, row.who_erased_by)


def words_fit(row: Row) -> bool:
    """Whether what was said is what the event binds, or was erased by somebody who told."""
    if row.words_salt:
        return _fits(row.words_bound, row.words_salt, words_of(row))
    return not row.text and row.data in EMPTY and _accounted(row.words_bound, row.words_erased_by)


def _fits(hash_then: str, salt: str, content: bytes) -> bool:
    """Whether a part is what was bound."""
    try:
        return bound_bytes(salt, content) == hash_then
    except ValueError:
        return False  # A salt that is none.


def _accounted(hash_then: str, erased_by: int | None) -> bool:
    """An empty part was either never bound, or was erased by somebody."""
    return (erased_by is not None) == bool(hash_then)
