"""Lines of an option such as `Authorization: Bearer {secret:TRACKER}`: names with values, in which secrets are named."""

from __future__ import annotations

import re
from collections.abc import Callable

from actions.clients.secrets.hiding import MASK
from actions.contract import ActionError

REFERENCE = re.compile(r"\{secret:\s*([A-Za-z0-9_]{1,80})\s*\}")

EXAMPLES = {":": "Name: value", "=": "NAME=value"}


def lines_of(text: str, separator: str) -> list[tuple[str, str]]:
    """Each line's name and value, with references as they stand. Raises `ActionError` for a line without a separator."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, between, value = line.partition(separator)
        if not between or not name.strip():
            raise ActionError(f"“{MASK if len(line) > 80 else line}” is no line such as “{EXAMPLES[separator]}”.")
        found.append((name.strip(), value.strip()))
    return found


def with_secrets(value: str, secret: Callable[[str], str]) -> str:
    """The value with each reference replaced by its secret."""
    return REFERENCE.sub(lambda found: secret(found.group(1)), value)


def without_secrets(value: str) -> str:
    """The value as it may be shown."""
    return REFERENCE.sub(MASK, value)


def names_in(text: str) -> list[str]:
    """The names of all secrets that a text refers to."""
    return list(dict.fromkeys(REFERENCE.findall(text)))
