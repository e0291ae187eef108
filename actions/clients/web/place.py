"""Where a URL leads, read strictly: what two readers could understand in two ways is no address here."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from actions.clients.web.trouble import NotAllowed

PORTS = {"http": 80, "https": 443}

AS_IT_IS = "%/:=&?~#+!$,;'@()*[]"
"""What may stand in a path or a query without being encoded (RFC 3986, section 3.3 and 3.4), and `%` of what already is."""

NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
"""A last label that makes a host an IPv4 address, as in 0x7f.1 or 2130706433 (URL Standard, "ends in a number checker")."""


@dataclass(frozen=True, slots=True)
class Place:
    """A server, and what is asked of it: `target` is path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def host_header(self) -> str:
        """As the `Host` header names it: IPv6 in brackets, the port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def place_of(url: str) -> Place:
    """Where a URL leads. Raises `NotAllowed` for what is no plain http or https address."""
    parts = _split(url)
    if parts.scheme not in PORTS:
        raise NotAllowed("The address must begin with https://.")
    if parts.username is not None or parts.password is not None:
        raise NotAllowed("The address holds a name or a password; put them into a header, as a secret.")
    path = quote(parts.path or "/", safe=AS_IT_IS)
    query = f"?{quote(parts.query, safe=AS_IT_IS)}" if parts.query else ""
    return Place(parts.scheme, host_of(parts.hostname or ""), parts.port or PORTS[parts.scheme], path + query)


def _split(url: str) -> SplitResult:
    """`urlsplit` drops tabs and line ends silently, and others read a backslash as a slash: neither passes."""
    if any(character <= " " or character in "\\\x7f" for character in url):
        raise NotAllowed("The address holds a space, a line end or a backslash.")
    try:
        parts = urlsplit(url)
        if parts.port == 0:
            raise ValueError("port 0")
    except ValueError:
        raise NotAllowed("The address is no URL.") from None
    return parts


def host_of(host: str) -> str:
    """A host name in ASCII, or an IP address in its one usual spelling."""
    bare = host.rstrip(".").lower()
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    try:
        name = bare.encode("idna").decode() if not bare.isascii() else bare
    except UnicodeError:
        name = ""
    if not NAME.fullmatch(name) or len(name) > 253:
        raise NotAllowed("The address has no host, or one that is no host name.")
    if NUMBER.fullmatch(name.rpartition(".")[2]):
        raise NotAllowed("The host is a number that is no plain IP address; write one such as 192.168.1.20.")
    return name
