"""Which addresses we may connect to.

Whoever publishes DNS records chooses the addresses that a checker meets. Without a guard, an MX record that points at
127.0.0.1 or at a cloud's metadata address turns the checker into a scanner of its own network. The guard judges the
address that is dialled, after every resolution.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
Endpoint = tuple[str, int]

MAIL_PORTS = frozenset({25, 465, 587, 443})
"""Relay, submission over TLS, submission (RFC 8314), and HTTPS.

Conversations and pages are connected to no other; name servers are asked at ``DNS_PORT``.
"""
DNS_PORT = 53

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052 §2.1
_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that IANA hands out
# Special purpose networks (RFC 6890 and its registries) that not every Python we run on knows.
_SPECIAL: tuple[IPNetwork, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24",  # IETF protocol assignments
        "192.88.99.0/24",  # the old 6to4 relays, RFC 7526
        "2001::/23",  # IETF protocol assignments, Teredo among them
        "3fff::/20",  # documentation, RFC 9637
    )
)


@dataclass(frozen=True)
class Guard:
    """Lets through public unicast addresses and the networks that the operator allows.

    ``dial`` sends a connection for one endpoint to another one: the sandbox and the tests live on loopback by it. It is
    looked up after the judgement and cannot widen it.
    """

    allowed: tuple[IPNetwork, ...] = ()
    dial: Mapping[Endpoint, Endpoint] = field(default_factory=dict[Endpoint, Endpoint])

    @classmethod
    def of(cls, networks: Iterable[str], dial: Mapping[Endpoint, Endpoint] | None = None) -> Guard:
        """Build one from CIDR texts.

        Raises:
            ValueError: a text is no network.
        """
        return cls(tuple(ipaddress.ip_network(text) for text in networks), {} if dial is None else dial)

    def permits(self, address: str, port: int) -> bool:
        """Whether a connection to ``address`` may be made. Anything that is no plain IP address may not."""
        return port in MAIL_PORTS and self._lets_through(address)

    def permits_dns(self, address: str) -> bool:
        """Whether a name server at ``address`` may be asked; name servers are asked at no port but their own."""
        return self._lets_through(address)

    def _lets_through(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return False
        if "%" in address:
            return False  # a zone (RFC 4007 §11) is only known to one machine
        if any(ip.version == network.version and ip in network for network in self.allowed):
            return True
        return is_public(ip)

    def endpoint(self, address: str, port: int) -> Endpoint:
        """Where to connect for an endpoint that is permitted."""
        return self.dial.get((address, port), (address, port))


def is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address belongs to the public unicast network; an IPv4 address inside an IPv6 one is looked at too."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            return is_public(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if ip not in _UNICAST or (ip.sixtofour is not None and not is_public(ip.sixtofour)):
            return False
    if any(ip.version == network.version and ip in network for network in _SPECIAL):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
