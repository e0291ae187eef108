"""Takes secrets out of whatever is stored, logged or shown."""

from __future__ import annotations

import re
from typing import Any

MASK = "•••"

DEEPEST = 200
"""Levels that are looked into; what a stranger nests deeper, which nobody reads, must not exhaust Python's stack."""

SECRET_NAME = re.compile(
    r"(pass(word|wd|phrase)?|secret|token|cookie|authorization|api[_-]?key|credential|otp|totp)", re.IGNORECASE
)

NAMED = r"(?:passw|secret|token|cookie|api[_-]?key)[\w-]{0,64}"

# Whoever can reach a door chooses this text. So each pattern takes time in proportion to its length: none begins with a
# repetition, and what repeats is bounded or gives nothing back (`++`).
SECRET_TEXT: tuple[tuple[re.Pattern[str], str], ...] = (
    # A JSON Web Token as Zou issues them, behind whatever stands before it in the same word.
    (re.compile(r"(?<![\w-])((?>[\w-]*?(?=eyJ)))eyJ[\w-]{5,}+\.[\w-]{5,}+\.[\w-]*+"), rf"\g<1>{MASK}"),
    # A token of the bridge's own (actions/tokens.py).
    (re.compile(r"\bkb_[0-9A-Za-z]{40,60}+"), MASK),
    # Credentials in a URL, and those of a header.
    (re.compile(r"(://[^\s:/@]*+:)[^\s/@]++@"), rf"\g<1>{MASK}@"),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE), rf"\g<1> {MASK}"),
    # name=value, "name": "value", and a part of a form named so.
    (re.compile(rf"({NAMED}=)[^&\s;,\"']+", re.IGNORECASE), rf"\g<1>{MASK}"),
    (
        re.compile(
            rf"({NAMED}[\"']\s*+:\s*+)(?:\"(?:[^\"\\]|\\.)*+\"?|'(?:[^'\\]|\\.)*+'?|[^\s,}}\]]+)",
            re.IGNORECASE,
        ),
        rf'\g<1>"{MASK}"',
    ),
    (
        re.compile(rf"({NAMED}\"[^\r\n]{{0,200}}(?:\r?\n[^\r\n]{{1,200}}){{0,3}}\r?\n\r?\n)[^\r\n]+", re.IGNORECASE),
        rf"\g<1>{MASK}",
    ),
)


_known: set[str] = set()

SHORTEST_KNOWN = 6
"""Characters: a shorter secret would mask ordinary words."""


def remember(secret: str) -> None:
    """Mask this very text from now on, wherever this process finds it."""
    if len(secret) >= SHORTEST_KNOWN:
        _known.add(secret)


def masked(value: Any, depth: int = 0) -> Any:
    """The same value with every secret replaced: by the name of its key, or by its own form within text."""
    if isinstance(value, str):
        return masked_text(value)
    if depth > DEEPEST:
        return MASK
    if isinstance(value, dict):
        return {
            masked(key): MASK if item and _is_secret(key) else masked(item, depth + 1) for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [masked(item, depth + 1) for item in value]
    return value


def masked_text(text: str) -> str:
    """Text without known secrets, tokens, credentials in URLs, and values that stand behind a secret's name."""
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, MASK)
    for pattern, replacement in SECRET_TEXT:
        text = pattern.sub(replacement, text)
    return text


def _is_secret(key: object) -> bool:
    return isinstance(key, str) and SECRET_NAME.search(key) is not None
