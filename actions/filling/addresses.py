"""Filling URLs: where a variable may stand, how its value is written there, and what the whole may not be."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from actions.contract import ActionError
from actions.filling.filters import text_of
from actions.filling.templates import Piece, Slot, WrongTemplate, parse
from actions.filling.variables import Variables

LONGEST = 2000
"""Characters of a filled URL: what every browser, proxy and server takes."""

BEGINNING = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?://([^/?#]*))?")
"""Scheme and host of a URL, which must stand there literally."""

NEVER = frozenset({"javascript", "data", "vbscript", "blob", "about", "view-source", "filesystem", "jar"})
"""Schemes that run or show something within a page: no URL of the bridge has one."""

WEB = frozenset({"http", "https"})
UNWANTED = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
PLAIN = "!#$%&'()*+,-./:;=?@[]_~"
"""What a literal part keeps as it is; everything else in it is percent-encoded."""


class TooLongAddress(ActionError):
    """A filled URL that not every browser, proxy and server takes whole."""


def fill_url(template: str, variables: Variables) -> str:
    """The URL with every variable percent-encoded, in scheme and host as the template declares them.

    Raises `ActionError` for an unknown or empty variable, for one in scheme or host, and for a URL that is too long.
    """
    if wrong := wrong_address(template):
        raise WrongTemplate(f"This address cannot be opened. {wrong}")
    pieces = parse(template)
    filled = "".join(_literal(piece) if isinstance(piece, str) else _encoded(piece, variables) for piece in pieces)
    return _checked(filled, _beginning(pieces))


def wrong_address(template: str) -> str:
    """What is wrong with a template as a URL, whatever its variables stand for; empty when nothing is."""
    try:
        pieces = parse(template)
    except WrongTemplate as error:
        return str(error)
    return _wrong_beginning(pieces) or _wrong_rest(pieces)


def _encoded(slot: Slot, variables: Variables) -> str:
    """No value can end the part that it stands in: every reserved sign is encoded, the slash too."""
    return quote(text_of(variables.value(slot)), safe="")


def _literal(text: str) -> str:
    return quote(text, safe=PLAIN)


def _beginning(pieces: tuple[Piece, ...]) -> tuple[str, str | None]:
    """Scheme and host as the template has them; the host is None where there are no slashes before it."""
    first = pieces[0] if pieces and isinstance(pieces[0], str) else ""
    found = BEGINNING.match(first)
    return (found.group(1).lower(), found.group(2)) if found else ("", None)


def _wrong_beginning(pieces: tuple[Piece, ...]) -> str:
    if not pieces or isinstance(pieces[0], Slot):
        return "Begin with scheme and host, such as https://tracker.studio/: no variable may stand there."
    scheme, host = _beginning(pieces)
    if not scheme:
        return "Begin with scheme and host, such as https://tracker.studio/."
    if scheme in NEVER:
        return f"{scheme}: addresses are never opened."
    if scheme in WEB and not host:
        return f"{scheme}: needs a host: {scheme}://tracker.studio/."
    found = BEGINNING.match(pieces[0])
    if host is not None and found and found.end() == len(pieces[0]) and len(pieces) > 1:
        return (
            "A variable may not be part of the host: end it with a slash, such as https://tracker.studio/{entity_name}."
        )
    return _wrong_host(host or "")


def _wrong_host(host: str) -> str:
    if "@" in host:
        return "No name and password may stand before the host."
    if not host.isascii() or UNWANTED.search(host) or "%" in host:
        return "The host may have ASCII letters, digits, dots and hyphens only (a foreign name as xn--...)."
    try:
        urlsplit(f"x://{host}").port  # noqa: B018 - asked for its error
    except ValueError:
        return "The host cannot be read, or its port is no number up to 65535."
    return ""


def _wrong_rest(pieces: tuple[Piece, ...]) -> str:
    text = "".join(piece if isinstance(piece, str) else "x" for piece in pieces)
    if "\\" in text:
        return "No backslash may stand in it."
    if any(ord(one) < 32 or 127 <= ord(one) < 160 for one in text):
        return "No control character may stand in it."
    if climbs(text):
        return "No part of its path may be . or .."
    return f"It has more than {LONGEST:,} characters." if len(_literal(text)) > LONGEST else ""


def climbs(url: str) -> bool:
    """Whether a part of the path is `.` or `..`, also as browsers decode it: it would lead to another path."""
    path = re.split(r"[?#]", url, maxsplit=1)[0]
    return any(unquote(part) in {".", ".."} for part in path.split("/"))


def _checked(url: str, beginning: tuple[str, str | None]) -> str:
    """The filled URL read again: still the declared scheme and host, and nothing that a browser reads another way."""
    if len(url) > LONGEST:
        raise TooLongAddress(
            f"The address would have {len(url):,} characters; {LONGEST:,} are the most. "
            "Select fewer tasks, or ask your studio manager for one address a task."
        )
    parts = urlsplit(url)
    scheme, host = beginning
    if parts.scheme != scheme or parts.netloc != (host or "") or UNWANTED.search(url) or "@" in parts.netloc:
        raise ActionError("The filled address is not the one that the action declares.")
    if climbs(url):
        raise ActionError("A value would change the path of the address: it is . or ..")
    return url
