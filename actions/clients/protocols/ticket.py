"""The launcher's own link: it carries the bridge's address and a one-time ticket, and no command."""

from __future__ import annotations

import re
from urllib.parse import quote

from actions.clients.protocols.scheme import checked_url
from actions.contract import ActionError

SCHEME = "kitsu-bridge"
APPLICATION = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")


def url(server: str, token: str) -> str:
    """The link that has the launcher fetch what it is to start. `server`: where the bridge stands, with its prefix."""
    return checked_url(f"{SCHEME}://run?server={quote(server, safe='')}&ticket={quote(token, safe='')}", SCHEME, "run")


def application(name: str) -> str:
    """The key under which the launcher's settings on each computer name a program. Raises `ActionError` for what is none."""
    if not APPLICATION.match(name):
        raise ActionError(
            f"“{name[:40]}” cannot name a program in the launcher's settings: write small letters and digits, such as nuke."
        )
    return name


def argument(text: str, template: str) -> str:
    """An argument filled from a template, if no variable turned it into an option. Raises `ActionError`."""
    if text.startswith("-") and not template.startswith("-"):
        raise ActionError(f"“{text[:60]}” would be taken for an option of the program.")
    if "\x00" in text or len(text) > 1000:
        raise ActionError(f"“{text[:60]}” is too long for an argument, or no text.")
    return text
