"""Names of people as afserver can bear them."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60


def farm_user(name: str) -> str:
    """Small ASCII letters, digits and `_ . -`: a quotation mark in one makes the list of all jobs unreadable (3.4.1)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_.-]+", "_", plain).strip("_.-")[:LONGEST] or "kitsu"
