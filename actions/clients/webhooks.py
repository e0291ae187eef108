"""Signs what is sent, as Standard Webhooks 1.0.0 says: the receiver can prove who sent it, and tell a repeated message."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256

from standardwebhooks.webhooks import Webhook

from actions.contract import ActionError

PREFIX = "whsec_"
LEAST, MOST = 24, 64
"""Bytes of a secret (spec/standard-webhooks.md, "Signature scheme"); longer and shorter ones were mistaken for something else."""


def message_id(*parts: str) -> str:
    """The `webhook-id`: the same for the same call about the same task, however often it is tried."""
    return "msg_" + sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def signer(secret: str, message: str) -> Callable[[bytes], Mapping[str, str]]:
    """Gives the three headers for a body. Made for each try, because the time of a signature counts (five minutes)."""
    webhook = _webhook(secret)

    def sign(body: bytes) -> Mapping[str, str]:
        now = datetime.now(UTC)
        signature = webhook.sign(message, now, body.decode())
        return {
            "webhook-id": message,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }

    return sign


def _webhook(secret: str) -> Webhook:
    encoded = secret.removeprefix(PREFIX)
    try:
        size = len(base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True))
    except (binascii.Error, ValueError):
        size = 0
    if not LEAST <= size <= MOST:
        raise ActionError(
            f"The secret for the signature is none: it is “{PREFIX}” and {LEAST} to {MOST} bytes in base64, as the receiver "
            "has it."
        )
    return Webhook(secret)
