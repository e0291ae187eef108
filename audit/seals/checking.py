"""Checks events against their seals: that each stands as it was sealed, none is missing, and none has been put in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from audit.models import Seal
from audit.models.particulars import Particulars
from audit.seals.binding import bound
from audit.seals.merkle import root
from audit.seals.ranges import Range, joined, numbers_in
from audit.seals.rows import Row, in_ranges, leaf_of, rows_where
from audit.seals.trouble import Report, Trouble

APART = (
    "actor_id",
    "actor_name",
    "personal",
    "who_salt",
    "who_erased_by",
    "text",
    "data",
    "words_salt",
    "words_erased_by",
)
"""The particulars, behind the fields of `Row`."""

_FIELDS = [f"particulars__{name}" for name in APART]
Found = tuple[Any, ...]
HASH = 32


class Events:
    """The events of the seals as they are walked."""

    def __init__(self, report: Report, before: Seal | None = None) -> None:
        self._report = report
        self._reach = before.last if before else 0
        self.strangers: set[int] = set()
        """Events within reach that no seal so far has named."""

    def check(self, seals: Sequence[Seal]) -> Iterator[tuple[Seal, list[Found]]]:
        """Check the events of some seals that follow one another; each seal with the rows of its events."""
        reach = max([self._reach, *(seal.last for seal in seals)])
        named: list[Range] = [pair for seal in seals for pair in seal.events]
        within = joined([*named, *([[self._reach + 1, reach]] if reach > self._reach else [])])
        rows = {row[0]: row for row in rows_where(in_ranges(within), *_FIELDS).iterator(chunk_size=2000)}
        for seal in seals:
            yield seal, self._check(seal, rows)
        self.strangers |= rows.keys()
        self._reach = reach

    def _check(self, seal: Seal, rows: dict[int, Found]) -> list[Found]:
        numbers = list(numbers_in(seal.events))
        self.strangers.difference_update(numbers)
        found = [rows.pop(number, None) for number in numbers]
        leaves = [leaf_of(Row(*row[:7])) if row else b"" for row in found]
        if root(leaves).hex() != seal.root:
            self._name(seal, numbers, leaves)
        there = [row for row in found if row is not None]
        for row in there:
            self._check_parts(seal, row)
        self._report.events += len(there)
        return there

    def _name(self, seal: Seal, numbers: list[int], leaves: list[bytes]) -> None:
        """Which events are not as they were sealed, where the seal's own leaves still fit its root."""
        whole = bytes(seal.leaves)
        sealed = [whole[start : start + HASH] for start in range(0, len(whole), HASH)]
        if len(sealed) != len(leaves) or root(sealed).hex() != seal.root:
            text = f"One of the events {numbers[0]} to {numbers[-1]} was altered; the seal's list of them as well."
            self._report.add(Trouble(seal.number, numbers[0], text))
            return
        for number, now, then in zip(numbers, leaves, sealed, strict=True):
            if now != then:
                what = "was altered" if now else "is missing"
                self._report.add(Trouble(seal.number, number, f"Event {number} {what}: seal {seal.number} proves it."))

    def _check_parts(self, seal: Seal, row: Found) -> None:
        number, who_bound, words_bound = row[0], row[5], row[6]
        actor, name, personal, who_salt, who_gone, text, data, words_salt, words_gone = row[7:]
        who = {"id": actor, "name": name, "more": personal}
        if not _fits(who_bound, who_salt, who_gone, who, empty=not (actor or name or personal)):
            self._altered(seal, number, "Who it was")
        words = {"text": text, "data": data}
        if not _fits(words_bound, words_salt, words_gone, words, empty=not (text or data)):
            self._altered(seal, number, "What was said")
        self._report.erased.update(gone for gone in (who_gone, words_gone) if gone is not None)

    def _altered(self, seal: Seal, number: int, part: str) -> None:
        text = f"{part} in event {number} was altered: seal {seal.number} proves it."
        self._report.add(Trouble(seal.number, number, text))


def _fits(hash_then: str, salt: str, gone: int | None, part: dict[str, Any], *, empty: bool) -> bool:
    """Whether a part is what was bound, or is empty where it was erased or never was."""
    if salt and hash_then:
        return bound(salt, part) == hash_then
    return empty and not salt and (gone is not None if hash_then else gone is None)


assert set(APART) <= {field.attname for field in Particulars._meta.concrete_fields}
