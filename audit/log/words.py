"""Free words: each must be a word of what is known of an invocation; with a `*` behind it, the beginning of one.

PostgreSQL keeps the words of each row itself (the generated column `search`, with a GIN index; audit/migrations); SQLite looks
through the texts.
"""

from __future__ import annotations

import re

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

WEIGHTS = {"action": "A", "entities": "B", "message": "C", "who": "D"}
"""Parts of what is known, and the weight that the words of each have in `search`."""

FIELDS = {
    "action": ("action_name", "action_slug", "kind"),
    "entities": ("entities",),
    "message": ("message", "reason", "reason_code"),
    "who": ("person_name", "person_email", "project_names"),
}
BEGINS = 3
"""Characters from which on `*` makes a beginning: fewer begin half of everything."""

MOST = 12
WORD = re.compile(r"[^\W_]+\*?")
ANY = ":*"


def words(text: str) -> list[str]:
    """The words of a text, cut where the database cuts; a `*` stays with its word."""
    return list(dict.fromkeys(word.lower() for word in WORD.findall(text)))[:MOST]


def as_beginning(text: str) -> str:
    """The text with its last word as the beginning of one; empty where that is so already, or too short."""
    last = WORD.findall(text)[-1:]
    return (
        f"{text}*" if last and len(last[0]) >= BEGINS and text.endswith(last[0]) and not last[0].endswith("*") else ""
    )


def spoken(text: str, part: str = "") -> Q:
    """Invocations with all of these words, in one part or in all of what is known; none for a text without words."""
    found = words(text)
    if not found:
        return Q(pk__in=[])
    return _by_index(found, part) if connection.vendor == "postgresql" else _by_reading(found, part)


def _by_index(found: list[str], part: str) -> Q:
    weight = WEIGHTS.get(part, "")
    query = " & ".join(_asked(word, weight) for word in found)
    fits = """"audit_invocation"."search" @@ to_tsquery('simple', %s)"""
    return Q(RawSQL(fits, [query], BooleanField()))  # noqa: S611 - nothing but words goes in


def _asked(word: str, weight: str) -> str:
    """As `to_tsquery` reads it."""
    whole = word.rstrip("*")
    any_end = "*" if whole != word and len(whole) >= BEGINS else ""
    return f"'{whole}':{any_end}{weight}".rstrip(":")


def with_beginning(condition: Q) -> bool:
    """Whether a beginning is asked for: the index has to put together all words that begin so."""
    return any(isinstance(part, RawSQL) and ANY in str(part.params) for part in condition.flatten())


def _by_reading(found: list[str], part: str) -> Q:
    fields = FIELDS[part] if part else [field for fields in FIELDS.values() for field in fields]
    each = [Q(*[(f"{field}__icontains", word.rstrip("*")) for field in fields], _connector=Q.OR) for word in found]
    return Q(*each)
