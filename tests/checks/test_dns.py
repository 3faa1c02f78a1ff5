"""The DNS transport: what it makes of every kind of server, and that trouble never becomes "there is none"."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import resource
import socket
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.sandbox.certificates import Authority
from bot.sandbox.dns import Delay, Fault, NameServer
from bot.sandbox.internet import Internet, World
from checks.network import Answer, Inquiry, Network, RecordType, Trouble, answers, blame, inquiry
from checks.network import dns as transport
from checks.network.answers import AAAA, CNAME, MX, NS, PTR, SOA, SRV, TLSA, TXT, A, Mx, Soa, Srv, Status, Tlsa, Txt
from checks.network.certificates import TrustAnchors
from checks.network.dns import PATIENCE, Resolver

AUTHORITY = Authority()
ANCHORS = TrustAnchors()
SHORT = 0.3
"""Patience with servers that are meant to be silent."""
LONG = 40.0
"""Patience with servers that are meant to answer at the first question, however busy the machine is."""

RECORDS = """
    example.com             MX     10 mx.example.com
    example.com             MX     0 .
    example.com             TXT    "v=spf1 " "-all"
    example.com             NS     ns.example.com
    example.com             SOA    ns.example.com host.example.com 7 3600 600 86400 60
    mx.example.com          A      192.0.2.25
    mx.example.com          AAAA   2001:db8::25
    192.0.2.25              PTR    mx.example.com
    www.example.com         CNAME  web.example.net
    web.example.net         CNAME  end.example.net
    end.example.net         A      192.0.2.80
    lost.example.com        CNAME  nowhere.example.net
    half.example.com        CNAME  mx.example.com
    loop.example.com        CNAME  pool.example.com
    pool.example.com        CNAME  loop.example.com
    _smtp._tcp.example.com  SRV    0 1 25 mx.example.com
    _25._tcp.mx.example.com TLSA   3 0 0 00ff
    signed.example          TXT    signed
    bogus.example           TXT    badly signed
"""


@pytest.fixture(autouse=True)
def loaded_anchors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading them takes longer than most of these tests, and none of them needs any."""

    def loaded(_: object) -> TrustAnchors:
        return ANCHORS

    monkeypatch.setattr(inquiry, "TrustAnchors", loaded)


async def until(happened: Callable[[], object]) -> None:
    while not happened():  # noqa: ASYNC110 - turns the loop, does not poll a clock
        await asyncio.sleep(0)


@asynccontextmanager
async def asking(world: World) -> AsyncGenerator[tuple[Internet, Inquiry]]:
    async with Internet(world, authority=AUTHORITY) as internet, Network(servers=internet.dns_servers) as network:
        yield internet, Inquiry(network)


async def ask(
    inquiry_: Inquiry, name: str = "mx.example.com", kind: RecordType[str] = A, *, patience: float = LONG
) -> Answer[str]:
    return await inquiry_.dns(name, kind, asked_by="test", patience=patience)


# --- faults of the only server ----------------------------------------------------------------------------------------

HARMLESS = {
    Fault.TRUNCATED: LONG,
    Fault.WRONG_ID: LONG,
    Fault.WRONG_QUESTION: LONG,
    Fault.GARBAGE: LONG,
    Fault.NO_EDNS: LONG,
    Fault.DROPS_FIRST: 4.0,  # seconds: sent again after one, and time to spare after that
    Fault.LATE: 3.0,
    Delay(0.05): LONG,
}
TROUBLE = {
    Fault.SILENT: Trouble.TIMEOUT,
    Fault.SERVFAIL: Trouble.SERVFAIL,
    Fault.REFUSED: Trouble.REFUSED,
    Fault.FORMERR: Trouble.FORMERR,
    Fault.LAME: Trouble.LAME,
    Fault.TRUNCATED_NO_TCP: Trouble.TCP_BLOCKED,
    Fault.ZERO_BYTES: Trouble.TIMEOUT,
    Fault.HUGE: Trouble.TOO_BIG,
    Fault.MANY_RECORDS: Trouble.TOO_BIG,
}
QUESTIONS = {
    "mx.example.com": (Status.FOUND, ("192.0.2.25",)),
    "example.com": (Status.NODATA, ()),
    "nowhere.example.com": (Status.NXDOMAIN, ()),
}


def test_every_fault_of_the_sandbox_is_looked_at() -> None:
    assert {*HARMLESS, *TROUBLE, Fault.FLIPPED} >= set(Fault)


@pytest.mark.parametrize("fault", HARMLESS, ids=str)
async def test_the_right_answer_is_heard_in_spite_of(fault: Fault | Delay) -> None:
    async with asking(World(records=RECORDS, name_servers=(NameServer(fault=fault),))) as (_, run):
        given_ = await asyncio.gather(*(ask(run, name, patience=HARMLESS[fault]) for name in QUESTIONS))
    assert {answer.name: (answer.status, answer.records) for answer in given_} == QUESTIONS


@pytest.mark.parametrize("fault", TROUBLE, ids=str)
async def test_trouble_is_said_and_is_never_absence(fault: Fault) -> None:
    patience = SHORT if TROUBLE[fault] is Trouble.TIMEOUT else LONG
    async with asking(World(records=RECORDS, name_servers=(NameServer(fault=fault),))) as (_, run):
        given_ = await asyncio.gather(*(ask(run, name, patience=patience) for name in QUESTIONS))
        evidence = run.evidence()
    assert [(answer.status, answer.why) for answer in given_] == [(Status.UNKNOWN, TROUBLE[fault])] * 3
    assert [each.answer for each in evidence] == [(TROUBLE[fault].value.upper(),)] * 3


async def test_damaged_answers_never_become_absence() -> None:
    names = [f"{n}.example.com" for n in range(200)]
    records = "\n".join(f"{name} A 192.0.2.25" for name in names)
    async with asking(World(records=records, name_servers=(NameServer(fault=Fault.FLIPPED),))) as (_, run):
        given_ = await asyncio.gather(*(ask(run, name, patience=0.2) for name in names))
    assert not [answer for answer in given_ if answer.absent]
    assert any(answer.found for answer in given_)  # a changed octet of an address or of a TTL cannot be seen


async def test_an_empty_noerror_beside_a_referral_is_no_answer_over_tcp_either() -> None:
    def lame(query: dns.message.Message, transport_: str) -> list[dns.message.Message]:
        reply = dns.message.make_response(query)
        reply.authority.append(dns.rrset.from_text(".", 60, "IN", "NS", "a.root.invalid."))
        if transport_ == "udp":
            reply.flags |= dns.flags.TC
        return [reply]

    async with scripted(lame) as run:
        assert (await ask(run)).trouble is Trouble.LAME


# --- two servers ------------------------------------------------------------------------------------------------------

BAD_FIRST = {
    "silent": NameServer(fault=Fault.SILENT),
    "closed": NameServer(closed=True),
    "servfail": NameServer(fault=Fault.SERVFAIL),
    "refusing": NameServer(fault=Fault.REFUSED),
    "formerr": NameServer(fault=Fault.FORMERR),
    "lame": NameServer(fault=Fault.LAME),
    "empty datagrams": NameServer(fault=Fault.ZERO_BYTES),
    "tcp blocked": NameServer(fault=Fault.TRUNCATED_NO_TCP),
    "tcp refused": NameServer(fault=Fault.TRUNCATED, tcp=False),
    "too big": NameServer(fault=Fault.HUGE),
}


@pytest.mark.parametrize("first", BAD_FIRST.values(), ids=BAD_FIRST)
async def test_the_second_server_answers_when_the_first_does_not_and_is_asked_first_from_then_on(
    first: NameServer,
) -> None:
    async with asking(World(records=RECORDS, name_servers=(first, NameServer()))) as (internet, run):
        assert (await ask(run, patience=0.6)).records == ("192.0.2.25",)
        internet.queries.clear()
        assert (await ask(run, "end.example.net")).records == ("192.0.2.80",)
        assert [query.server for query in internet.queries] == [1]


async def test_a_server_that_cannot_be_reached_at_all_does_not_hide_another() -> None:
    async with (
        Internet(World(records=RECORDS), authority=AUTHORITY) as internet,
        Network(servers=[("2001:db8::53", 53), *internet.dns_servers]) as network,
    ):
        assert (await ask(Inquiry(network), patience=0.6)).found


BOTH_BAD = {
    "both closed": (NameServer(closed=True), NameServer(closed=True), Trouble.SERVER_UNREACHABLE),
    "one closed, one silent": (NameServer(closed=True), NameServer(fault=Fault.SILENT), Trouble.TIMEOUT),
    "one silent, one refusing": (NameServer(fault=Fault.SILENT), NameServer(fault=Fault.REFUSED), Trouble.REFUSED),
    "one closed, one refusing": (NameServer(closed=True), NameServer(fault=Fault.REFUSED), Trouble.REFUSED),
}


@pytest.mark.parametrize(("first", "second", "trouble"), BOTH_BAD.values(), ids=BOTH_BAD)
async def test_of_two_bad_servers_the_one_that_spoke_counts(
    first: NameServer, second: NameServer, trouble: Trouble
) -> None:
    async with asking(World(records=RECORDS, name_servers=(first, second))) as (_, run):
        assert (await ask(run, patience=SHORT)).why is trouble


async def test_a_closed_port_is_told_at_once() -> None:
    async with asking(World(name_servers=(NameServer(closed=True),))) as (_, run), asyncio.timeout(LONG / 2):
        assert (await ask(run)).why is Trouble.SERVER_UNREACHABLE


async def test_without_servers_nothing_can_be_told() -> None:
    async with Network(servers=[]) as network:
        assert (await ask(Inquiry(network))).why is Trouble.SERVER_UNREACHABLE


# --- servers that follow a script -------------------------------------------------------------------------------------

Script = Callable[[dns.message.Message, str], Sequence[dns.message.Message | bytes]]
"""From a question and the transport it came by to the packets that answer it."""


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, script: Script) -> None:
        self._script = script
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override] # asyncio's own type is too wide
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        assert self._transport is not None
        for packet in self._script(dns.message.from_wire(data), "udp"):
            self._transport.sendto(packet if isinstance(packet, bytes) else packet.to_wire(), addr)


@asynccontextmanager
async def scripted(script: Script) -> AsyncGenerator[Inquiry]:
    serving: list[asyncio.Task[None] | None] = []
    open_: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_.add(writer)
        serving.append(asyncio.current_task())
        data = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
        packets = script(dns.message.from_wire(data), "tcp")
        if not packets:
            with contextlib.suppress(ConnectionError):
                await reader.read()  # silence, until the client leaves
        for packet in packets:
            wire = packet if isinstance(packet, bytes) else packet.to_wire(max_size=65535)
            writer.write(len(wire).to_bytes(2, "big") + wire)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address: tuple[str, int] = server.sockets[0].getsockname()
    udp, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: _Udp(script), local_addr=address)
    try:
        async with Network(servers=[address]) as network:
            yield Inquiry(network)
    finally:
        for writer in open_:
            writer.transport.abort()
        udp.abort()
        server.close()
        await server.wait_closed()
        await asyncio.gather(*filter(None, serving), return_exceptions=True)  # a client that left half-way is no fault


def response(query: dns.message.Message, *records: str) -> dns.message.Message:
    reply = dns.message.make_response(query)
    for record in records:
        owner, kind, data = record.split(None, 2)
        reply.answer.append(dns.rrset.from_text(owner, 60, "IN", kind, data))
    return reply


def with_flags(query: dns.message.Message, flags: int, *records: str) -> dns.message.Message:
    reply = response(query, *records)
    reply.flags |= flags
    return reply


def with_rcode(query: dns.message.Message, rcode: dns.rcode.Rcode, *records: str) -> dns.message.Message:
    reply = response(query, *records)
    reply.set_rcode(rcode)
    return reply


GOOD = "mx.example.com. A 192.0.2.25"
NOTIFY = 4 << 11

IGNORED: dict[str, Callable[[dns.message.Message], Sequence[dns.message.Message | bytes]]] = {
    "a packet too short for a header": lambda q: [q.id.to_bytes(2, "big") + b"\x81\x80"],
    "the question itself": lambda q: [q],
    "another kind of message": lambda q: [with_flags(q, NOTIFY)],
    "a denial with records": lambda q: [with_rcode(q, dns.rcode.NXDOMAIN, GOOD)],
    "a record of another name": lambda q: [response(q, "other.example.com. A 192.0.2.66")],
    "a record of another type": lambda q: [response(q, "mx.example.com. TXT x")],
    "an alias that leads past the records": lambda q: [
        response(q, "mx.example.com. CNAME a.example.com.", "b.example.com. A 192.0.2.66")
    ],
    "an alias that nothing leads to": lambda q: [response(q, "b.example.com. CNAME a.example.com.")],
    "a header that counts no records": lambda q: [counting_none(response(q, GOOD))],
    "trailing junk": lambda q: [response(q, GOOD).to_wire() + b"junk"],
    "data that do not fit their type": lambda q: [
        response(q, "mx.example.com. TXT x").to_wire().replace(b"\0\x10\0\1\0\0", b"\0\1\0\1\0\0")
    ],
}


def counting_none(message: dns.message.Message) -> bytes:
    wire = bytearray(message.to_wire())
    wire[6:12] = bytes(6)
    return bytes(wire)


@pytest.mark.parametrize("packets", IGNORED.values(), ids=IGNORED)
async def test_waiting_goes_on_after(
    packets: Callable[[dns.message.Message], Sequence[dns.message.Message | bytes]],
) -> None:
    async with scripted(lambda q, _: [*packets(q), response(q, GOOD)]) as run:
        assert (await ask(run)).records == ("192.0.2.25",)
    async with scripted(lambda q, _: packets(q)) as run:
        assert (await ask(run, patience=0.1)).why in (Trouble.TIMEOUT, Trouble.BAD_ANSWER)


def uncompressed(query: dns.message.Message) -> bytes:
    header = query.id.to_bytes(2, "big") + bytes.fromhex("8183 0001 0000 0001 0000")
    question = query.question[0].name.to_wire() or b""
    soa = b"\3net\0" + bytes.fromhex("0006 0001 0000003c 0016 00 00") + bytes(20)
    return header + question + bytes.fromhex("0001 0001") + soa


DENIALS: dict[str, Callable[[dns.message.Message], bytes]] = {
    "no SOA record, no OPT record": lambda q: counting_none(with_rcode(q, dns.rcode.NXDOMAIN))[: 12 + 20],
    "only an OPT record": lambda q: with_rcode(q, dns.rcode.NXDOMAIN).to_wire(),
    "an SOA record written out": uncompressed,
}


@pytest.mark.parametrize("denial", DENIALS.values(), ids=DENIALS)
async def test_nxdomain_is_heard_in_every_form(denial: Callable[[dns.message.Message], bytes]) -> None:
    async with scripted(lambda q, _: [denial(q)]) as run:
        assert (await ask(run)).status is Status.NXDOMAIN


async def test_a_flood_of_packets_is_read_in_turns() -> None:
    async with scripted(lambda q, _: [*[b"junk"] * 150, response(q, GOOD)]) as run:
        assert (await ask(run)).found


async def test_unreadable_answers_and_nothing_else_are_said_to_be_that() -> None:
    async with scripted(lambda q, _: [response(q, "other.example.com. A 192.0.2.66")]) as run:
        assert (await ask(run, patience=0.2)).why is Trouble.BAD_ANSWER


async def test_an_unknown_refusal_is_a_bad_answer() -> None:
    async with scripted(lambda q, _: [with_rcode(q, dns.rcode.NOTIMP)]) as run:
        assert (await ask(run)).why is Trouble.BAD_ANSWER


async def test_two_refusals_of_edns_do_not_refuse_the_question_without_it() -> None:
    asked: list[int] = []

    def old(query: dns.message.Message, _: str) -> list[dns.message.Message]:
        asked.append(query.edns)
        refusal = dns.message.make_response(query)
        refusal.use_edns(edns=-1)
        refusal.question.clear()
        refusal.set_rcode(dns.rcode.FORMERR)
        return [refusal, refusal] if query.edns >= 0 else [response(query, GOOD)]

    async with scripted(old) as run:
        assert (await ask(run)).found
    assert asked == [0, -1]


async def test_more_records_than_anybody_has_are_not_read() -> None:
    def many(count: int) -> Script:
        records = [f"192.0.{n // 250}.{n % 250}" for n in range(count)]

        def answer(query: dns.message.Message, by: str) -> list[dns.message.Message]:
            reply = dns.message.make_response(query)
            reply.answer.append(dns.rrset.from_text("mx.example.com.", 60, "IN", "A", *records))
            return [reply if by == "tcp" else with_flags(query, dns.flags.TC)]

        return answer

    async with scripted(many(257)) as run:
        assert (await ask(run)).why is Trouble.TOO_BIG
    async with scripted(many(256)) as run:
        assert len((await ask(run)).records) == 256  # this answer is parsed in a thread


async def test_a_long_answer_by_udp_is_fetched_by_tcp() -> None:
    by: list[str] = []

    def long(query: dns.message.Message, transport_: str) -> list[bytes]:
        by.append(transport_)
        reply = dns.message.make_response(query)
        reply.answer.append(dns.rrset.from_text("mx.example.com.", 60, "IN", "TXT", *(f"{n:0200}" for n in range(25))))
        return [reply.to_wire(max_size=65535)]

    async with scripted(long) as run:
        assert len((await run.dns("mx.example.com", TXT, asked_by="test", patience=LONG)).records) == 25
    assert by == ["udp", "tcp"]


BAD_TCP: dict[str, tuple[Callable[[dns.message.Message], bytes], Trouble]] = {
    "another id": (lambda q: bytes(2) + response(q, GOOD).to_wire()[2:], Trouble.BAD_ANSWER),
    "another question": (
        lambda q: response(q, GOOD).to_wire().replace(b"\2mx\7example", b"\2my\7example", 1),
        Trouble.BAD_ANSWER,
    ),
    "no header": (lambda q: q.id.to_bytes(2, "big"), Trouble.BAD_ANSWER),
    "still truncated": (lambda q: with_flags(q, dns.flags.TC).to_wire(), Trouble.BAD_ANSWER),
    "records of another name": (lambda q: response(q, "a.example.com. A 192.0.2.1").to_wire(), Trouble.BAD_ANSWER),
    "a refusal": (lambda q: with_rcode(q, dns.rcode.REFUSED).to_wire(), Trouble.REFUSED),
    "failure": (lambda q: with_rcode(q, dns.rcode.NOTIMP).to_wire(), Trouble.BAD_ANSWER),
}


@pytest.mark.parametrize(("packet", "trouble"), BAD_TCP.values(), ids=BAD_TCP)
async def test_over_tcp_there_is_no_answer_in(packet: Callable[[dns.message.Message], bytes], trouble: Trouble) -> None:
    async with scripted(lambda q, by: [packet(q) if by == "tcp" else with_flags(q, dns.flags.TC)]) as run:
        assert (await ask(run, patience=SHORT)).why is trouble


async def test_absence_is_heard_over_tcp() -> None:
    def absent(query: dns.message.Message, by: str) -> list[dns.message.Message]:
        return [with_rcode(query, dns.rcode.NXDOMAIN) if by == "tcp" else with_flags(query, dns.flags.TC)]

    async with scripted(absent) as run:
        assert (await ask(run)).status is Status.NXDOMAIN


@pytest.mark.parametrize("fault", [Fault.TRUNCATED_NO_TCP, Fault.TRUNCATED])
async def test_tcp_that_does_not_work_is_said(fault: Fault) -> None:
    world = World(records=RECORDS, name_servers=(NameServer(fault=fault, tcp=fault is not Fault.TRUNCATED),))
    async with asking(world) as (_, run):
        assert (await ask(run, patience=SHORT)).why is Trouble.TCP_BLOCKED


async def test_silence_over_tcp_is_tcp_that_is_blocked() -> None:
    async with scripted(lambda q, by: [with_flags(q, dns.flags.TC)] if by == "udp" else []) as run:
        assert (await ask(run, patience=SHORT)).why is Trouble.TCP_BLOCKED


# --- names and types --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "a..example",
        ".example",
        "x" * 64 + ".example",
        ".".join(["abcdefgh"] * 29),
        "bücher.example",
        "@",
        "a\\",
        "a\\999",
    ],
)
async def test_names_that_cannot_be_asked_are_not_asked(name: str) -> None:
    async with asking(World()) as (internet, run):
        assert (await ask(run, name)).why is Trouble.BAD_NAME
        assert not internet.queries


@pytest.mark.parametrize(
    "name",
    [".".join(["x" * 63] * 3 + ["y" * 61]), "_x.--y-.example", "a b.example", "a\\.b.example", "EXAMPLE.com.", "."],
)
async def test_names_that_can_be_asked_are(name: str) -> None:
    async with asking(World()) as (internet, run):
        assert (await ask(run, name)).absent
        assert len(internet.queries) == 1


def test_both_ways_to_write_a_name_agree() -> None:
    assert transport.question("mx-1._a.example.com", "A") == transport.question("MX-1._a.Example.com.", "A")


RECORD_VALUES: list[tuple[str, RecordType[object], tuple[object, ...]]] = [
    ("mx.example.com", A, ("192.0.2.25",)),
    ("mx.example.com", AAAA, ("2001:db8::25",)),
    ("web.example.net", CNAME, ("end.example.net",)),
    ("example.com", NS, ("ns.example.com",)),
    ("25.2.0.192.in-addr.arpa", PTR, ("mx.example.com",)),
    ("example.com", MX, (Mx(0, ""), Mx(10, "mx.example.com"))),
    ("example.com", SOA, (Soa("ns.example.com", "host.example.com", 7, 3600, 600, 86400, 60),)),
    ("_smtp._tcp.example.com", SRV, (Srv(0, 1, 25, "mx.example.com"),)),
    ("_25._tcp.mx.example.com", TLSA, (Tlsa(3, 0, 0, b"\x00\xff"),)),
    ("example.com", TXT, (Txt((b"v=spf1 ", b"-all")),)),
]


@pytest.mark.parametrize(("name", "kind", "values"), RECORD_VALUES, ids=[kind.name for _, kind, _ in RECORD_VALUES])
async def test_records_are_decoded(name: str, kind: RecordType[object], values: tuple[object, ...]) -> None:
    async with asking(World(records=RECORDS)) as (_, run):
        answer = await run.dns(name.upper() + ".", kind, asked_by="test", patience=LONG)
    assert (answer.status, set(answer.records), answer.ttl) == (Status.FOUND, set(values), 300)
    assert (answer.name, answer.canonical, answer.aliases) == (name, name, ())


def test_every_record_type_is_among_them() -> None:
    kinds = {name for name, each in vars(answers).items() if isinstance(each, RecordType)}
    assert {kind.name for _, kind, _ in RECORD_VALUES} == kinds


def test_a_text_shows_octets_that_are_no_text() -> None:
    assert Txt((b"caf", b"\xc3\xa9 \xff")).text == "café \\xff"


async def test_aliases_are_followed_to_the_records() -> None:
    async with asking(World(records=RECORDS)) as (_, run):
        answer = await ask(run, "www.example.com")
    assert (answer.records, answer.canonical) == (("192.0.2.80",), "end.example.net")
    assert answer.aliases == ("www.example.com", "web.example.net")


async def test_an_alias_to_nowhere_is_absence_with_the_alias_named() -> None:
    async with asking(World(records=RECORDS)) as (_, run):
        lost, half = await ask(run, "lost.example.com"), await run.dns("half.example.com", TXT, asked_by="test")
    assert (lost.status, lost.canonical, lost.aliases) == (
        Status.NXDOMAIN,
        "nowhere.example.net",
        ("lost.example.com",),
    )
    assert (half.status, half.canonical) == (Status.NODATA, "mx.example.com")


async def test_aliases_that_go_round_are_trouble() -> None:
    async with asking(World(records=RECORDS)) as (_, run):
        assert (await ask(run, "loop.example.com", patience=SHORT)).why is Trouble.SERVFAIL

    def loop(query: dns.message.Message, _: str) -> list[dns.message.Message]:
        return [response(query, "mx.example.com. CNAME b.example.", "b.example. CNAME mx.example.com.")]

    async with scripted(loop) as run:
        assert (await ask(run)).why is Trouble.BAD_ANSWER


# --- DNSSEC, as far as a client sees it -------------------------------------------------------------------------------


async def test_signatures_that_do_not_hold_are_told_from_servers_that_fail() -> None:
    world = World(records=RECORDS, bogus=frozenset({"bogus.example"}), faults={"sick.example": Fault.SERVFAIL})
    async with asking(world) as (_, run):
        bogus = await run.dns("bogus.example", TXT, asked_by="test", patience=LONG)
        sick = await ask(run, "sick.example", patience=SHORT)
        evidence = run.evidence()
    assert (bogus.why, sick.why) == (Trouble.BOGUS, Trouble.SERVFAIL)
    assert evidence[0].answer == ("SERVFAIL", 'bogus.example. 300 IN TXT "badly signed"')


async def test_a_failure_that_has_passed_is_no_bad_signature() -> None:
    seen: list[bool] = []

    def recovering(query: dns.message.Message, _: str) -> list[dns.message.Message]:
        seen.append(bool(query.flags & dns.flags.CD))
        return [with_rcode(query, dns.rcode.SERVFAIL) if len(seen) == 1 else response(query, GOOD)]

    async with scripted(recovering) as run:
        assert (await ask(run)).found
    assert seen == [False, True, False]


async def test_the_verdict_of_the_resolver_is_passed_on() -> None:
    async with asking(World(records=RECORDS, secure=frozenset({"signed.example"}))) as (_, run):
        signed = await run.dns("signed.example", TXT, asked_by="test", patience=LONG)
        plain = await run.dns("example.com", TXT, asked_by="test", patience=LONG)
        denied = await ask(run, "no.signed.example")
    assert (signed.authenticated, plain.authenticated, denied.authenticated) == (True, False, True)


# --- one run ----------------------------------------------------------------------------------------------------------


async def test_no_question_is_asked_twice_in_a_run() -> None:
    async with asking(World(records=RECORDS)) as (internet, run):
        both = await asyncio.gather(ask(run), run.dns("MX.example.com.", A, asked_by="another", patience=LONG))
        later = await ask(run)
        await ask(run, kind=AAAA)
        assert [(query.name, query.rdtype) for query in internet.queries] == [
            ("mx.example.com", "A"),
            ("mx.example.com", "AAAA"),
        ]
        assert both[0] == both[1] == later
        assert run.evidence()[0].asked_by == ("test", "another")
        assert run.questions == 2


async def test_evidence_tells_question_answer_server_and_time() -> None:
    async with asking(World(records=RECORDS)) as (internet, run):
        before = time.time()
        answer = await ask(run, "www.example.com")
        (evidence,) = run.evidence()
    host, port = internet.dns_servers[0]
    assert (evidence.number, answer.evidence, evidence.kind) == (1, 1, "dns")
    assert (evidence.question, evidence.server) == ("www.example.com A", f"{host}:{port}")
    assert evidence.answer[-1] == "end.example.net. 300 IN A 192.0.2.80"
    assert evidence.ms is not None
    assert before <= evidence.started <= time.time()


async def test_a_question_that_its_asker_gave_up_goes_on_for_others() -> None:
    async with asking(World(records=RECORDS, name_servers=(NameServer(fault=Delay(0.1)),))) as (internet, run):
        impatient = asyncio.create_task(ask(run))
        patient = asyncio.create_task(ask(run))
        await until(lambda: internet.queries)
        impatient.cancel()
        assert (await patient).found
        assert impatient.cancelled()


async def test_closing_a_run_ends_its_questions_and_keeps_their_evidence() -> None:
    async with asking(World(records=RECORDS, name_servers=(NameServer(fault=Fault.SILENT),))) as (internet, run):
        waiting = asyncio.create_task(ask(run))
        await until(lambda: internet.queries)
        await run.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        (evidence,) = run.evidence()
    assert evidence.question == "mx.example.com A"
    assert evidence.answer == ()


async def test_a_run_cannot_ask_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "MOST_QUESTIONS", 2)
    async with asking(World(records=RECORDS)) as (internet, run):
        await asyncio.gather(ask(run), ask(run, "a.example"))
        assert (await ask(run, "b.example")).why is Trouble.ENOUGH_ASKED
        assert (await ask(run)).found  # known already
        assert len(internet.queries) == 2


async def test_a_thousand_questions_at_once_are_all_answered_and_none_is_sent_again() -> None:
    names = [f"{n}.example" for n in range(1000)]
    async with asking(World(records="\n".join(f"{name} A 192.0.2.1" for name in names[::2]))) as (internet, _):
        resolver = Resolver(internet.dns_servers)
        readings = await asyncio.gather(*(resolver.ask(name, "A", LONG) for name in names))
        await resolver.close()
        assert [reading.status for reading in readings] == [Status.FOUND, Status.NXDOMAIN] * 500
        assert len(internet.queries) == 1000


async def test_ids_cannot_be_foreseen_and_sockets_take_turns() -> None:
    ids: list[int] = []

    def note(query: dns.message.Message, _: str) -> list[dns.message.Message]:
        ids.append(query.id)
        return [dns.message.make_response(query)]

    async with scripted(note) as run:
        await asyncio.gather(*(ask(run, f"{n}.example") for n in range(100)))
    assert len(set(ids)) > 90
    assert len({second - first for first, second in itertools.pairwise(ids)}) > 90


async def test_another_run_may_use_what_was_heard_if_it_says_how_old() -> None:
    sick = {"sick.example": Fault.REFUSED}
    async with asking(World(records=RECORDS, faults=sick)) as (internet, run):

        async def heard(name: str, max_age: float) -> Answer[str]:
            return await Inquiry(run._network).dns(name, A, asked_by="test", patience=LONG, max_age=max_age)

        first, second = await heard("mx.example.com", 60.0), await heard("mx.example.com", 60.0)
        assert (first.records, second.records) == (("192.0.2.25",), ("192.0.2.25",))
        assert len(internet.queries) == 1
        await heard("mx.example.com", 0.0)  # a run that does not want it
        await heard("mx.example.com", 1e-9)  # a run that wants it younger
        assert len(internet.queries) == 3
        internet.queries.clear()
        assert [(await heard("sick.example", 60.0)).why for _ in range(2)] == [Trouble.REFUSED] * 2
        assert len(internet.queries) == 2  # what could not be told is asked again


async def test_what_was_heard_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "MOST_HEARD", 2)
    async with asking(World(records=RECORDS)) as (_, run):

        async def kept(name: str, max_age: float) -> set[str]:
            await Inquiry(run._network).dns(name, A, asked_by="test", patience=LONG, max_age=max_age)
            return {name for name, _ in run._network.heard}

        await kept("a.example.com", 60.0)
        await kept("b.example.com", 60.0)
        heard = run._network.heard
        assert await kept("c.example.com", 60.0) == {"b.example.com", "c.example.com"}, "the oldest goes"
        heard["b.example.com", "A"] = replace(heard["b.example.com", "A"], max_age=3600.0)
        for question, answer in [*heard.items()]:
            heard[question] = replace(answer, clock=answer.clock - 61.0)
        assert await kept("d.example.com", 60.0) == {"b.example.com", "d.example.com"}, "what nobody may use goes first"
        assert await kept("d.example.com", 1e-9) == {"b.example.com", "d.example.com"}, "there is room for it already"


async def test_no_case_of_letters_shows_a_secret() -> None:
    secret = "canarykey7f3a9b"
    async with Network(servers=[], secrets=["canarykey", secret, "", "a.c"]) as network:
        text = f"{secret}.example {secret.upper()}.EXAMPLE CanaryKey7f3a9b abc a.c"
        assert network.without_secrets(text) == "….example ….EXAMPLE … abc …"
    async with Network(servers=[]) as network:
        assert network.without_secrets("as it is") == "as it is"


async def test_only_an_unanswered_question_has_a_reason() -> None:
    async with asking(World(records=RECORDS)) as (_, run):
        answer = await ask(run)
    with pytest.raises(ValueError, match="was answered: found"):
        _ = answer.why


# --- our own overload -------------------------------------------------------------------------------------------------


class Thread:
    """A name server in a thread, so that blocking the event loop does not block it; it is silent at first."""

    def __init__(self, silent: int) -> None:
        self._silent = silent
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._run)
        self.packets = 0
        self.answered = threading.Event()

    def __enter__(self) -> tuple[str, int]:
        self._thread.start()
        host, port = self._socket.getsockname()
        return host, port

    def __exit__(self, *_: object) -> None:
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        while True:
            data, client = self._socket.recvfrom(4096)
            if not data:
                return
            self.packets += 1
            if self.packets > self._silent:
                self._socket.sendto(response(dns.message.from_wire(data), GOOD).to_wire(), client)
                self.answered.set()


def be_busy(seconds: float) -> None:
    """Block the event loop: this is the fault the test is about."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


async def test_an_answer_that_came_while_we_were_busy_counts() -> None:
    with Thread(silent=0) as server:
        async with Network(servers=[server]) as network:
            asyncio.get_running_loop().call_later(0.001, be_busy, 0.4)
            assert (await ask(Inquiry(network), patience=0.2)).found


async def test_silence_while_we_were_busy_is_asked_about_again() -> None:
    with (thread := Thread(silent=2)) as server:
        async with Network(servers=[server]) as network:
            asyncio.get_running_loop().call_later(0.3, be_busy, 0.5)
            assert (await ask(Inquiry(network), patience=0.5)).found  # sent at 0 s, sent again, and asked again
    assert thread.packets == 3


async def test_silence_while_we_were_not_busy_is_silence() -> None:
    with (thread := Thread(silent=2)) as server:
        async with Network(servers=[server]) as network:
            assert (await ask(Inquiry(network), patience=0.5)).why is Trouble.TIMEOUT
    assert thread.packets == 2


@asynccontextmanager
async def always_busy(seconds: float) -> AsyncGenerator[None]:
    """Leave the event loop no more than one round between two blocks."""
    loop = asyncio.get_running_loop()
    stopped = False

    def block() -> None:
        if not stopped:
            be_busy(seconds)
            loop.call_soon(loop.call_soon, block)

    block()
    try:
        yield
    finally:
        stopped = True


@pytest.mark.parametrize("fault", [Fault.SILENT, Fault.TRUNCATED])
async def test_being_busy_all_the_time_is_nobody_elses_fault(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blame, "LAG", 0.001)  # busy for a tenth of a second at a time, hardly a timer is in time
    async with (
        scripted(lambda q, by: [with_flags(q, dns.flags.TC)] * (by == "udp" and fault is Fault.TRUNCATED)) as run,
        always_busy(0.2),
    ):
        assert (await ask(run, patience=0.04)).why is Trouble.OVERLOADED


@contextmanager
def no_more_descriptors() -> Generator[None]:
    """Take every file descriptor that this process may still open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken: list[int] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(int(each.name) for each in Path("/dev/fd").iterdir()) + 1, hard))
    try:
        with contextlib.suppress(OSError):
            while True:
                taken.append(os.dup(0))
        yield
    finally:
        for descriptor in taken:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_being_out_of_descriptors_is_nobody_elses_fault() -> None:
    async with asking(World(records=RECORDS)) as (internet, run):
        with no_more_descriptors():
            assert (await ask(run, patience=SHORT)).why is Trouble.OVERLOADED
        assert not internet.queries
        assert (await ask(run, "end.example.net")).found


async def test_descriptors_that_come_free_in_time_are_used() -> None:
    async with asking(World(records=RECORDS)) as (_, run):
        with no_more_descriptors():
            question = asyncio.create_task(ask(run, patience=0.6))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        assert (await question).found


async def test_being_out_of_descriptors_for_tcp_is_nobody_elses_fault() -> None:
    async with asking(World(records=RECORDS, faults={"end.example.net": Fault.TRUNCATED})) as (_, run):
        assert (await ask(run)).found  # the UDP sockets are open now
        with no_more_descriptors():
            assert (await ask(run, "end.example.net", patience=SHORT)).why is Trouble.OVERLOADED


@pytest.mark.parametrize("call", ["connect", "send"])
@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (OSError(105, "ENOBUFS"), Trouble.OVERLOADED),
        (OSError(101, "ENETUNREACH"), Trouble.SERVER_UNREACHABLE),
        (ConnectionRefusedError(), Trouble.SERVER_UNREACHABLE),
    ],
    ids=repr,
)
async def test_a_question_that_cannot_be_sent_is_told(
    call: str, error: OSError, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stuck(socket.socket):
        """A socket on which one call fails."""

    def fail(*_: object) -> None:
        raise error

    setattr(Stuck, call, fail)
    monkeypatch.setattr("socket.socket", Stuck)
    async with Network(servers=[("127.0.0.1", 53535)]) as network:
        assert (await ask(Inquiry(network), patience=SHORT)).why is trouble


async def test_a_full_send_buffer_is_nobody_elses_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise BlockingIOError

    class Full(socket.socket):
        send = full  # type: ignore[assignment] # it never sends

    monkeypatch.setattr("socket.socket", Full)
    async with Network(servers=[("127.0.0.1", 53535)]) as network:
        assert (await ask(Inquiry(network), patience=SHORT)).why is Trouble.OVERLOADED


async def test_a_server_that_is_reachable_only_in_name_does_not_hide_another(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def no_ipv6(self: socket.socket, address: tuple[str, int]) -> None:
        if ":" in address[0]:
            raise OSError(101, "ENETUNREACH")
        connect(self, address)

    class Here(socket.socket):
        pass

    monkeypatch.setattr(Here, "connect", no_ipv6)
    async with asking(World(records=RECORDS)) as (internet, _):
        monkeypatch.setattr("socket.socket", Here)
        async with Network(servers=[("2001:db8::53", 53), *internet.dns_servers]) as network:
            assert (await ask(Inquiry(network))).found


async def test_a_crash_of_ours_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(transport, "_read", bug)
    for by in ("udp", "tcp"):
        async with scripted(
            lambda q, b, by=by: [response(q, GOOD) if by == b else with_flags(q, dns.flags.TC)]  # type: ignore[misc] # by is bound per round
        ) as run:
            with pytest.raises(ZeroDivisionError):
                await ask(run, patience=SHORT)


def test_the_process_may_open_as_many_sockets_as_the_system_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, hard) - 1, hard))
        inquiry.raise_descriptor_limit()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
        inquiry.raise_descriptor_limit()  # nothing left to raise
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    monkeypatch.setattr(os, "name", "nt")
    inquiry.raise_descriptor_limit()
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (soft, hard)


# --- hostile octets ---------------------------------------------------------------------------------------------------

QUERY = dns.message.make_query("mx.example.com", "A")
RECORDED = [
    response(QUERY, GOOD).to_wire(),
    response(QUERY, GOOD, "mx.example.com. A 192.0.2.26").to_wire(),
    response(QUERY, "mx.example.com. CNAME b.example.com.", "b.example.com. A 192.0.2.25").to_wire(),
]
FLIPS = st.lists(st.tuples(st.integers(2, max(map(len, RECORDED)) - 1), st.integers(1, 255)), min_size=1, max_size=2)


def decided(packet: bytes) -> Status | None:
    """What the transport makes of a packet; None if it goes on waiting."""
    exchange = object.__new__(transport._Exchange)
    exchange._resolver = Resolver([("192.0.2.53", 53)])
    exchange._asked = exchange._matches = transport.question("mx.example.com", "A")
    _, flags, questions, _, _, _ = transport._HEADER.unpack_from(packet)
    if not flags & 0x8000 or flags & 0x7A00 or questions != 1 or not exchange._echoes(packet):
        return None
    try:
        return exchange._decide(packet, 0).status
    except transport._MalformedError:
        return None


@given(st.sampled_from(RECORDED), FLIPS)
@example(RECORDED[0], [(7, 1)])  # the number of answers
@example(RECORDED[0], [(3, 3), (7, 1)])  # the same, and NXDOMAIN
@example(RECORDED[0], [(7, 1), (9, 1)])  # the answer as an authority
def test_one_or_two_changed_octets_never_turn_records_into_absence(packet: bytes, flips: list[tuple[int, int]]) -> None:
    damaged = bytearray(packet)
    for place, change in flips:
        damaged[place % len(packet) if place < len(packet) else 2] ^= change
    assert decided(bytes(damaged)) not in (Status.NODATA, Status.NXDOMAIN)


@given(st.binary(max_size=300), st.sampled_from([0, 3]), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_no_octets_after_the_question_make_the_transport_raise(
    junk: bytes, rcode: int, records: int, authority: int, additional: int
) -> None:
    asked = transport.question("mx.example.com", "A")
    header = transport._HEADER.pack(7, 0x8180 | rcode, 1, records, authority, additional)
    assert decided(header + asked + junk) in (None, *Status)


def test_the_recorded_answers_are_good_ones() -> None:
    assert [decided(packet) for packet in RECORDED] == [Status.FOUND] * 3


# --- configuration ----------------------------------------------------------------------------------------------------


def test_a_machine_without_resolvers_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver, "Resolver", none)
    assert transport.system_servers() == ()


def test_the_resolvers_of_this_machine_are_asked_on_port_53() -> None:
    assert all(port == 53 for _, port in transport.system_servers())


@pytest.mark.parametrize(
    ("server", "label"),
    [(("192.0.2.53", 53), "192.0.2.53"), (("192.0.2.53", 5300), "192.0.2.53:5300"), (("::1", 5300), "[::1]:5300")],
)
def test_evidence_names_the_port_where_it_is_not_53(server: tuple[str, int], label: str) -> None:
    assert transport._label(server) == label


def test_patience_is_longer_than_a_resolver_needs() -> None:
    assert PATIENCE >= 5
