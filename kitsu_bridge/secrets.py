"""What the bridge keeps to itself: the secret key, and the encryption of the tokens that wait for a worker."""

from __future__ import annotations

import base64
import os
import secrets
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from kitsu_bridge.env import WrongSetting, make_data_dir


def secret_key(given: str, data_dir: Path) -> str:
    """The key of the environment, else one made at the first start and kept in `data_dir`, readable by its owner only."""
    if given:
        if len(given) < 32:
            raise WrongSetting("SECRET_KEY", "is shorter than 32 characters.")
        return given
    make_data_dir(data_dir)
    path = data_dir / "secret_key"
    if not path.exists():
        _make_key(path)
    return _kept_key(path)


def _make_key(path: Path) -> None:
    """Written aside and linked into place: of several processes that start at once, one wins, and none reads half a key."""
    aside = path.with_name(f".secret_key.{secrets.token_hex(4)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(aside, path)
    except FileExistsError:
        return
    finally:
        aside.unlink()


def _kept_key(path: Path) -> str:
    try:
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        key = ""
    if len(key) < 32:
        raise WrongSetting("SECRET_KEY", f"is kept in {path}, which cannot be read or is cut short; remove that file.")
    return key


def encrypt(text: str) -> str:
    """Text that only a process with the same SECRET_KEY can read."""
    return _fernet(_key()).encrypt(text.encode()).decode()


def decrypt(text: str, *, max_age: int | None = None) -> str | None:
    """What was encrypted, or None when it was not by us, was altered or is older than `max_age` seconds."""
    try:
        return _fernet(_key()).decrypt(text.encode(), ttl=max_age).decode()
    except (InvalidToken, ValueError):
        return None


def fingerprint(*parts: str) -> str:
    """A short hash under which something may be cached without being kept: nobody gets it back."""
    text = "\x1f".join((_key(), *parts))
    return sha256(
        text.encode("utf-8", "surrogatepass")
    ).hexdigest()  # Strangers choose parts, halves of characters too.


def _key() -> str:
    from django.conf import settings

    return str(settings.SECRET_KEY)


@lru_cache(maxsize=4)
def _fernet(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sha256(b"kitsu-bridge tokens" + key.encode()).digest()))
