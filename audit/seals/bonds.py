"""Checks what sealed events bind of their invocations: payload, caller, what was asked for, outcome, task results."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from audit.models import Event, Invocation, Seal
from audit.parts import PARTS, hash_of
from audit.seals.rows import Row
from audit.seals.trouble import Trouble
from audit.states import Happened

TELLS = frozenset({Happened.ERASED, Happened.PRUNED})
"""Events that may account for parts that are gone."""

AT_ONCE = 500


class Bonds:
    """The parts of the invocations whose events are walked."""

    def __init__(self) -> None:
        self._tellers: dict[int, bool] = {}
        self.checked: Counter[str] = Counter()

    def troubles(self, seal: Seal, rows: Sequence[Row]) -> Iterator[Trouble]:
        """What is not as one of these events binds it."""
        binding = [row for row in rows if row.invocation and row.data and '"bound"' in row.data]
        for start in range(0, len(binding), AT_ONCE):
            part = binding[start : start + AT_ONCE]
            found = Invocation.objects.in_bulk([UUID(row.invocation) for row in part])
            for row in part:
                yield from self._of(seal, row, found.get(UUID(row.invocation)))

    def _of(self, seal: Seal, row: Row, invocation: Invocation | None) -> Iterator[Trouble]:
        bound = json.loads(row.data or "{}").get("bound")
        if invocation is None or not isinstance(bound, dict):
            return  # An event that was altered, which is said elsewhere.
        for part, hash_then in bound.items():
            self.checked[part] += 1
            if part in PARTS and not self._stands(invocation, part, hash_then):
                text = f"The {part} of invocation {invocation.pk} was altered: event {row.id} under seal {seal.number} proves it."
                yield Trouble(seal.number, row.id, text)

    def _stands(self, invocation: Invocation, part: str, hash_then: str) -> bool:
        """As it was bound; or gone, as an event tells."""
        if part in invocation.gone:
            return self._tells(invocation.gone[part])
        try:
            return part in invocation.salts and hash_of(invocation, part) == hash_then
        except (TypeError, ValueError):
            return False  # A salt that is none.

    def _tells(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        if number not in self._tellers:
            self._tellers[number] = Event.objects.filter(pk=number, what__in=TELLS).exists()
        return self._tellers[number]
