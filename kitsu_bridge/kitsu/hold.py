"""A person's token and secret answers may wait for the worker of their invocation: encrypted, in the cache only, for minutes."""

from __future__ import annotations

import json

import structlog
from django.core.cache import cache

from kitsu_bridge.secrets import decrypt, encrypt

log = structlog.get_logger(__name__)

HELD = 15 * 60
"""Seconds."""


def hold(invocation_id: str, token: str) -> None:
    """Keep a token for an invocation. Without a cache it is not kept, and the bot reads in the person's place."""
    try:
        cache.set(_key(invocation_id), encrypt(token), HELD)
    except Exception as error:  # noqa: BLE001 - each cache has errors of its own
        log.warning("A token could not be held", error=type(error).__name__)


def held(invocation_id: str) -> str | None:
    """The token, if it is still held."""
    try:
        kept = cache.get(_key(invocation_id))
    except Exception as error:  # noqa: BLE001
        log.warning("A held token could not be read", error=type(error).__name__)
        return None
    return decrypt(kept, max_age=HELD) if isinstance(kept, str) else None


def hold_answers(invocation_id: str, answers: dict[str, str]) -> None:
    """Keep what a person answered to secret questions of an invocation, as long as a token."""
    hold(f"{invocation_id}:answers", json.dumps(answers))


def held_answers(invocation_id: str) -> dict[str, str]:
    """The secret answers that are still held."""
    kept = held(f"{invocation_id}:answers")
    return dict(json.loads(kept)) if kept else {}


def release(invocation_id: str) -> None:
    """Forget both: the invocation has ended."""
    try:
        cache.delete_many([_key(invocation_id), _key(f"{invocation_id}:answers")])
    except Exception as error:  # noqa: BLE001
        log.warning("A held token could not be forgotten", error=type(error).__name__)


def _key(invocation_id: str) -> str:
    return f"held:{invocation_id}"
