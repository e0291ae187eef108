"""Any other program: an address whose literal parts the action says, with variables in between."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from actions.clients.protocols.scheme import CONTROL, allowed_scheme, checked_url
from actions.contract import ActionError

HEAD = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,30}):(?://([^/?#{}]*)(?=[/?#]|\Z))?")
"""Scheme and host, which no variable may have a part in: `mrv2://open` of `mrv2://open?path={path}`."""


def head(template: str) -> tuple[str, str]:
    """Scheme and host of a template. Raises `ActionError` for one in which they are not literal, or that may not be opened."""
    found = HEAD.match(template)
    if found is None:
        raise ActionError("Begin the address with the program's own scheme and host, such as mrv2://open?path={path}.")
    if template[found.end() :].startswith("//"):
        raise ActionError("The host of the address must be written out; no variable may stand in it.")
    if CONTROL.search(template):
        raise ActionError("The address holds line breaks or control characters.")
    return allowed_scheme(found[1]), found[2] or ""


def checked(url: str, template: str) -> str:
    """A filled address, if scheme and host are still those that the template says. Raises `ActionError`."""
    scheme, host = head(template)
    return checked_url(scheme + url[len(scheme) :] if urlsplit(url).scheme == scheme else url, scheme, host)
