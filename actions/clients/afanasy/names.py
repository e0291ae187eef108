"""Names of people and of jobs as afserver can bear them."""

from __future__ import annotations

import re
import unicodedata

from actions.clients.afanasy.fields import LONGEST_NAME

LONGEST = 60


def farm_user(name: str) -> str:
    """Small ASCII letters, digits and `_ . -`: a quotation mark in one makes the list of all jobs unreadable (3.4.1)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_.-]+", "_", plain).strip("_.-")[:LONGEST] or "kitsu"


def job_name(start: str, ending: str = "") -> str:
    """A name within the bytes that a folder of afserver may have: the start is cut, the ending stays."""
    room = LONGEST_NAME - len(ending.encode())
    if len(start.encode()) > room:
        start = start.encode()[: room - len("…".encode())].decode("utf-8", "ignore") + "…"
    return start + ending
