"""Binds what may have to be forgotten: its hash is kept for good, the salt goes with what was hashed.

Without its salt nobody can find out by trying which name or address a hash is of. The salt has a fixed length and stands
first, so that the hash (SHA-256) can be of nothing else.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Any

from audit.seals.canonical import canonical

PART = b"\x02"
"""What is hashed first, so that no part can be passed off as a leaf or a node of a seal's tree."""


def new_salt() -> str:
    """Sixteen random bytes, in hex."""
    return secrets.token_hex(16)


def bound(salt: str, part: Any) -> str:
    """The hash of a part under its salt, in hex."""
    return bound_bytes(salt, canonical(part))


def bound_bytes(salt: str, content: bytes) -> str:
    """The hash of what is canonical JSON already."""
    return sha256(PART + bytes.fromhex(salt) + content).hexdigest()
