"""CGRU Afanasy: its wire, what must never be sent over it, its jobs, and how they stand."""

from __future__ import annotations

from actions.clients.afanasy.building import block_of, frame_patterns
from actions.clients.afanasy.checking import check
from actions.clients.afanasy.farm import Afanasy
from actions.clients.afanasy.names import farm_user, job_name
from actions.clients.afanasy.programs import PROGRAMS, Range
from actions.clients.afanasy.wire import Place, Transport

__all__ = [
    "PROGRAMS",
    "Afanasy",
    "Place",
    "Range",
    "Transport",
    "block_of",
    "check",
    "farm_user",
    "frame_patterns",
    "job_name",
]
