"""Worlds that are ready to run: the one of the demo, and what every world with blocklists needs."""

from __future__ import annotations

import base64
import textwrap

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.sandbox.certificates import Certificate
from bot.sandbox.dns import Fault, ZoneServer
from bot.sandbox.https import WebHost, sts_policy
from bot.sandbox.internet import World
from bot.sandbox.smtp import MailHost
from bot.sandbox.zones import NAME_SERVER_ADDRESS, address_blocklist, listing

BLOCKLISTS = (
    address_blocklist("zen.spamhaus.org")
    + listing("dbl.spamhaus.org", "dbltest.com", "127.0.1.2", reason="Test point")
    + address_blocklist("bl.spamcop.net")
    + address_blocklist("psbl.surriel.com")
    + address_blocklist("bl.mailspike.net")
    + address_blocklist("bl.spameatingmonkey.net")
    + address_blocklist("bl.ipv6.spameatingmonkey.net")
    + address_blocklist("bip.virusfree.cz")
    + address_blocklist("truncate.gbudb.net")
    + listing("multi.surbl.org", "test.surbl.org", "127.0.0.254", reason="Test point")
    # This list takes domains, but its test point is 127.0.0.2 turned around.
    + listing("multi.uribl.com", "127.0.0.2", "127.0.0.14", reason="Test point")
    + address_blocklist("list.dnswl.org", code="127.0.10.0")
)
"""The lists that are asked by default, with nothing listed but their test points."""

_HEALTHY = """
    healthy.example                       NS   ns1.healthy.example
    healthy.example                       NS   ns2.healthy.example
    ns1.healthy.example                   A    192.0.2.51
    ns2.healthy.example                   A    192.0.2.52
    healthy.example                       MX   10 mx1.healthy.example
    healthy.example                       MX   20 mx2.healthy.example
    healthy.example                       TXT  v=spf1 mx -all
    s1._domainkey.healthy.example         TXT  v=DKIM1; k=rsa; p={key}
    _dmarc.healthy.example                TXT  v=DMARC1; p=reject; rua=mailto:dmarc@healthy.example
    _mta-sts.healthy.example              TXT  v=STSv1; id=20260101T000000
    _smtp._tls.healthy.example            TXT  v=TLSRPTv1; rua=mailto:tls@healthy.example
    mta-sts.healthy.example               A    192.0.2.80
    _submissions._tcp.healthy.example     SRV  0 1 465 smtp.healthy.example
    _submission._tcp.healthy.example      SRV  10 1 587 smtp.healthy.example
    smtp.healthy.example                  A    192.0.2.27
    mx1.healthy.example                   A    192.0.2.25
    mx2.healthy.example                   A    192.0.2.26
    192.0.2.25                            PTR  mx1.healthy.example
    192.0.2.26                            PTR  mx2.healthy.example
    192.0.2.27                            PTR  smtp.healthy.example
"""

_BROKEN = """
    broken.example                        MX   10 mx.broken.example
    broken.example                        MX   20 old.broken.example
    broken.example                        TXT  v=spf1 include:a.spf.broken.example include:b.spf.broken.example mx ~all
    a.spf.broken.example                  TXT  v=spf1 a:a1.broken.example a:a2.broken.example a:a3.broken.example ?all
    b.spf.broken.example                  TXT  v=spf1 include:c.spf.broken.example a:a4.broken.example ?all
    c.spf.broken.example                  TXT  v=spf1 a:a5.broken.example a:a6.broken.example a:a7.broken.example ?all
    a1.broken.example                     A    198.51.100.1
    a2.broken.example                     A    198.51.100.2
    a3.broken.example                     A    198.51.100.3
    a4.broken.example                     A    198.51.100.4
    a5.broken.example                     A    198.51.100.5
    a6.broken.example                     A    198.51.100.6
    a7.broken.example                     A    198.51.100.7
    _dmarc.broken.example                 TXT  v=DMARC1; p=none
    _dmarc.broken.example                 TXT  v=DMARC1; p=reject; rua=mailto:dmarc@broken.example
    mx.broken.example                     A    198.51.100.25
"""

_LISTED = """
    listed.example                        MX   10 mx.listed.example
    listed.example                        TXT  v=spf1 mx -all
    s1._domainkey.listed.example          TXT  v=DKIM1; k=rsa; p={key}
    _dmarc.listed.example                 TXT  v=DMARC1; p=reject; rua=mailto:dmarc@listed.example
    mx.listed.example                     A    203.0.113.25
    203.0.113.25                          PTR  mx.listed.example
"""

_NOMAIL = """
    nomail.example                        MX   0 .
    nomail.example                        TXT  v=spf1 -all
    _dmarc.nomail.example                 TXT  v=DMARC1; p=reject
"""

_POLICY = """
    version: STSv1
    mode: enforce
    mx: mx1.healthy.example
    mx: mx2.healthy.example
    max_age: 604800
"""


USERS = {"user@healthy.example": "correct horse battery staple"}
"""Who may log in to the demo's submission server."""


def demo() -> World:
    """Make the world of ``make demo``, with a DKIM key of its own.

    healthy.example has nothing to mend, and two name servers; the other domains share one. broken.example has an SPF
    record of 11 look-ups, two DMARC records, an MX whose host does not exist, and one with an expired certificate and
    no reverse name. The mail host of listed.example is on a blocklist and otherwise well. unreachable.example has name
    servers that fail. nomail.example takes no mail, and says so. gone.example does not exist.
    """
    key = _dkim_key()
    reason = "https://check.spamhaus.org/query/ip/203.0.113.25"
    return World(
        records=textwrap.dedent(_HEALTHY + _BROKEN + _LISTED + _NOMAIL).format(key=key)
        + BLOCKLISTS
        + listing("zen.spamhaus.org", "203.0.113.25", "127.0.0.4", reason=reason),
        secure=frozenset({"healthy.example"}),
        zone_servers=(
            ZoneServer(address=NAME_SERVER_ADDRESS),
            ZoneServer(address="192.0.2.51", zones=("healthy.example",)),
            ZoneServer(address="192.0.2.52", zones=("healthy.example",)),
        ),
        faults={".unreachable.example": Fault.SERVFAIL},
        mail=(
            MailHost(name="mx1.healthy.example", address="192.0.2.25", domains=("healthy.example",)),
            MailHost(name="mx2.healthy.example", address="192.0.2.26", domains=("healthy.example",)),
            MailHost(name="smtp.healthy.example", address="192.0.2.27", port=587, auth=("PLAIN", "LOGIN"), users=USERS),
            MailHost(
                name="smtp.healthy.example",
                address="192.0.2.27",
                port=465,
                implicit_tls=True,
                auth=("PLAIN", "LOGIN"),
                users=USERS,
            ),
            MailHost(
                name="mx.broken.example",
                address="198.51.100.25",
                domains=("broken.example",),
                certificate=Certificate.EXPIRED,
            ),
            MailHost(name="mx.listed.example", address="203.0.113.25", domains=("listed.example",)),
        ),
        web=(WebHost(name="mta-sts.healthy.example", address="192.0.2.80", pages=sts_policy(_POLICY)),),
    )


def _dkim_key() -> str:
    """Make a new RSA key of 2048 bits and give what its record holds in ``p=`` (RFC 6376 section 3.6.1)."""
    public = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
