"""The address guard: what may be dialled, judged on the address itself."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.network import Guard
from checks.network.guard import MAIL_PORTS, is_public
from checks.network.inquiry import literal

PUBLIC = [
    "1.1.1.1",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::1b",
    "2002:0101:0101::1",
    "64:ff9b::1.1.1.1",
]
# From the IANA registries of special purpose addresses (RFC 6890), first and last address where the edges matter.
INSIDE = [
    "0.0.0.0",
    "0.255.255.255",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.9",
    "192.0.0.255",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:1.1.1.1",  # no resolver hands these out: whoever does is up to something
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::1.1.1.1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "2002:c0a8:101::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
NO_ADDRESSES = [
    "",
    "localhost",
    "example.com",
    "127.1",
    "0177.0.0.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "2130706433",
    "127.0.0.1 ",
    "127.0.0.1\n",
    "[::1]",
    "１.1.1.1",
    "1。1。1。1",
    "1.1.1.1/32",
    "1.1.1.1:25",
    "2606:4700::1111%eth0",
    "2606:4700::1111%",
    "1.1.1.1\0",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_dialled(address: str) -> None:
    assert Guard().permits(address, 25)
    assert Guard().permits_dns(address)


@pytest.mark.parametrize("address", INSIDE)
def test_special_addresses_are_not_dialled(address: str) -> None:
    assert not Guard().permits(address, 25)
    assert not Guard().permits_dns(address)


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_plain_address_is_not_dialled(text: str) -> None:
    everything = Guard.of(["0.0.0.0/0", "::/0"])
    assert not everything.permits(text, 25)
    assert not everything.permits_dns(text)


@pytest.mark.parametrize("port", [0, 1, 22, 53, 80, 110, 143, 2525, 3306, 65535])
def test_only_the_ports_of_mail_are_dialled(port: int) -> None:
    assert not Guard.of(["0.0.0.0/0"]).permits("1.1.1.1", port)


def test_the_ports_of_mail_are_these() -> None:
    assert all(Guard().permits("1.1.1.1", port) for port in (25, 443, 465, 587))
    assert len(MAIL_PORTS) == 4


def test_the_operator_can_allow_networks_and_nothing_beside_them() -> None:
    guard = Guard.of(["10.1.0.0/16", "fd00:1::/32"])
    assert guard.permits("10.1.2.3", 25)
    assert guard.permits("fd00:1::25", 25)
    assert guard.permits("1.1.1.1", 25)
    assert not guard.permits("10.2.0.1", 25)
    assert not guard.permits("fd00:2::25", 25)
    assert not guard.permits("::ffff:10.2.0.1", 25)
    assert not guard.permits("10.1.2.3", 22)


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.1/8"):
        Guard.of(["10.0.0.1/8"])


def test_the_dial_map_leads_elsewhere_and_does_not_widen_what_is_permitted() -> None:
    guard = Guard.of([], {("1.1.1.1", 25): ("127.0.0.1", 2525), ("10.0.0.1", 25): ("127.0.0.1", 2525)})
    assert guard.endpoint("1.1.1.1", 25) == ("127.0.0.1", 2525)
    assert guard.endpoint("1.1.1.1", 465) == ("1.1.1.1", 465)
    assert not guard.permits("10.0.0.1", 25)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("[192.0.2.1]", "192.0.2.1"),
        ("mx.example.com", None),
        ("", None),
    ],
)
def test_a_host_name_that_is_an_address_is_seen_through(text: str, address: str | None) -> None:
    assert literal(text) == address


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_an_ipv6_one_is_judged_as_itself(inner: ipaddress.IPv4Address) -> None:
    low = int(inner)
    assert is_public(ipaddress.IPv6Address((0x64FF9B << 96) | low)) == is_public(inner)
    assert is_public(ipaddress.IPv6Address((0x2002 << 112) | (low << 80) | 1)) == is_public(inner)
    assert not is_public(ipaddress.IPv6Address((0xFFFF << 32) | low))
    assert not is_public(ipaddress.IPv6Address(low))


@given(st.ip_addresses())
def test_nothing_is_public_that_python_holds_to_be_special(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        assert not is_public(ip)


@given(st.text(max_size=40), st.integers(0, 70000))
def test_no_text_makes_the_guard_raise(text: str, port: int) -> None:
    assert Guard().permits(text, port) in (True, False)
