"""The key that signs seals (Ed25519), and the public ones that tell whose seals they are."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from kitsu_bridge.env import WrongSetting

PublicKeys = dict[str, Ed25519PublicKey]
"""By the id that seals carry."""


def key_id(public: Ed25519PublicKey) -> str:
    """The first 16 hex digits of the key's SHA-256."""
    return sha256(public.public_bytes_raw()).hexdigest()[:16]


def signing_key() -> Ed25519PrivateKey:
    """The key of SEAL_KEY, else the one in DATA_DIR, made when there is none. Its public part is kept beside it."""
    key = _private(settings.SEAL_KEY) if settings.SEAL_KEY else _kept(Path(settings.DATA_DIR) / "seal_key.pem")
    _keep_public(key.public_key())
    return key


def known_keys() -> PublicKeys:
    """The public part of the key of today, and those of earlier keys that are kept in SEAL_PUBLIC_KEYS."""
    folder = Path(settings.SEAL_PUBLIC_KEYS)
    found = public_keys(sorted(folder.glob("*.pem"))) if folder.is_dir() else {}
    own = signing_key().public_key()
    return {**found, key_id(own): own}


def public_keys(files: Iterable[Path]) -> PublicKeys:
    """The public keys in PEM files. Raises `ValueError` for what is none."""
    found = {}
    for file in files:
        key = serialization.load_pem_public_key(file.read_bytes())
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError(f"{file} holds no Ed25519 key.")
        found[key_id(key)] = key
    return found


def public_pem(public: Ed25519PublicKey) -> bytes:
    """A public key as PEM, which openssl reads as well."""
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def signed_by(public: Ed25519PublicKey, signature: str, content: bytes) -> bool:
    """Whether a signature (hex) is this key's."""
    try:
        public.verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=4)
def _private(text: str) -> Ed25519PrivateKey:
    """From PEM, or from 32 bytes in base64."""
    try:
        if text.startswith("-----"):
            key = serialization.load_pem_private_key(text.encode(), password=None)
        else:
            key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(text, validate=True))
    except (ValueError, TypeError, binascii.Error):
        raise WrongSetting("SEAL_KEY", "is neither a PEM nor 32 bytes in base64.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise WrongSetting("SEAL_KEY", "is no Ed25519 key.")
    return key


def _kept(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        _write_once(path, key.private_bytes(serialization.Encoding.PEM, form, plain), 0o600)
    return _private(path.read_text(encoding="ascii"))


def _keep_public(public: Ed25519PublicKey) -> None:
    path = Path(settings.SEAL_PUBLIC_KEYS) / f"{key_id(public)}.pem"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_once(path, public_pem(public), 0o644)


def _write_once(path: Path, content: bytes, mode: int) -> None:
    """Written aside and linked into place: of several processes that start at once one wins, and none reads half a key."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    try:
        os.link(aside, path)
    except FileExistsError:
        return
    finally:
        aside.unlink()
