"""Secrets that actions name in their options: they live in the environment or in files, and nowhere else.

`BRIDGE_SECRET_SLACK` (or `BRIDGE_SECRET_SLACK_FILE`, which names a file) is the secret `SLACK`. The prefix keeps the bridge's
own secrets, such as `SECRET_KEY`, out of reach of whoever writes options.
"""

from __future__ import annotations

import os

from kitsu_bridge import env, masking

PREFIX = "BRIDGE_SECRET_"


class NoSuchSecret(Exception):
    """No environment variable holds a secret of this name; the text says what to do."""


def secret_names() -> list[str]:
    """The names that options may hold, in order."""
    names = {name.removeprefix(PREFIX).removesuffix("_FILE") for name in os.environ if name.startswith(PREFIX)}
    return sorted(name for name in names if name)


def named_secret(name: str) -> str:
    """The secret itself; from here on it is masked wherever this process writes text. Raises `NoSuchSecret`."""
    try:
        value = env.secret(f"{PREFIX}{name}") if name in secret_names() else ""
    except env.WrongSetting as error:
        raise NoSuchSecret(f"The secret {name!r} cannot be read: {error}") from None
    if not value:
        raise NoSuchSecret(f"There is no secret {name!r}. Operators set {PREFIX}{name} for the bridge and its workers.")
    masking.remember(value)
    return value
