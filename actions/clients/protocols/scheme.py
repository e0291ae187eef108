"""Which URLs may open a program at all. Asked when an action is saved, when it runs, and before its page shows a link."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from actions.contract import ActionError

LONGEST = 2000
"""Characters. Windows hands a program about 2,048 of them (ShellExecute)."""

SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,30}\Z")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

DENIED = re.compile(
    r"(javascript|data|vbscript|file|blob|about|view-source|filesystem|wss?|chrome.*|resource|ms-.*|search-ms|search|shell"
    r"|https?|ftps?|jar|mailto|tel|sms|intent|moz-.*|edge|brave|opera|devtools)\Z"
)
"""What no action opens, whoever asks for it: schemes that run scripts, read files, or are the browser's or the system's own.

Web pages have an action of their own.
"""


class TooLong(ActionError):
    """The URL would be cut on its way to the program."""


def allowed_scheme(text: str) -> str:
    """A scheme such as `rvlink`, in small letters. Raises `ActionError` for one that no action may open."""
    scheme = text.strip().lower()
    if not SCHEME.match(scheme):
        raise ActionError(f"“{text[:40]}” is no scheme of a program: write small letters, such as rvlink.")
    if DENIED.match(scheme):
        raise ActionError(f"The scheme “{scheme}” belongs to the browser or the system; no action may open it.")
    return scheme


def checked_url(url: str, scheme: str, host: str | None = None) -> str:
    """The same URL, if it opens that scheme (and `host`, where one is given) and nothing else.

    Raises `ActionError`, and `TooLong` for more than 2,000 characters.
    """
    if CONTROL.search(url) or not url.isascii() or " " in url:
        raise ActionError("The address holds characters that belong into no address.")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ActionError("The address cannot be read.") from None
    if parts.scheme != allowed_scheme(scheme) or not url.startswith(f"{scheme}:"):
        raise ActionError(f"The address does not begin with {scheme}:, as the action says.")
    if host is not None and parts.netloc != host:
        raise ActionError("The host of the address is not the one that the action says.")
    if len(url) > LONGEST:
        raise TooLong(
            f"The address would have {len(url):,} characters, and programs get at most {LONGEST:,}. Select fewer tasks."
        )
    return url
