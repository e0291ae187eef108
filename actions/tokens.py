"""Makes, rotates, revokes and reads bridge tokens. The one place that writes them; each change is an event.

A secret looks like `kb_` and 49 letters and digits: 256 random bits and a checksum, so that scanners of code recognise it and
a mistyped one is refused without a look into the database. It is told once, by `make` and `rotate`, and kept nowhere.
"""

from __future__ import annotations

import re
import secrets
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from actions.models import Token, TokenSecret
from audit.models import write_event
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person

PREFIX = "kb_"
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM, CHECK = 43, 6
"""Characters: 62 ** 43 is more than 2 ** 256, 62 ** 6 more than 2 ** 32."""

SECRET = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{RANDOM + CHECK}}}\Z", re.ASCII)
USED_EVERY = timedelta(minutes=1)
"""Between two times that the last use is written down."""

LONGEST = timedelta(days=2 * 366)
"""For which a token may be good."""

TOLD = ("name", "person_id", "action_slugs", "production_ids", "expires_at")
"""What an event says of a change."""


@dataclass(frozen=True, slots=True)
class Made:
    """A token with its new secret, to be shown once."""

    token: Token
    secret: str


def make(token: Token, actor: Person | None) -> Made:
    """Keep a new token and give it a first secret."""
    with transaction.atomic():
        token.made_by = actor.name[:200] if actor else ""
        token.save(force_insert=True)
        made = Made(token, _new_secret(token))
        _tell(Happened.TOKEN_MADE, token, actor, after=_told(token))
    return made


def change(token: Token, actor: Person | None) -> bool:
    """Write what was changed of it; False when nothing was."""
    with transaction.atomic():
        before = _told(Token.objects.select_for_update().get(pk=token.pk))
        after = _told(token)
        changed = [name for name in TOLD if before[name] != after[name]]
        if not changed:
            return False
        token.save(update_fields=[*TOLD, "person_name"])
        old, new = ({name: values[name] for name in changed} for values in (before, after))
        _tell(Happened.TOKEN_CHANGED, token, actor, before=old, after=new)
    return True


def rotate(token: Token, actor: Person | None, overlap: timedelta) -> Made:
    """Give it a new secret; the last one stays good for `overlap`, older ones end now."""
    with transaction.atomic():
        Token.objects.select_for_update().get(pk=token.pk)
        now = timezone.now()
        still = token.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=now))
        last = still.first()
        still.update(ends_at=now)
        if last is not None:
            token.secrets.filter(pk=last.pk).update(ends_at=now + overlap)
        made = Made(token, _new_secret(token))
        _tell(Happened.TOKEN_ROTATED, token, actor, old_secret_ends_at=(now + overlap).isoformat())
    return made


def revoke(token: Token, actor: Person | None) -> bool:
    """Close it for good, with all its secrets; False when it is closed already."""
    with transaction.atomic():
        if not Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
            return False
        _tell(Happened.TOKEN_REVOKED, token, actor)
    token.refresh_from_db()
    return True


def is_one(text: str) -> bool:
    """Whether a text can be a secret of ours: its form and its checksum are right."""
    return bool(SECRET.match(text)) and _check(text[:-CHECK]) == text[-CHECK:]


def find(secret: str) -> Token | None:
    """The token that a secret opens now; None for any that is wrong, ended, expired or revoked."""
    if not is_one(secret):
        return None
    now = timezone.now()
    row = TokenSecret.objects.select_related("token").filter(hash=_hash(secret)).first()
    if row is None or (row.ends_at is not None and row.ends_at <= now) or not row.token.good_at(now):
        return None
    return row.token


def used(token: Token, address: str) -> None:
    """Write down that it was used, at most once a minute."""
    now = timezone.now()
    if token.used_at is not None and now - token.used_at < USED_EVERY:
        return
    stale = Q(used_at=None) | Q(used_at__lte=now - USED_EVERY)
    Token.objects.filter(stale, pk=token.pk).update(used_at=now, used_from=address[:64])


def secrets_of(token: Token, now: datetime | None = None) -> Iterable[TokenSecret]:
    """Those of its secrets that are still good, the newest first."""
    now = now or timezone.now()
    return token.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=now)) if token.good_at(now) else []


def _new_secret(token: Token) -> str:
    body = PREFIX + "".join(secrets.choice(SIGNS) for _ in range(RANDOM))
    secret = body + _check(body)
    TokenSecret.objects.create(token=token, hash=_hash(secret), ending=secret[-4:])
    return secret


def _check(body: str) -> str:
    """The CRC-32 of what stands before it, in the same characters."""
    number, found = zlib.crc32(body.encode()), ""
    for _ in range(CHECK):
        number, rest = divmod(number, len(SIGNS))
        found = SIGNS[rest] + found
    return found


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _told(token: Token) -> dict[str, Any]:
    values = {name: getattr(token, name) for name in TOLD}
    return {**values, "expires_at": token.expires_at.isoformat()}


def _tell(what: Happened, token: Token, actor: Person | None, **data: Any) -> None:
    write_event(what, subject=token.subject, actor=actor, text=token.name, data=data)
