"""Shows a session's token to Kitsu, which alone can say whether it is good and whose it is.

Never read offline: a token that was revoked looks as good as before; the revocation is known to Zou only.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import structlog
from django.core.cache import cache

from kitsu_bridge.kitsu.errors import NotKitsu, TokenRejected
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.secrets import fingerprint

log = structlog.get_logger(__name__)

KEPT = 60
"""Seconds for which Kitsu's yes is kept."""

NO_KEPT = 5
"""Seconds for which its no is kept."""

REJECTED = "rejected"
TOKEN = re.compile(r"[\w-]{1,2000}\.[\w-]{1,4000}\.[\w-]{1,2000}\Z", re.ASCII)
"""The shape of a JSON Web Token: three parts (RFC 7519). Whatever has another never reaches Kitsu."""


def prove(token: str, *, bots: bool = False) -> Person:
    """The person whose session this is, with the roles they have in productions.

    Raises `TokenRejected` when Kitsu says no, `KitsuUnavailable` when it says nothing. An account that is inactive is nobody; a
    bot's is nobody at a button, but counts with `bots`, where programs call.
    """
    if not TOKEN.match(token):
        raise TokenRejected
    key = f"proof:{fingerprint(token)}"
    found = kept(key)
    if found is None:
        found = _ask(token)
        keep(key, found, NO_KEPT if found == REJECTED else KEPT)
    if not isinstance(found, Person) or (found.is_bot and not bots):
        raise TokenRejected
    return found


def forget(token: str) -> None:
    """Ask Kitsu again at the next time: after signing out."""
    keep(f"proof:{fingerprint(token)}", REJECTED, NO_KEPT)


def _ask(token: str) -> Person | str:
    session = studio().session(token)
    try:
        return _person(session.whoami(), session)
    except TokenRejected:
        return REJECTED
    except (KeyError, TypeError, AttributeError, ValueError):
        raise NotKitsu("Who the person is cannot be read from its answer.") from None


def _person(account: Record, session: Kitsu) -> Person | str:
    person = Person.from_record(account)
    if not person.active:
        return REJECTED
    if person.is_bot:  # It may not read the context (403, Zou 1.0.97); Kitsu lists the productions of its teams.
        return replace(person, projects=frozenset(row["id"] for row in session.open_projects()))
    context = session.context()
    projects = frozenset(row["id"] for row in context["projects"])
    return replace(person, project_roles=dict(context.get("project_roles") or {}), projects=projects)


def kept(key: str) -> Any:
    """What is kept; a cache that is down keeps nothing and takes nothing down with it."""
    try:
        return cache.get(key)
    except Exception as error:  # noqa: BLE001 - each cache has errors of its own
        log.warning("The cache cannot be read", error=type(error).__name__)
        return None


def keep(key: str, value: Any, seconds: int) -> None:
    """Keep it for so long, where there is a cache."""
    try:
        cache.set(key, value, seconds)
    except Exception as error:  # noqa: BLE001
        log.warning("The cache cannot be written", error=type(error).__name__)
