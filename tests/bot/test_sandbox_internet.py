"""The sandbox's internet, judged from outside with stock clients: dnspython, aiosmtplib, aiohttp."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import socket
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType

import aiohttp
import aiohttp.abc
import aiosmtplib
import dns.asyncquery
import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from bot.sandbox import worlds
from bot.sandbox.certificates import Authority, Certificate
from bot.sandbox.dns import Delay, Fault, NameServer, ZoneServer
from bot.sandbox.https import Page, WebHost, sts_policy
from bot.sandbox.internet import Internet, World
from bot.sandbox.smtp import GREYLISTED, MailFault, MailHost, StartTls
from bot.sandbox.zones import ZoneError, Zones, address_blocklist, listed_name, listing

AUTHORITY = Authority()
ADDRESS = "192.0.2.25"
DNSBLS = Path(__file__).parents[2] / ".." / "shared" / "data" / "dnsbls.json"
SHORT = 0.15
"""Seconds after which a client gives up on a server that is meant to be silent."""
LONG = 10.0
"""Seconds that no server takes that is meant to answer, however busy the machine is."""

RECORDS = """
    # A comment, and below it one record of each kind that has a rule of its own.
    example.com             MX     10 mx.example.com
    example.com        60   TXT    v=spf1 mx -all
    example.com             TXT    "two " "strings"
    mx.example.com          A      192.0.2.25
    mx.example.com          AAAA   2001:db8::25
    192.0.2.25              PTR    mx.example.com
    2001:db8::25            PTR    mx.example.com
    www.example.com         CNAME  web.example.net
    web.example.net         CNAME  end.example.net
    end.example.net         A      192.0.2.80
    lost.example.com        CNAME  nowhere.example.net
    loop.example.com        CNAME  pool.example.com
    pool.example.com        CNAME  loop.example.com
    *.wild.example.com      TXT    any name
    _smtp._tcp.example.com  SRV    0 1 25 mx.example.com
    _25._tcp.mx.example.com TLSA   3 1 1 0000000000000000000000000000000000000000000000000000000000000000
    sub.example.com         SOA    ns.sub.example.com hostmaster.sub.example.com 7 3600 600 86400 60
    signed.example          TXT    signed
    bogus.example           TXT    badly signed
    to-signed.example       CNAME  signed.example
"""


@asynccontextmanager
async def internet(world: World, *, delay: float = 0.0) -> AsyncGenerator[Internet]:
    async with Internet(world, authority=AUTHORITY, delay=delay) as running:
        yield running


@pytest.fixture
async def plain() -> AsyncIterator[Internet]:
    secure = frozenset({"signed.example"})
    async with internet(World(records=RECORDS, secure=secure, bogus=frozenset({"bogus.example"}))) as running:
        yield running


async def udp(
    running: Internet,
    name: str,
    rdtype: str = "A",
    *,
    flags: int = int(dns.flags.RD),
    edns: bool = True,
    server: int = 0,
    seconds: float = LONG,
) -> dns.message.Message:
    query = dns.message.make_query(name, rdtype, use_edns=0 if edns else False, payload=1232, flags=flags)
    host, port = running.dns_servers[server]
    return await dns.asyncquery.udp(query, host, port=port, timeout=seconds)


async def tcp(running: Internet, name: str, rdtype: str = "A", *, seconds: float = LONG) -> dns.message.Message:
    host, port = running.dns_servers[0]
    return await dns.asyncquery.tcp(dns.message.make_query(name, rdtype), host, port=port, timeout=seconds)


Ask = Callable[[Internet, str, str], Awaitable[dns.message.Message]]


def texts(message: dns.message.Message) -> set[str]:
    return {
        f"{dns.rdatatype.to_text(rrset.rdtype)} {rdata}"
        for rrset in message.answer
        for rdata in list[dns.rdata.Rdata](rrset)
    }


def only_text(message: dns.message.Message) -> tuple[bytes, ...]:
    """Give the strings of the one TXT record in an answer."""
    (rdata,) = list[dns.rdata.Rdata](message.answer[0])
    assert isinstance(rdata, dns.rdtypes.ANY.TXT.TXT)
    return rdata.strings


async def packets(running: Internet, query: dns.message.Message, count: int) -> list[bytes]:
    """Send a question once, and give the first packets that come back, whatever they hold."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.setblocking(False)  # noqa: FBT003 - the name of the method says what it means
        await loop.sock_connect(own, running.dns_servers[0])
        await loop.sock_sendall(own, query.to_wire())
        async with asyncio.timeout(LONG):
            return [await loop.sock_recv(own, 65535) for _ in range(count)]


# Names


@pytest.mark.parametrize(
    ("name", "rdtype", "answer"),
    [
        ("example.com", "MX", {"MX 10 mx.example.com."}),
        ("EXAMPLE.com", "TXT", {'TXT "v=spf1 mx -all"', 'TXT "two " "strings"'}),
        ("mx.example.com", "AAAA", {"AAAA 2001:db8::25"}),
        ("25.2.0.192.in-addr.arpa", "PTR", {"PTR mx.example.com."}),
        (dns.name.from_text("5.2" + ".0" * 22 + ".8.b.d.0.1.0.0.2.ip6.arpa").to_text(), "PTR", {"PTR mx.example.com."}),
        (
            "www.example.com",
            "A",
            {"CNAME web.example.net.", "CNAME end.example.net.", "A 192.0.2.80"},
        ),
        ("www.example.com", "CNAME", {"CNAME web.example.net."}),
        ("some.name.wild.example.com", "TXT", {'TXT "any name"'}),
        ("_smtp._tcp.example.com", "SRV", {"SRV 0 1 25 mx.example.com."}),
        ("_25._tcp.mx.example.com", "TLSA", {"TLSA 3 1 1 " + "0" * 64}),
        ("example.com", "SOA", {"SOA ns.nic.invalid. hostmaster.nic.invalid. 1 3600 600 86400 60"}),
        ("example.com", "NS", {"NS ns.nic.invalid."}),
    ],
)
async def test_a_record_is_found_by_its_name_and_type(
    plain: Internet, name: str, rdtype: str, answer: set[str]
) -> None:
    response = await udp(plain, name, rdtype)
    assert response.rcode() == dns.rcode.NOERROR
    assert texts(response) == answer
    assert response.flags & dns.flags.RA


@pytest.mark.parametrize(
    ("name", "rcode", "soa"),
    [
        ("nothing.example.com", dns.rcode.NXDOMAIN, "example.com."),
        ("gone.example", dns.rcode.NXDOMAIN, "example."),
        ("host.gone", dns.rcode.NXDOMAIN, "."),
        ("nothing.sub.example.com", dns.rcode.NXDOMAIN, "sub.example.com."),
        ("lost.example.com", dns.rcode.NXDOMAIN, "example.net."),
        ("example.com", dns.rcode.NOERROR, "example.com."),
        ("_tcp.example.com", dns.rcode.NOERROR, "example.com."),
        ("wild.example.com", dns.rcode.NOERROR, "example.com."),
        ("a.wild.example.com", dns.rcode.NOERROR, "example.com."),
    ],
)
async def test_a_missing_record_is_denied_with_the_soa_of_its_zone(
    plain: Internet, name: str, rcode: dns.rcode.Rcode, soa: str
) -> None:
    response = await udp(plain, name)
    assert response.rcode() == rcode
    assert [(str(rrset.name), rrset.rdtype) for rrset in response.authority] == [(soa, dns.rdatatype.SOA)]


async def test_an_alias_that_leads_back_to_itself_is_a_server_failure(plain: Internet) -> None:
    assert (await udp(plain, "loop.example.com")).rcode() == dns.rcode.SERVFAIL


async def test_a_ttl_is_given_or_300_seconds(plain: Internet) -> None:
    assert (await udp(plain, "example.com", "TXT")).answer[0].ttl == 60
    assert (await udp(plain, "example.com", "MX")).answer[0].ttl == 300


async def test_a_long_text_without_quotes_is_one_record_of_several_strings() -> None:
    async with internet(World(records=f"example.com TXT {'a' * 300}; b")) as running:
        strings = only_text(await udp(running, "example.com", "TXT"))
    assert [len(string) for string in strings] == [255, 48]


@pytest.mark.parametrize(
    "line", ["example.com", "example.com NOTYPE x", "example.com A 192.0.2.256", "a..b A 192.0.2.1"]
)
def test_a_wrong_line_is_refused_and_named(line: str) -> None:
    with pytest.raises(ZoneError, match=line.replace(".", r"\.")):
        Zones(f"example.com A 192.0.2.1\n{line}")


@pytest.mark.parametrize(
    ("name", "flags", "authenticated"),
    [
        ("signed.example", dns.flags.RD | dns.flags.AD, True),
        ("absent.signed.example", dns.flags.RD | dns.flags.AD, True),
        ("signed.example", dns.flags.RD, False),
        ("to-signed.example", dns.flags.RD | dns.flags.AD, False),
        ("example.com", dns.flags.RD | dns.flags.AD, False),
    ],
)
async def test_ad_is_set_for_a_signed_name_when_the_client_wants_it(
    plain: Internet, name: str, flags: int, *, authenticated: bool
) -> None:
    assert bool((await udp(plain, name, "TXT", flags=flags)).flags & dns.flags.AD) is authenticated


async def test_do_asks_for_ad_as_well(plain: Internet) -> None:
    query = dns.message.make_query("signed.example", "TXT", want_dnssec=True)
    (packet,) = await packets(plain, query, 1)
    assert dns.message.from_wire(packet).flags & dns.flags.AD


async def test_a_badly_signed_name_fails_unless_checking_is_disabled(plain: Internet) -> None:
    refused = await udp(plain, "bogus.example", "TXT")
    assert refused.rcode() == dns.rcode.SERVFAIL
    (reason,) = refused.extended_errors()
    assert reason.code == dns.edns.EDECode.DNSSEC_BOGUS
    unchecked = await udp(plain, "bogus.example", "TXT", flags=dns.flags.RD | dns.flags.CD)
    assert texts(unchecked) == {'TXT "badly signed"'}


async def test_every_question_is_logged_with_its_transport(plain: Internet) -> None:
    await udp(plain, "Example.com", "MX")
    await udp(plain, "example.com", "MX")
    await tcp(plain, "example.com", "TXT")
    assert [(query.name, query.rdtype, query.transport) for query in plain.queries] == [
        ("example.com", "MX", "udp"),
        ("example.com", "MX", "udp"),
        ("example.com", "TXT", "tcp"),
    ]


async def test_an_answer_larger_than_the_client_takes_is_truncated() -> None:
    async with internet(World(records=f"example.com TXT {'a' * 600}")) as running:
        assert (await udp(running, "example.com", "TXT", edns=False)).flags & dns.flags.TC
        assert not (await udp(running, "example.com", "TXT")).flags & dns.flags.TC


async def test_rubbish_is_not_answered_and_stops_nobody(plain: Internet) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        for rubbish in (b"", b"x", b"\x00" * 12, b"\xff" * 500):
            own.sendto(rubbish, plain.dns_servers[0])
    assert texts(await udp(plain, "example.com", "MX"))
    assert len(plain.queries) == 1


# Faults of name servers


@asynccontextmanager
async def faulty(fault: Fault | Delay) -> AsyncGenerator[Internet]:
    async with internet(World(records="example.com TXT right", faults={"example.com": fault})) as running:
        yield running


RIGHT = {'TXT "right"'}


@pytest.mark.parametrize(
    ("fault", "rcode"),
    [
        (Fault.SERVFAIL, dns.rcode.SERVFAIL),
        (Fault.REFUSED, dns.rcode.REFUSED),
        (Fault.FORMERR, dns.rcode.FORMERR),
    ],
)
async def test_a_refusal_comes_over_both_transports(fault: Fault, rcode: dns.rcode.Rcode) -> None:
    async with faulty(fault) as running:
        assert (await udp(running, "example.com", "TXT")).rcode() == rcode
        assert (await tcp(running, "example.com", "TXT")).rcode() == rcode


async def test_a_silent_name_is_never_answered_and_its_neighbour_is() -> None:
    async with faulty(Fault.SILENT) as running:
        for ask in (udp, tcp):
            with pytest.raises(dns.exception.Timeout):
                await ask(running, "example.com", "TXT", seconds=SHORT)
        assert (await udp(running, "www.example.com", "TXT")).rcode() == dns.rcode.NXDOMAIN


async def test_the_closest_key_of_a_fault_holds() -> None:
    faults: dict[str, Fault | Delay] = {
        ".example.com": Fault.SERVFAIL,
        "a.example.com": Fault.REFUSED,
        "a.example.com TXT": Fault.FORMERR,
    }
    async with internet(World(records="example.com A 192.0.2.1", faults=faults)) as running:
        assert (await udp(running, "example.com")).rcode() == dns.rcode.SERVFAIL
        assert (await udp(running, "b.a.example.com")).rcode() == dns.rcode.SERVFAIL
        assert (await udp(running, "a.example.com")).rcode() == dns.rcode.REFUSED
        assert (await udp(running, "a.example.com", "TXT")).rcode() == dns.rcode.FORMERR
        assert (await udp(running, "example.net")).rcode() == dns.rcode.NXDOMAIN


async def test_a_lame_server_refers_upwards() -> None:
    async with faulty(Fault.LAME) as running:
        response = await udp(running, "example.com", "TXT")
    assert response.rcode() == dns.rcode.NOERROR
    assert not response.answer
    assert [(str(rrset.name), rrset.rdtype) for rrset in response.authority] == [(".", dns.rdatatype.NS)]


async def test_a_truncated_answer_is_whole_over_tcp() -> None:
    async with faulty(Fault.TRUNCATED) as running:
        response = await udp(running, "example.com", "TXT")
        assert response.flags & dns.flags.TC
        assert not response.answer
        assert texts(await tcp(running, "example.com", "TXT")) == RIGHT


async def test_tcp_can_be_cut_after_a_truncated_answer() -> None:
    async with faulty(Fault.TRUNCATED_NO_TCP) as running:
        assert (await udp(running, "example.com", "TXT")).flags & dns.flags.TC
        with pytest.raises(EOFError):
            await tcp(running, "example.com", "TXT")


@pytest.mark.parametrize("fault", [Fault.WRONG_ID, Fault.WRONG_QUESTION])
async def test_a_forged_answer_comes_before_the_right_one(fault: Fault) -> None:
    query = dns.message.make_query("example.com", "TXT")
    async with faulty(fault) as running:
        forged, right = [dns.message.from_wire(packet) for packet in await packets(running, query, 2)]
    assert forged.rcode() == dns.rcode.NXDOMAIN
    assert (forged.id == query.id) is (fault is Fault.WRONG_QUESTION)
    assert (forged.question == query.question) is (fault is Fault.WRONG_ID)
    assert query.is_response(right)
    assert texts(right) == RIGHT


async def test_garbage_comes_before_the_right_answer() -> None:
    query = dns.message.make_query("example.com", "TXT")
    async with faulty(Fault.GARBAGE) as running:
        garbage, right = await packets(running, query, 2)
    assert garbage[:2] == right[:2] == query.id.to_bytes(2)
    with pytest.raises(dns.exception.DNSException):
        dns.message.from_wire(garbage)
    assert texts(dns.message.from_wire(right)) == RIGHT


async def test_an_answer_can_be_empty() -> None:
    async with faulty(Fault.ZERO_BYTES) as running:
        assert await packets(running, dns.message.make_query("example.com", "TXT"), 1) == [b""]
        with pytest.raises(dns.exception.DNSException):
            await tcp(running, "example.com", "TXT")


async def test_huge_answers_come_over_tcp() -> None:
    async with faulty(Fault.HUGE) as running:
        assert (await udp(running, "example.com", "TXT")).flags & dns.flags.TC
        response = await tcp(running, "example.com", "TXT")
    assert len(b"".join(only_text(response))) == 59_000


async def test_many_records_come_over_tcp() -> None:
    async with faulty(Fault.MANY_RECORDS) as running:
        assert (await udp(running, "example.com", "TXT")).flags & dns.flags.TC
        response = await tcp(running, "example.com", "TXT")
    assert len(response.answer[0]) == 3500


async def test_flipped_answers_keep_their_id_and_differ_in_one_to_three_bytes() -> None:
    query = dns.message.make_query("example.com", "TXT")
    async with internet(World(records="example.com TXT right")) as running:
        (right,) = await packets(running, query, 1)
    async with faulty(Fault.FLIPPED) as running:
        damaged = [(await packets(running, query, 1))[0] for _ in range(20)]
    assert len(set(damaged)) > 15
    for packet in damaged:
        assert packet[:2] == right[:2]
        assert 1 <= sum(one != other for one, other in zip(packet, right, strict=True)) <= 3


async def test_a_server_without_edns_answers_the_plain_question_only() -> None:
    async with faulty(Fault.NO_EDNS) as running:
        refused = await udp(running, "example.com", "TXT")
        assert refused.rcode() == dns.rcode.FORMERR
        assert refused.edns < 0
        assert texts(await udp(running, "example.com", "TXT", edns=False)) == RIGHT


async def test_a_lost_first_packet_is_answered_when_it_comes_again() -> None:
    async with faulty(Fault.DROPS_FIRST) as running:
        with pytest.raises(dns.exception.Timeout):
            await udp(running, "example.com", "TXT", seconds=SHORT)
        assert texts(await udp(running, "example.com", "TXT")) == RIGHT


async def test_a_late_answer_to_the_first_packet_comes_after_the_resend() -> None:
    loop = asyncio.get_running_loop()
    first, second = (dns.message.make_query("example.com", "TXT", id=number) for number in (1, 2))
    async with faulty(Fault.LATE) as running:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
        ):
            for own, query in ((one, first), (other, second)):
                own.setblocking(False)  # noqa: FBT003 - the name of the method says what it means
                await loop.sock_connect(own, running.dns_servers[0])
                await loop.sock_sendall(own, query.to_wire())
            async with asyncio.timeout(LONG):
                packet = await loop.sock_recv(one, 65535)
            assert dns.message.from_wire(packet).id == first.id
            with pytest.raises(BlockingIOError):
                other.recv(65535)


@pytest.mark.parametrize("ask", [udp, tcp])
async def test_a_slow_name_is_answered_late_and_holds_up_nobody(ask: Ask) -> None:
    async with faulty(Delay(0.1)) as running:
        asked = time.monotonic()
        answers = await asyncio.gather(*(ask(running, "example.com", "TXT") for _ in range(20)))
        took = time.monotonic() - asked
    assert [texts(answer) for answer in answers] == [RIGHT] * 20
    assert 0.1 <= took < 20 * 0.1 / 2


async def test_the_first_server_may_be_dead_and_the_second_good() -> None:
    servers = (NameServer(closed=True), NameServer(fault=Fault.REFUSED), NameServer(tcp=False), NameServer())
    async with internet(World(records="example.com TXT right", name_servers=servers)) as running:
        with pytest.raises(ConnectionRefusedError):
            await _refused_udp(running.dns_servers[0])
        for closed in (0, 2):
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(*running.dns_servers[closed])
        assert (await udp(running, "example.com", "TXT", server=1)).rcode() == dns.rcode.REFUSED
        assert texts(await udp(running, "example.com", "TXT", server=3)) == RIGHT
    assert [query.server for query in running.queries] == [1, 3]


async def _refused_udp(server: tuple[str, int]) -> None:
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.setblocking(False)  # noqa: FBT003 - the name of the method says what it means
        await loop.sock_connect(own, server)
        await loop.sock_sendall(own, dns.message.make_query("example.com", "TXT").to_wire())
        async with asyncio.timeout(LONG):
            await loop.sock_recv(own, 65535)


# Blocklists


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("192.0.2.1", "1.2.0.192"),
        ("2001:db8::1", "1" + ".0" * 23 + ".8.b.d.0.1.0.0.2"),
        ("spam.example", "spam.example"),
    ],
)
def test_an_address_is_listed_under_its_reversed_labels(subject: str, name: str) -> None:
    assert listed_name(subject) == name


async def test_a_blocklist_has_codes_a_reason_and_its_test_points() -> None:
    zone = "bl.example.net"
    records = address_blocklist(zone) + listing(
        zone, "192.0.2.1", "127.0.0.3", "127.0.0.4", reason="spam; see https://bl"
    )
    async with internet(World(records=records)) as running:
        listed = await udp(running, f"1.2.0.192.{zone}")
        reason = await udp(running, f"1.2.0.192.{zone}", "TXT")
        points = [await udp(running, f"{point}.0.0.127.{zone}") for point in (2, 1)]
        ipv6_point = await udp(running, f"{listed_name('::ffff:127.0.0.2')}.{zone}")
    assert texts(listed) == {"A 127.0.0.3", "A 127.0.0.4"}
    assert texts(reason) == {'TXT "spam; see https://bl"'}
    assert [texts(point) for point in points] == [{"A 127.0.0.2"}, set()]
    assert points[1].rcode() == dns.rcode.NXDOMAIN
    assert texts(ipv6_point) == {"A 127.0.0.2"}


# Mail


def host(
    *,
    greeting: str = "",
    fault: MailFault | None = None,
    starttls: StartTls = StartTls.WORKS,
    certificate: Certificate = Certificate.GOOD,
    replies: Mapping[str, str] = MappingProxyType({}),
    open_relay: bool = False,
) -> MailHost:
    return MailHost(
        name="mx.example.com",
        address=ADDRESS,
        domains=("example.com",),
        greeting=greeting,
        fault=fault,
        starttls=starttls,
        certificate=certificate,
        replies=replies,
        open_relay=open_relay,
    )


@asynccontextmanager
async def mail(*hosts: MailHost) -> AsyncGenerator[Internet]:
    async with internet(World(mail=hosts)) as running:
        yield running


def client(running: Internet, *, port: int = 25, use_tls: bool = False, timeout: float = LONG) -> aiosmtplib.SMTP:
    where, there = running.dial_map[ADDRESS, port]
    trust = ssl.create_default_context(cafile=str(running.ca_file))
    trust.check_hostname = False  # the name is not the address dialled; handshake() below judges names
    return aiosmtplib.SMTP(
        hostname=where,
        port=there,
        start_tls=False,
        use_tls=use_tls,
        tls_context=trust,
        timeout=timeout,
        local_hostname="client.test",
    )


async def handshake(
    running: Internet, port: int = 25, *, address: str = ADDRESS, name: str = "mx.example.com", seconds: float = LONG
) -> None:
    """Connect, ask for STARTTLS on port 25, and check the certificate as a strict client does."""
    trust = ssl.create_default_context(cafile=str(running.ca_file))
    reader, writer = await asyncio.open_connection(*running.dial_map[address, port])
    try:
        async with asyncio.timeout(seconds):
            if port == 25:
                await reader.readline()
                writer.write(b"STARTTLS\r\n")
                await reader.readline()
            await writer.start_tls(trust, server_hostname=name)
            writer.write(b"NOOP\r\n")
            assert (await reader.readline()).startswith(b"2")
    finally:
        writer.transport.abort()


async def test_a_healthy_host_announces_itself_and_takes_mail_for_its_domain_under_tls() -> None:
    async with mail(host()) as running:
        async with client(running) as smtp:
            assert (await smtp.ehlo()).code == 250
            assert smtp.supports_extension("starttls")
            assert smtp.esmtp_extensions["size"] == str(35 * 1024 * 1024)
            await smtp.starttls()
            await smtp.ehlo()
            assert not smtp.supports_extension("starttls")
            await smtp.sendmail("a@example.org", ["b@example.com"], "Subject: x\r\n\r\n.hello")
        (conversation,) = running.smtp_log.at(ADDRESS)
    assert conversation.tls
    assert not conversation.open
    assert conversation.verbs == ["EHLO", "STARTTLS", "EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


@pytest.mark.parametrize("open_relay", [False, True])
async def test_a_foreign_recipient_is_refused_unless_the_host_is_an_open_relay(*, open_relay: bool) -> None:
    async with mail(host(open_relay=open_relay)) as running, client(running) as smtp:
        await smtp.ehlo()
        await smtp.mail("a@example.org")
        try:
            code = (await smtp.rcpt("b@example.net")).code
        except aiosmtplib.SMTPRecipientRefused as refused:
            code = refused.code
        assert code == (250 if open_relay else 554)
        assert not running.smtp_log.conversations[0].data_attempted


async def test_an_attempt_to_hand_over_a_message_is_remembered() -> None:
    async with mail(host(replies={"DATA": "550 5.7.1 No"})) as running, client(running) as smtp:
        await smtp.ehlo()
        await smtp.mail("a@example.org")
        await smtp.rcpt("b@example.com")
        with pytest.raises(aiosmtplib.SMTPDataError):
            await smtp.data(b"Subject: x\r\n\r\n")
        assert running.smtp_log.conversations[0].data_attempted


@pytest.mark.parametrize(
    "reply", [GREYLISTED, "421 4.7.0 Too many connections", "550 5.1.1 No such user", "556 5.1.10 Null MX"]
)
async def test_a_reply_can_be_replaced(reply: str) -> None:
    async with mail(host(replies={"RCPT": reply})) as running, client(running) as smtp:
        await smtp.ehlo()
        await smtp.mail("a@example.org")
        with pytest.raises(aiosmtplib.SMTPRecipientRefused) as refused:
            await smtp.rcpt("b@example.com")
        assert f"{refused.value.code} {refused.value.message}" == reply


async def test_a_host_without_ehlo_takes_helo() -> None:
    async with mail(host(replies={"EHLO": "502 5.5.1 Unrecognized"})) as running, client(running) as smtp:
        with pytest.raises(aiosmtplib.SMTPHeloError):
            await smtp.ehlo()
        assert (await smtp.helo()).code == 250


@pytest.mark.parametrize("greeting", ["421 4.3.2 Busy", "554 5.7.1 Listed", "521 5.3.2 No mail here"])
async def test_a_host_can_refuse_in_its_greeting(greeting: str) -> None:
    async with mail(host(greeting=greeting)) as running:
        with pytest.raises(aiosmtplib.SMTPConnectResponseError) as refused:
            await client(running).connect()
        assert f"{refused.value.code} {refused.value.message}" == greeting


async def test_a_host_that_refused_says_so_to_each_command_until_quit() -> None:
    async with mail(host(greeting="554 5.7.1 No")) as running:
        reader, writer = await asyncio.open_connection(*running.dial_map[ADDRESS, 25])
        writer.write(b"EHLO client.test\r\nQUIT\r\n")
        assert [line[:3] for line in (await reader.read()).splitlines()] == [b"554", b"503", b"221"]
        writer.close()


async def test_a_host_that_is_busy_closes_after_saying_so() -> None:
    async with mail(host(greeting="421 4.3.2 Busy")) as running:
        reader, writer = await asyncio.open_connection(*running.dial_map[ADDRESS, 25])
        async with asyncio.timeout(LONG):
            assert await reader.read() == b"421 4.3.2 Busy\r\n"
        writer.close()


async def test_a_greeting_can_be_late() -> None:
    late = MailHost(name="mx.example.com", address=ADDRESS, greeting_delay=0.05)
    async with mail(late) as running:
        asked = time.monotonic()
        async with client(running):
            assert time.monotonic() - asked >= 0.05


@pytest.mark.parametrize("fault", [MailFault.SILENT, MailFault.TRICKLE])
async def test_a_host_can_keep_a_client_waiting(fault: MailFault) -> None:
    async with mail(host(fault=fault)) as running:
        with pytest.raises(aiosmtplib.SMTPTimeoutError):
            await client(running, timeout=SHORT).connect()
        assert len(running.smtp_log.conversations) == 1


@pytest.mark.parametrize("fault", [MailFault.ENDLESS_LINES, MailFault.ENDLESS_BYTES, MailFault.HTTP])
async def test_a_host_can_talk_nonsense(fault: MailFault) -> None:
    async with mail(host(fault=fault)) as running:
        with pytest.raises(aiosmtplib.SMTPException):
            await client(running).connect()


async def test_endless_output_goes_on_past_a_megabyte() -> None:
    for fault in (MailFault.ENDLESS_LINES, MailFault.ENDLESS_BYTES):
        async with mail(host(fault=fault)) as running:
            reader, writer = await asyncio.open_connection(*running.dial_map[ADDRESS, 25])
            assert len(await reader.readexactly(1_000_000)) == 1_000_000
            writer.close()


async def test_a_host_can_drop_the_connection_after_its_greeting() -> None:
    async with mail(host(fault=MailFault.DROPS)) as running:
        reader, writer = await asyncio.open_connection(*running.dial_map[ADDRESS, 25])
        assert await reader.read() == b"220 mx.example.com ESMTP\r\n"
        writer.close()


async def test_a_host_can_announce_20000_extensions() -> None:
    async with mail(host(fault=MailFault.MANY_EXTENSIONS)) as running:
        reader, writer = await asyncio.open_connection(*running.dial_map[ADDRESS, 25])
        writer.write(b"EHLO client.test\r\nQUIT\r\n")
        assert (await reader.read()).count(b"\r\n250") == 20_001
        writer.close()


async def test_a_closed_port_refuses_and_so_does_an_address_nobody_lives_at() -> None:
    async with mail(host(fault=MailFault.CLOSED)) as running:
        for nobody in ((ADDRESS, 25), ("198.51.100.99", 587)):
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(*running.dial_map[nobody])


async def test_a_filtered_port_never_answers() -> None:
    async with mail(host(fault=MailFault.FILTERED)) as running:
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.open_connection(*running.dial_map[ADDRESS, 25]), SHORT)


@pytest.mark.parametrize(
    ("certificate", "complaint"),
    [
        (Certificate.EXPIRED, "has expired"),
        (Certificate.NOT_YET_VALID, "not yet valid"),
        (Certificate.WRONG_NAME, "Hostname mismatch"),
        (Certificate.SELF_SIGNED, "self-signed certificate"),
        (Certificate.PRIVATE_CA, "unable to get local issuer"),
    ],
)
@pytest.mark.parametrize("port", [25, 465])
async def test_a_wrong_certificate_is_wrong_in_its_own_way(certificate: Certificate, complaint: str, port: int) -> None:
    tls = MailHost(name="mx.example.com", address=ADDRESS, port=port, implicit_tls=port == 465, certificate=certificate)
    async with mail(tls) as running:
        with pytest.raises(ssl.SSLCertVerificationError, match=complaint):
            await handshake(running, port)
        assert len(running.smtp_log.at(ADDRESS, port)) == 1


@pytest.mark.parametrize("port", [25, 465])
async def test_a_good_certificate_is_trusted_through_the_ca_file(port: int) -> None:
    tls = MailHost(name="mx.example.com", address=ADDRESS, port=port, implicit_tls=port == 465)
    async with mail(tls) as running:
        await handshake(running, port)
        assert running.smtp_log.conversations[0].tls


async def test_starttls_can_be_refused_for_now_or_be_absent() -> None:
    refusing = host(replies={"STARTTLS": "454 4.7.0 TLS not available"})
    async with mail(refusing) as running, client(running) as smtp:
        with pytest.raises(aiosmtplib.SMTPResponseException, match="TLS not available"):
            await smtp.starttls()
    async with mail(host(starttls=StartTls.NONE)) as running, client(running) as smtp:
        await smtp.ehlo()
        assert not smtp.supports_extension("starttls")


async def test_starttls_can_be_followed_by_rubbish() -> None:
    async with mail(host(starttls=StartTls.RUBBISH)) as running:
        with pytest.raises(ssl.SSLError):
            await handshake(running)


async def test_starttls_can_be_followed_by_silence() -> None:
    async with mail(host(starttls=StartTls.SILENT)) as running:
        with pytest.raises(TimeoutError):
            await handshake(running, seconds=SHORT)


async def test_a_plaintext_reply_can_be_injected_after_starttls() -> None:
    async with mail(host(starttls=StartTls.INJECTED)) as running:
        reader, writer = await asyncio.open_connection(*running.dial_map[ADDRESS, 25])
        await reader.readline()
        writer.write(b"STARTTLS\r\n")
        replies = [await reader.readline() for _ in range(3)]
        assert replies == [b"220 2.0.0 Ready\r\n", b"250-injected.invalid\r\n", b"250 AUTH PLAIN\r\n"]
        await writer.start_tls(ssl.create_default_context(cafile=running.ca_file), server_hostname="mx.example.com")
        writer.write(b"NOOP\r\n")
        assert await reader.readline() == b"250 2.0.0 Ok\r\n"
        writer.transport.abort()


def submission(*, before_tls: tuple[str, ...] = (), replies: Mapping[str, str] = MappingProxyType({})) -> MailHost:
    return MailHost(
        name="smtp.example.com",
        address=ADDRESS,
        port=587,
        auth=("PLAIN", "LOGIN", "XOAUTH2"),
        auth_before_tls=before_tls,
        extensions=("LIMITS RCPTMAX=20",),
        size=1000,
        users={"user@example.com": "canary-password"},
        replies=replies,
    )


@asynccontextmanager
async def secured(running: Internet) -> AsyncGenerator[aiosmtplib.SMTP]:
    async with client(running, port=587) as smtp:
        await smtp.starttls()
        await smtp.ehlo()
        yield smtp


async def test_a_login_is_offered_under_tls_only_unless_the_host_is_careless() -> None:
    async with mail(submission()) as running, client(running, port=587) as smtp:
        await smtp.ehlo()
        assert smtp.esmtp_extensions["limits"] == "RCPTMAX=20"
        assert not smtp.supports_extension("auth")
        assert (await smtp.execute_command(b"AUTH", b"PLAIN")).code == 538
        await smtp.starttls()
        await smtp.ehlo()
        assert smtp.server_auth_methods == ["plain", "login", "xoauth2"]
    async with mail(submission(before_tls=("LOGIN",))) as running, client(running, port=587) as smtp:
        await smtp.ehlo()
        assert smtp.server_auth_methods == ["login"]


@pytest.mark.parametrize("login", ["auth_plain", "auth_login"])
async def test_the_right_password_is_accepted_and_a_wrong_one_refused(login: str) -> None:
    async with mail(submission()) as running, secured(running) as smtp:
        with pytest.raises(aiosmtplib.SMTPAuthenticationError) as refused:
            await getattr(smtp, login)("user@example.com", "wrong")
        assert refused.value.code == 535
        assert (await getattr(smtp, login)("user@example.com", "canary-password")).code == 235
        await smtp.mail("user@example.com")
        assert (await smtp.rcpt("b@example.net")).code == 250
        (conversation,) = running.smtp_log.conversations
        assert conversation.logins == ["user@example.com", "user@example.com"]
        encoded = base64.b64encode(b"\0user@example.com\0canary-password").decode()
        assert "canary" not in repr(conversation)
        assert encoded not in repr(conversation)


async def test_a_response_that_is_not_base64_is_refused() -> None:
    async with mail(submission()) as running, secured(running) as smtp:
        assert (await smtp.execute_command(b"AUTH", b"PLAIN", b"%%%")).code == 501


async def test_a_token_nobody_issued_is_refused() -> None:
    async with mail(submission()) as running, secured(running) as smtp:
        token = base64.b64encode(b"user=user@example.com\1auth=Bearer token\1\1")
        assert (await smtp.execute_command(b"AUTH", b"XOAUTH2", token)).code == 535
        assert running.smtp_log.conversations[0].logins == ["user@example.com"]


@pytest.mark.parametrize(
    "reply",
    [
        "432 4.7.12 A password transition is needed",
        "454 4.7.0 Temporary authentication failure",
        "530 5.7.0 Authentication required",
        "534 5.7.9 Authentication mechanism is too weak",
        "535 5.7.8 Authentication credentials invalid",
        "538 5.7.11 Encryption required",
    ],
)
async def test_a_login_can_fail_in_every_way_of_rfc_4954(reply: str) -> None:
    async with mail(submission(replies={"AUTH": reply})) as running, secured(running) as smtp:
        with pytest.raises(aiosmtplib.SMTPAuthenticationError) as refused:
            await smtp.auth_plain("user@example.com", "canary-password")
        assert f"{refused.value.code} {refused.value.message}" == reply


async def test_mail_needs_a_login_and_must_not_be_too_big() -> None:
    async with mail(submission()) as running, secured(running) as smtp:
        assert (await smtp.execute_command(b"MAIL", b"FROM:<user@example.com>")).code == 530
        await smtp.auth_plain("user@example.com", "canary-password")
        assert (await smtp.execute_command(b"MAIL", b"FROM:<user@example.com>", b"SIZE=1001")).code == 552
        assert (await smtp.execute_command(b"MAIL", b"FROM:<user@example.com>", b"SIZE=1000")).code == 250


async def test_connections_at_once_are_counted_per_host() -> None:
    other = MailHost(name="mx2.example.com", address="2001:db8:0:0::26")
    async with mail(host(), other) as running:
        async with client(running), client(running):
            pass
        async with client(running):
            pass
        _, writer = await asyncio.open_connection(*running.dial_map["2001:db8::26", 25])
        writer.close()
        assert running.smtp_log.most_at_once(ADDRESS) == 2
        assert len(running.smtp_log.at(ADDRESS)) == 3


async def test_a_tlsa_record_can_be_written_before_the_server_runs() -> None:
    name = "mx.example.com"
    async with internet(World(records=f"_25._tcp.{name} TLSA {AUTHORITY.tlsa(name)}", mail=(host(),))) as running:
        await handshake(running)
        published = texts(await udp(running, f"_25._tcp.{name}", "TLSA"))
    assert published == {f"TLSA {AUTHORITY.tlsa(name)}"}
    assert AUTHORITY.tlsa(name) != AUTHORITY.tlsa(name, Certificate.EXPIRED)


# Web


class _DialMapResolver(aiohttp.abc.AbstractResolver):
    def __init__(self, where: str) -> None:
        self._where = where

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[aiohttp.abc.ResolveResult]:
        return [
            aiohttp.abc.ResolveResult(
                hostname=host, host=self._where, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST
            )
        ]

    async def close(self) -> None:
        pass


@asynccontextmanager
async def fetched(
    running: Internet, name: str, path: str, *, seconds: float = LONG
) -> AsyncGenerator[aiohttp.ClientResponse]:
    where, port = running.dial_map["192.0.2.80", 443]
    trust = ssl.create_default_context(cafile=running.ca_file)
    connector = aiohttp.TCPConnector(ssl=trust, resolver=_DialMapResolver(where))
    limit = aiohttp.ClientTimeout(total=seconds)
    async with (
        aiohttp.ClientSession(connector=connector, timeout=limit) as session,
        session.get(f"https://{name}:{port}{path}", allow_redirects=False) as response,
    ):
        yield response


STS = "/.well-known/mta-sts.txt"


@asynccontextmanager
async def web(*hosts: WebHost) -> AsyncGenerator[Internet]:
    async with internet(World(web=hosts)) as running:
        yield running


def site(name: str, page: Page, certificate: Certificate = Certificate.GOOD) -> WebHost:
    return WebHost(name=name, address="192.0.2.80", pages={STS: page}, certificate=certificate)


async def test_an_mta_sts_policy_is_served_as_plain_text() -> None:
    pages = sts_policy("version: STSv1\nmode: none\nmax_age: 86400")
    async with web(WebHost(name="mta-sts.example.com", address="192.0.2.80", pages=pages)) as running:
        async with fetched(running, "mta-sts.example.com", STS) as response:
            assert response.status == 200
            assert response.content_type == "text/plain"
            assert await response.text() == "version: STSv1\r\nmode: none\r\nmax_age: 86400\r\n"
        async with fetched(running, "mta-sts.example.com", "/?q") as missing:
            assert missing.status == 404
        assert [tuple(request) for request in running.web_log] == [
            ("mta-sts.example.com", STS),
            ("mta-sts.example.com", "/?q"),
        ]


async def test_names_at_one_address_have_their_own_pages_and_certificates() -> None:
    hosts = (
        site("mta-sts.example.com", Page(body=b"one", content_type="text/html", status=503)),
        site("mta-sts.example.net", Page(status=301, headers={"Location": "https://example.net/"})),
        site("expired.example.net", Page(), Certificate.EXPIRED),
        site("wrong.example.net", Page(), Certificate.WRONG_NAME),
    )
    async with web(*hosts) as running:
        async with fetched(running, "mta-sts.example.com", STS) as one:
            assert (one.status, one.content_type, await one.read()) == (503, "text/html", b"one")
        async with fetched(running, "mta-sts.example.net", STS) as moved:
            assert (moved.status, moved.headers["Location"]) == (301, "https://example.net/")
        for name, complaint in (("expired.example.net", "expired"), ("wrong.example.net", "mismatch")):
            with pytest.raises(aiohttp.ClientConnectorCertificateError, match=complaint):
                async with fetched(running, name, STS):
                    pass


async def test_a_page_can_be_too_big_or_too_slow() -> None:
    hosts = (
        site("big.example.com", Page(body=bytes(1_000_000))),
        site("slow.example.com", Page(body=b"version: STSv1", pause=0.1)),
    )
    async with web(*hosts) as running:
        async with fetched(running, "big.example.com", STS) as big:
            assert len(await big.read()) == 1_000_000
        async with fetched(running, "slow.example.com", STS, seconds=SHORT) as slow:
            assert await slow.content.readexactly(1) == b"v"
            with pytest.raises(TimeoutError):
                await slow.read()


# The whole


async def test_a_round_trip_costs_the_delay_everywhere() -> None:
    delay = 0.04
    async with internet(World(records="example.com A 192.0.2.1", mail=(host(),)), delay=delay) as running:
        laps: list[tuple[float, float, float]] = []
        for _ in range(3):
            started = time.monotonic()
            await udp(running, "example.com")
            answered = time.monotonic()
            reader, writer = await asyncio.open_connection(*running.dial_map[ADDRESS, 25])
            await reader.readline()
            greeted = time.monotonic()
            writer.write(b"NOOP\r\n")
            await reader.readline()
            laps.append((answered - started, greeted - answered, time.monotonic() - greeted))
            writer.close()
    # The fastest lap counts: the machine may have had other things to do during the others.
    answer, greeting, reply = (min(each) for each in zip(*laps, strict=True))
    assert delay <= answer < 2 * delay
    assert 2 * delay <= greeting < 3 * delay  # the handshake of TCP, and the way of its last packet and of the greeting
    assert delay <= reply < 2 * delay


async def test_a_client_that_speaks_first_pays_two_round_trips_for_the_first_answer() -> None:
    delay = 0.04
    async with internet(World(web=(site("www.example.com", Page()),)), delay=delay) as running:
        laps: list[float] = []
        for _ in range(3):
            started = time.monotonic()
            reader, writer = await asyncio.open_connection(*running.dial_map["192.0.2.80", 443])
            writer.write(b"no TLS at all\r\n\r\n")
            await reader.read()
            laps.append(time.monotonic() - started)
            writer.close()
    assert 2 * delay <= min(laps) < 3 * delay


async def test_tls_works_over_a_long_line() -> None:
    async with internet(World(mail=(host(),)), delay=0.001) as running:
        await handshake(running)


async def test_nothing_listens_when_it_is_over_even_with_clients_connected() -> None:
    world = World(records="example.com A 192.0.2.1", mail=(host(),), web=(site("www.example.com", Page()),))
    async with internet(world, delay=0.001) as running:
        reader, writer = await asyncio.open_connection(*running.dial_map[ADDRESS, 25])
        await reader.readline()
        ports = [running.dns_servers[0], running.dial_map[ADDRESS, 25], running.dial_map["192.0.2.80", 443]]
    assert await reader.read() == b""
    writer.close()
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*port)
    assert not running.ca_file.exists()
    assert len(asyncio.all_tasks()) == 1


async def test_a_world_that_cannot_start_leaves_nothing_behind() -> None:
    running = Internet(World(records="example.com A nonsense"), authority=AUTHORITY)
    with pytest.raises(ZoneError):
        await running.__aenter__()
    assert not running.ca_file.exists()


# The servers of the zones

DELEGATED = """
    example.com       NS     ns1.example.com
    ns1.example.com   A      192.0.2.51
    example.com       MX     10 mx.example.com
    www.example.com   CNAME  web.example.net
    in.example.com    CNAME  ns1.example.com
"""


async def ask_zone_server(
    running: Internet, address: str, name: str, rdtype: str
) -> tuple[dns.message.Message, set[dns.flags.Flag]]:
    host, port = running.dial_map[address, 53]
    query = dns.message.make_query(name, rdtype, flags=0)
    message = await dns.asyncquery.udp(query, host, port=port, timeout=LONG)
    return message, {flag for flag in (dns.flags.AA, dns.flags.RA) if message.flags & flag}


async def test_every_zone_has_a_server_that_answers_with_authority_and_asks_nobody() -> None:
    async with internet(World(records=DELEGATED)) as running:
        found, said = await ask_zone_server(running, "192.0.2.53", "example.com", "MX")
        assert (texts(found), said) == ({"MX 10 mx.example.com."}, {dns.flags.AA})
        gone, said = await ask_zone_server(running, "192.0.2.53", "gone.example.com", "MX")
        assert (gone.rcode(), said) == (dns.rcode.NXDOMAIN, {dns.flags.AA})
        empty, _ = await ask_zone_server(running, "192.0.2.53", "ns1.example.com", "MX")
        assert empty.rcode() == dns.rcode.NOERROR
        assert [each.rdtype for each in empty.authority] == [dns.rdatatype.SOA]


async def test_a_zone_server_refers_downwards_refuses_elsewhere_and_follows_aliases_within_its_zones() -> None:
    servers = (
        ZoneServer(address="192.0.2.51", zones=("example.com",)),
        ZoneServer(address="192.0.2.52", zones=("com",)),
    )
    async with internet(World(records=DELEGATED, zone_servers=servers)) as running:
        referral, said = await ask_zone_server(running, "192.0.2.52", "www.example.com", "MX")
        assert (referral.rcode(), referral.answer, said) == (dns.rcode.NOERROR, [], set())
        assert [(each.name.to_text(), each.rdtype) for each in referral.authority] == [
            ("example.com.", dns.rdatatype.NS)
        ]
        assert [each.name.to_text() for each in referral.additional] == ["ns1.example.com."]
        refused, _ = await ask_zone_server(running, "192.0.2.51", "example.org", "MX")
        assert refused.rcode() == dns.rcode.REFUSED
        outside, said = await ask_zone_server(running, "192.0.2.51", "www.example.com", "A")
        assert (texts(outside), said) == ({"CNAME web.example.net."}, {dns.flags.AA})
        inside, _ = await ask_zone_server(running, "192.0.2.51", "in.example.com", "A")
        assert texts(inside) == {"CNAME ns1.example.com.", "A 192.0.2.51"}


async def test_a_zone_server_may_have_records_and_faults_of_its_own_or_no_authority() -> None:
    servers = (
        ZoneServer(address="192.0.2.51", records=DELEGATED.replace("10 mx", "20 mx")),
        ZoneServer(address="192.0.2.52", fault=Fault.REFUSED),
        ZoneServer(address="192.0.2.54", authoritative=False),
    )
    faults = {"example.com MX": Fault.SERVFAIL}
    async with internet(World(records=DELEGATED, zone_servers=servers, faults=faults)) as running:
        own, _ = await ask_zone_server(running, "192.0.2.51", "example.com", "MX")
        assert texts(own) == {"MX 20 mx.example.com."}
        refused, _ = await ask_zone_server(running, "192.0.2.52", "example.com", "NS")
        assert refused.rcode() == dns.rcode.REFUSED
        shared, _ = await ask_zone_server(running, "192.0.2.54", "example.com", "MX")
        assert shared.rcode() == dns.rcode.SERVFAIL
        recursor, said = await ask_zone_server(running, "192.0.2.54", "example.com", "NS")
        assert (texts(recursor), said) == ({"NS ns1.example.com."}, {dns.flags.RA})
        assert [query.server for query in running.queries] == [1, 2, 3, 3]


# The demo


@pytest.fixture(scope="module")
def demo() -> World:
    return worlds.demo()


async def test_the_lists_asked_by_default_exist_in_the_demo_with_their_test_points(demo: World) -> None:
    if not DNSBLS.exists():
        pytest.skip("the curated facts in ../shared are not at hand")
    rows = [row for row in json.loads(DNSBLS.read_text())["zones"] if row["query_by_default"]]
    assert len(rows) >= 10
    async with internet(demo) as running:
        for row in rows:
            zone, points = row["zone"], row["test_points"]
            assert (await udp(running, zone, "SOA")).rcode() == dns.rcode.NOERROR, zone
            if points["listed"] is not None:
                # The domain list whose test point is written as reversed labels gets it as it is written.
                subject = points["listed"] if row["kind"] == "domain" else listed_name(points["listed"])
                assert texts(await udp(running, f"{subject}.{zone}")), zone
            if points["not_listed"] is not None:
                name = f"{listed_name(points['not_listed'])}.{zone}"
                assert (await udp(running, name)).rcode() == dns.rcode.NXDOMAIN, zone


async def test_the_domains_of_the_demo_differ_as_their_names_say(demo: World) -> None:
    async with internet(demo) as running:
        assert len(texts(await udp(running, "healthy.example", "MX"))) == 2
        assert texts(await udp(running, "25.2.0.192.in-addr.arpa", "PTR")) == {"PTR mx1.healthy.example."}
        assert len(texts(await udp(running, "_dmarc.broken.example", "TXT"))) == 2
        assert (await udp(running, "old.broken.example")).rcode() == dns.rcode.NXDOMAIN
        assert (await udp(running, "25.100.51.198.in-addr.arpa", "PTR")).rcode() == dns.rcode.NXDOMAIN
        assert texts(await udp(running, "25.113.0.203.zen.spamhaus.org")) == {"A 127.0.0.4"}
        assert texts(await udp(running, "25.113.0.203.zen.spamhaus.org", "TXT"))
        assert (await udp(running, "25.113.0.203.bl.spamcop.net")).rcode() == dns.rcode.NXDOMAIN
        assert (await udp(running, "_dmarc.unreachable.example", "TXT")).rcode() == dns.rcode.SERVFAIL
        assert texts(await udp(running, "nomail.example", "MX")) == {"MX 0 ."}
        assert (await udp(running, "gone.example", "MX")).rcode() == dns.rcode.NXDOMAIN


async def test_the_dkim_key_of_the_demo_is_rsa_of_2048_bits(demo: World) -> None:
    async with internet(demo) as running:
        record = b"".join(only_text(await tcp(running, "s1._domainkey.healthy.example", "TXT"))).decode()
    key = load_der_public_key(base64.b64decode(record.partition("p=")[2]))
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 2048


async def test_the_spf_record_of_the_broken_domain_takes_eleven_lookups(demo: World) -> None:
    async def lookups(name: str) -> int:
        (record,) = [text for text in texts(await udp(running, name, "TXT")) if "v=spf1" in text]
        terms = re.findall(r"\b(?:include:\S+|a:\S+|mx)(?= )", record)
        included = [await lookups(term.removeprefix("include:")) for term in terms if term.startswith("include:")]
        return len(terms) + sum(included)

    async with internet(demo) as running:
        assert await lookups("broken.example") == 11
        assert await lookups("healthy.example") == 1


async def test_the_mail_hosts_of_the_demo_have_the_certificates_their_domains_deserve(demo: World) -> None:
    async with internet(demo) as running:
        for address, name in (("192.0.2.25", "mx1.healthy.example"), ("203.0.113.25", "mx.listed.example")):
            await handshake(running, address=address, name=name)
        await handshake(running, 465, address="192.0.2.27", name="smtp.healthy.example")
        with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
            await handshake(running, address="198.51.100.25", name="mx.broken.example")


async def test_the_policy_of_the_healthy_domain_names_its_mail_hosts(demo: World) -> None:
    async with internet(demo) as running:
        hosts = {text.split()[2].rstrip(".") for text in texts(await udp(running, "healthy.example", "MX"))}
        async with fetched(running, "mta-sts.healthy.example", STS) as response:
            policy = set((await response.text()).splitlines())
    assert {f"mx: {name}" for name in hosts} <= policy
    assert "mode: enforce" in policy
