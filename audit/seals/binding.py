"""Binds what may have to be forgotten: its hash is kept for good, the salt goes with what was hashed.

Without its salt nobody can find out by trying which name or address a hash is of (HMAC with SHA-256, RFC 2104).
"""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from audit.seals.canonical import canonical


def new_salt() -> str:
    """Sixteen random bytes, in hex."""
    return secrets.token_hex(16)


def bound(salt: str, part: Any) -> str:
    """The hash of a part under its salt, in hex."""
    return hmac.digest(bytes.fromhex(salt), canonical(part), "sha256").hex()
