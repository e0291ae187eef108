"""Headers that an administrator sets: their names and values are checked before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Callable

from actions.clients.secrets.references import lines_of, with_secrets, without_secrets
from actions.contract import ActionError

NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
"""A token (RFC 9110, section 5.6.2)."""

VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
"""One line in Latin-1 (RFC 9110, section 5.5)."""

OURS = frozenset(
    {
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "accept-encoding",
        "expect",
        "te",
        "trailer",
        "upgrade",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
    }
)
"""Headers that the call itself sets: another value would make it arrive elsewhere, in pieces, or with a wrong signature."""


class Headers:
    """`Headers("Authorization: Bearer {secret:TRACKER}")`. Raises `ActionError` for what is no header."""

    def __init__(self, text: str) -> None:
        self._lines = lines_of(text, ":")
        for name, _ in self._lines:
            if not NAME.fullmatch(name):
                raise ActionError(f"“{name[:80]}” is no name of a header.")
            if name.lower() in OURS:
                raise ActionError(f"The header {name} is set by the bridge itself.")

    def shown(self) -> dict[str, str]:
        """With secrets masked."""
        return {"Content-Type": "application/json"} | {name: without_secrets(value) for name, value in self._lines}

    def filled(self, secret: Callable[[str], str]) -> dict[str, str]:
        """With the secrets in their places, as they are sent."""
        found = {name: _value(name, with_secrets(value, secret)) for name, value in self._lines}
        typed = any(name.lower() == "content-type" for name in found)
        return found if typed else {"Content-Type": "application/json"} | found


def _value(name: str, value: str) -> str:
    if not VALUE.fullmatch(value):
        raise ActionError(
            f"The value of the header {name} holds what no header may: a line end, or a letter beyond Latin-1."
        )
    return value
