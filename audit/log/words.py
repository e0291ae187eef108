"""Free words: each must be a word of what is known of an invocation; the last may be the beginning of one.

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
"""Characters from which on the last word may be a beginning: shorter ones begin half of everything."""

MOST = 12
WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text, cut where the database cuts."""
    return list(dict.fromkeys(word.lower() for word in WORD.findall(text)))[:MOST]


def spoken(text: str, part: str = "") -> Q:
    """Invocations with all of these words, in one part or in all of what is known; none for a text without words."""
    found = words(text)
    if not found:
        return Q(pk__in=[])
    return _by_index(found, part) if connection.vendor == "postgresql" else _by_reading(found, part)


def _by_index(found: list[str], part: str) -> Q:
    weight = WEIGHTS.get(part, "")
    query = " & ".join(
        f"'{word}':{'*' if word == found[-1] and len(word) >= BEGINS else ''}{weight}".rstrip(":") for word in found
    )
    fits = """"audit_invocation"."search" @@ to_tsquery('simple', %s)"""
    return Q(RawSQL(fits, [query], BooleanField()))  # noqa: S611 - nothing but words goes in


def _by_reading(found: list[str], part: str) -> Q:
    fields = FIELDS[part] if part else [field for fields in FIELDS.values() for field in fields]
    each = [Q(*[(f"{field}__icontains", word) for field in fields], _connector=Q.OR) for word in found]
    return Q(*each)
