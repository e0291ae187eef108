from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.clients.web.guard import Guard
from actions.clients.web.place import place_of
from actions.clients.web.trouble import NotAllowed

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104
    "169.254.169.254",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
]


def allowed(guard, address, url="https://tracker.studio/"):
    try:
        guard.check(place_of(url), address)
    except NotAllowed:
        return False
    return True


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_it_works(address):
    assert allowed(Guard(), address)
    assert not allowed(Guard(), address, "http://tracker.studio/")


@pytest.mark.parametrize("address", INSIDE)
def test_it_refuses_what_is_not_of_the_internet(address):
    assert not allowed(Guard(), address)
    assert not allowed(Guard(["other.studio", "203.0.113.0/24"]), address)


@given(st.ip_addresses(v=4))
def test_it_refuses_an_ipv4_address_in_every_disguise(address):
    bare = allowed(Guard(), str(address))
    number = int(address)
    for disguise in (0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80):
        assert allowed(Guard(), str(ipaddress.IPv6Address(disguise))) == bare or not bare or disguise >> 112 == 0x2002


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.1.1", "::1", "fd12::1", "::ffff:192.168.1.1"])
def test_a_named_host_may_be_of_the_studio(address):
    guard = Guard(["tracker.studio"])
    assert allowed(guard, address)
    assert allowed(guard, address, "http://tracker.studio/")
    assert allowed(guard, address, "http://TRACKER.studio.:8080/")
    assert not allowed(guard, address, "https://other.studio/")
    assert not allowed(guard, address, "https://tracker.studio.evil.example/")


@pytest.mark.parametrize("address", ["169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254", "224.0.0.1",
                                     "0.0.0.0", "fe80::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"])  # fmt: skip # noqa: S104
def test_a_named_host_does_not_open_the_keys_of_the_cloud(address):
    assert not allowed(Guard(["tracker.studio"]), address)


def test_a_named_network_is_open_and_nothing_beside_it():
    guard = Guard(["192.168.20.0/24", "fd12::/16", "169.254.7.7"])
    for address in ("192.168.20.7", "fd12::9", "169.254.7.7", "::ffff:192.168.20.7"):
        assert allowed(guard, address)
        assert allowed(guard, address, "http://anything.example/")
    for address in ("192.168.21.7", "fd13::9", "169.254.169.254", "127.0.0.1"):
        assert not allowed(guard, address)


def test_an_address_may_be_named_as_a_host():
    assert allowed(Guard(["127.0.0.1"]), "127.0.0.1", "http://127.0.0.1:8000/")
    assert allowed(Guard(["::1"]), "::1", "http://[::1]:8000/")


def test_the_refusal_says_the_cure():
    with pytest.raises(NotAllowed, match=r"tracker\.studio is 10\.0\.0\.1, .* CALL_URL_PRIVATE"):
        Guard().check(place_of("https://tracker.studio/"), "10.0.0.1")
    with pytest.raises(NotAllowed, match="https://"):
        Guard().check(place_of("http://tracker.studio/"), "1.1.1.1")
