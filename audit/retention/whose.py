"""A person as the record knows them, and what stands where they stood."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.dispatch import Signal

ERASED_ID, ERASED_NAME = "erased", "erased person"
"""What stands where somebody stood."""

erasing = Signal()
"""Tells every app to forget somebody: `erasing.send(Whose, whose=...)`, within the transaction."""

WHO = {"actor_id": "", "actor_name": "", "personal": {}, "who_salt": ""}
WORDS = {"text": "", "data": {}, "words_salt": ""}


@dataclass(frozen=True, slots=True)
class Whose:
    """A person as the record knows them: by one id, and every e-mail and name that it was seen with."""

    id: str
    emails: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @property
    def known(self) -> bool:
        """Whether the record knows anything of them."""
        return bool(self.id or self.emails)

    @property
    def words(self) -> list[str]:
        """What may stand in a text and means this person. A single short name could mean anything."""
        names = [name for name in self.names if " " in name.strip() or len(name) > 9]
        return sorted({word for word in [self.id, *self.emails, *names] if len(word) > 4})


def without(value: Any, words: Iterable[str]) -> Any:
    """The value with every such word replaced, whatever its case."""
    if isinstance(value, dict):
        return {without(key, words): without(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [without(item, words) for item in value]
    if isinstance(value, str):
        for word in words:
            value = re.sub(re.escape(word), ERASED_NAME, value, flags=re.IGNORECASE)
    return value
