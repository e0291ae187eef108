"""Which servers may be called: those of the internet, and those of the studio's network that a setting names."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection

from actions.clients.web.place import Place
from actions.clients.web.trouble import NotAllowed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

NEVER_BY_NAME: tuple[Network, ...] = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",  # This host (RFC 1122, section 3.2.1.3).
            "169.254.0.0/16",  # Link-local: 169.254.169.254 is where AWS, Azure, GCP and others tell a machine its keys.
            "fe80::/10",
            "100.100.100.200/32",  # The same at Alibaba Cloud,
            "192.0.0.192/32",  # at Oracle Cloud,
            "fd00:ec2::254/128",  # at AWS over IPv6,
            "168.63.129.16/32",  # and the wire server of Azure, which looks like an address of the internet.
            "224.0.0.0/4",  # Multicast.
            "ff00::/8",
            "255.255.255.255/32",
            "::/128",
        ),
    )
)
"""A host name in the setting does not open these, or whoever owns the name could lead there: their network must be named."""

NOT_OF_THE_INTERNET: tuple[Network, ...] = tuple(
    map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4", "64:ff9b:1::/48", "fec0::/10"))
)
"""Special addresses (RFC 6890 and its successors) that some versions of Python's `is_global` take for ordinary ones."""

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")


class Guard:
    """What the setting CALL_URL_PRIVATE opens: host names, and networks such as 192.168.20.0/24."""

    def __init__(self, opened: Collection[str] = ()) -> None:
        self._hosts: set[str] = set()
        self._networks: list[Network] = []
        for word in opened:
            try:
                self._networks.append(ipaddress.ip_network(word, strict=False))
            except ValueError:
                self._hosts.add(word.rstrip(".").lower())

    def check(self, place: Place, address: str) -> None:
        """Raises `NotAllowed` when a call to this place must not go to this address."""
        forms = forms_of(ipaddress.ip_address(address))
        for form in forms:
            if not self._opened(place, form) and not _of_the_internet(form):
                raise NotAllowed(
                    f"{place.host} is {address}, which is not of the internet. If it is a server of the studio that may be "
                    "called, operators add it to CALL_URL_PRIVATE."
                )
        if place.scheme == "http" and not self._opened(place, forms[0]):
            raise NotAllowed(
                f"{place.host} would be called over http, which anybody on the way can read. Write https://, or operators "
                "add it to CALL_URL_PRIVATE."
            )

    def _opened(self, place: Place, address: Address) -> bool:
        if any(address in network for network in self._networks):
            return True
        return place.host in self._hosts and not any(address in network for network in NEVER_BY_NAME)


def forms_of(address: Address) -> list[Address]:
    """The address, and the IPv4 address within an IPv6 one that leads there in the end."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    within = [address.sixtofour, *(address.teredo or ())]
    if address in NAT64 or (address in IPV4_COMPATIBLE and int(address) > 1):
        within.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [address, *(one for one in within if one)]


def _of_the_internet(address: Address) -> bool:
    special = (*NEVER_BY_NAME, *NOT_OF_THE_INTERNET)
    return address.is_global and not any(address in network for network in special)
