"""The Merkle tree of RFC 6962, section 2.1: one hash that stands for all events of a batch, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

LEAF, NODE = b"\x00", b"\x01"
"""What is hashed first, so that no node can be passed off as a leaf."""


def leaf(content: bytes) -> bytes:
    """The hash of one entry."""
    return sha256(LEAF + content).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The hash of them all; at least one. An odd one at the end of a level goes up as it is, which is the RFC's tree."""
    level = list(leaves)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(NODE + left + right).digest() for left, right in pairs] + level[len(level) & ~1 :]
    return level[0]
