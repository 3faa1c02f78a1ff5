"""The name service of the sandbox: a validating recursor as a client sees it, and the servers of the zones.

Both have the faults that real ones have.

dnspython is the codec. An answer given once is kept as bytes, so that the server costs little beside what it measures.
The server hands out no DNSSEC records: it states its verdict as a resolver does, with the AD bit or SERVFAIL.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from itertools import chain
from typing import NamedTuple

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from bot.sandbox.listener import LOOPBACK, Listener, address_of
from bot.sandbox.zones import Found, text_records

_PLAIN_UDP = 512  # octets without EDNS, RFC 1035 section 4.2.1
_OUR_PAYLOAD = 1232
_MOST_RENDERED = 50_000
_PORT_TRIES = 20


class Fault(Enum):
    """How a server, or a server asked for a certain name, misbehaves."""

    SILENT = auto()
    """Takes the question and never answers, over UDP and TCP."""
    SERVFAIL = auto()
    REFUSED = auto()
    FORMERR = auto()
    LAME = auto()
    """An upward referral: no error, no answer, no SOA."""
    TRUNCATED = auto()
    """TC over UDP; TCP gives the answer."""
    TRUNCATED_NO_TCP = auto()
    """TC over UDP; TCP closes the connection as soon as it is asked."""
    WRONG_ID = auto()
    """First a forged NXDOMAIN with another id, then the right answer."""
    WRONG_QUESTION = auto()
    """First a forged NXDOMAIN for another name, then the right answer."""
    GARBAGE = auto()
    """First bytes that are no message under the right id, then the right answer."""
    ZERO_BYTES = auto()
    """An empty datagram (over TCP a message of length zero), and nothing else."""
    HUGE = auto()
    """TC over UDP; 60 kB in TXT records over TCP."""
    MANY_RECORDS = auto()
    """TC over UDP; 3,500 TXT records over TCP."""
    FLIPPED = auto()
    """The right answer with one to three bytes after the id changed, others each time."""
    NO_EDNS = auto()
    """FORMERR when there is an OPT record (RFC 6891 section 7), else right."""
    DROPS_FIRST = auto()
    """Answers a question over UDP only when it comes again."""
    LATE = auto()
    """Answers the first packet of a question over UDP when the resend arrives, and the resend never."""


@dataclass(frozen=True)
class Delay:
    """Answers rightly, but this many seconds late."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class NameServer:
    """One of the world's name servers.

    ``fault`` holds for every name. Without ``tcp`` the TCP port refuses, and when ``closed`` both do.
    """

    fault: Fault | Delay | None = None
    tcp: bool = True
    closed: bool = False


@dataclass(frozen=True, kw_only=True)
class ZoneServer:
    """One of the servers that a zone's NS records name, at port 53 of ``address``.

    It serves ``zones`` (none given: every zone of the world) from ``records``, or from those of the world, and refuses
    what belongs to no zone of its own. With ``authoritative`` off it answers as a recursor does that got into the way.
    """

    address: str
    zones: tuple[str, ...] = ()
    records: str | None = None
    fault: Fault | Delay | None = None
    tcp: bool = True
    closed: bool = False
    authoritative: bool = True


class Query(NamedTuple):
    """A question as it arrived.

    ``name`` is lower case without the final dot, ``transport`` is ``"udp"`` or ``"tcp"``, ``at`` counts monotonic
    seconds, and ``server`` is the index of the server asked; those of the zones come after the recursors.
    """

    name: str
    rdtype: str
    transport: str
    at: float
    server: int


class _Rendered(NamedTuple):
    """An answer ready to send, without its two bytes of id."""

    name: str
    rdtype: str
    udp: bytes
    tcp: bytes
    forged: bytes
    fault: Fault | Delay | None


class DnsServer:
    """One name server on a free port of 127.0.0.1, the same for UDP and TCP."""

    def __init__(
        self,
        find: Callable[[dns.name.Name, dns.rdatatype.RdataType], Found],
        faults: Mapping[str, Fault | Delay],
        server: NameServer | ZoneServer,
        *,
        index: int,
        log: list[Query],
        delay: float,
    ) -> None:
        self._find = find
        self._faults = {name.lower(): fault for name, fault in faults.items()}
        self._server = server
        self._index = index
        self._log = log
        self._delay = delay
        self._rendered: dict[bytes, _Rendered | None] = {}
        self._asked: Counter[tuple[str, str]] = Counter()
        self._waiting: dict[tuple[str, str], tuple[bytes, tuple[str, int]]] = {}
        self._random = random.Random(index)  # noqa: S311 - damages bytes, keeps no secret
        self._transport: asyncio.DatagramTransport | None = None
        self._listener = Listener(self._serve_tcp)
        self._sockets: list[socket.socket] = []

    async def start(self) -> tuple[str, int]:
        """Bind both transports and return the address.

        Raises:
            OSError: no port is free for both.
        """
        udp, tcp = _same_port()
        self._sockets = [udp, tcp]
        address = address_of(udp)
        if self._server.closed:
            # A connected socket keeps the port, and the kernel refuses everybody but its peer.
            udp.connect((LOOPBACK, 9))
            return address
        loop = asyncio.get_running_loop()
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024 * 1024)
        self._transport, _ = await loop.create_datagram_endpoint(lambda: _Udp(self._answer_udp), sock=udp)
        if self._server.tcp:
            await self._listener.start(tcp)
        return address

    async def close(self) -> None:
        """Stop answering and free the port."""
        await self._listener.close()
        if self._transport is not None:
            self._transport.abort()
        for each in self._sockets:
            each.close()

    def _answer_udp(self, data: bytes, client: tuple[str, int]) -> None:
        known = self._look_up(data, "udp")
        transport = self._transport
        if known is None or transport is None:
            return
        delay = self._delay + (known.fault.seconds if isinstance(known.fault, Delay) else 0.0)
        for packet, receiver in self._packets(known, data, client):
            if delay:
                asyncio.get_running_loop().call_later(delay, _send, transport, packet, receiver)
            elif packet:
                transport.sendto(packet, receiver)
            else:
                self._sockets[0].sendto(packet, receiver)  # asyncio's own sendto() drops an empty datagram

    def _packets(self, known: _Rendered, data: bytes, client: tuple[str, int]) -> list[tuple[bytes, tuple[str, int]]]:
        identity = data[:2]
        right = (identity + known.udp, client)
        question = (known.name, known.rdtype)
        match known.fault:
            case Fault.SILENT:
                return []
            case Fault.WRONG_ID:
                return [(bytes((identity[0] ^ 0xFF, identity[1])) + known.forged, client), right]
            case Fault.WRONG_QUESTION:
                return [(identity + known.forged, client), right]
            case Fault.GARBAGE:
                return [(identity + b"\xff" * 40, client), right]
            case Fault.ZERO_BYTES:
                return [(b"", client)]
            case Fault.FLIPPED:
                return [(identity + self._flip(known.udp), client)]
            case Fault.DROPS_FIRST:
                self._asked[question] += 1
                return [right] if self._asked[question] > 1 else []
            case Fault.LATE:
                first = self._waiting.pop(question, None)
                if first is None:
                    self._waiting[question] = right
                    return []
                return [first]
            case _:
                return [right]

    async def _serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while True:
            data = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
            known = self._look_up(data, "tcp")
            if known is None or known.fault is Fault.TRUNCATED_NO_TCP:
                return
            match known.fault:
                case Fault.SILENT:
                    continue
                case Fault.ZERO_BYTES:
                    packet = b""
                case Fault.FLIPPED:
                    packet = data[:2] + self._flip(known.tcp)
                case _:
                    packet = data[:2] + known.tcp
            delay = self._delay + (known.fault.seconds if isinstance(known.fault, Delay) else 0.0)
            framed = len(packet).to_bytes(2) + packet
            if delay:
                loop.call_later(delay, _write, writer, framed)
            else:
                writer.write(framed)

    def _look_up(self, data: bytes, transport: str) -> _Rendered | None:
        """Give the answer to a packet, or None if nothing can be answered; both are remembered."""
        key = data[2:]
        if key not in self._rendered:
            if len(self._rendered) >= _MOST_RENDERED:
                self._rendered.clear()
            self._rendered[key] = self._render(data)
        known = self._rendered[key]
        if known is not None:
            self._log.append(Query(known.name, known.rdtype, transport, time.monotonic(), self._index))
        return known

    def _render(self, data: bytes) -> _Rendered | None:
        try:
            query = dns.message.from_wire(data)
        except dns.exception.DNSException:
            return None
        if query.flags & dns.flags.QR or query.opcode() != dns.opcode.QUERY or len(query.question) != 1:
            return None
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        rdtype = dns.rdatatype.to_text(question.rdtype)
        fault = self._server.fault or self._fault_for(name, rdtype)
        response = self._respond(query, question, fault)
        tcp = response.to_wire(max_size=65535)
        room = max(query.payload, _PLAIN_UDP) if query.edns >= 0 else _PLAIN_UDP
        short = {Fault.TRUNCATED, Fault.TRUNCATED_NO_TCP, Fault.HUGE, Fault.MANY_RECORDS}
        if fault in short or len(tcp) > room:
            response = _skeleton(query)
            response.flags |= dns.flags.TC
            udp = response.to_wire()
        else:
            udp = tcp
        return _Rendered(name, rdtype, udp[2:], tcp[2:], _forge(query, fault), fault)

    def _fault_for(self, name: str, rdtype: str) -> Fault | Delay | None:
        labels = name.split(".")
        around = ("." + ".".join(labels[start:]) for start in range(len(labels)))
        for key in chain((f"{name} {rdtype.lower()}", name), around):
            if key in self._faults:
                return self._faults[key]
        return None

    def _respond(
        self, query: dns.message.Message, question: dns.rrset.RRset, fault: Fault | Delay | None
    ) -> dns.message.Message:
        response = _skeleton(query)
        refusals = {
            Fault.SERVFAIL: dns.rcode.SERVFAIL,
            Fault.REFUSED: dns.rcode.REFUSED,
            Fault.FORMERR: dns.rcode.FORMERR,
        }
        if isinstance(fault, Fault) and fault in refusals:
            response.set_rcode(refusals[fault])
            return response
        if fault is Fault.NO_EDNS and query.edns >= 0:
            response.use_edns(edns=-1)
            response.set_rcode(dns.rcode.FORMERR)
            return response
        match fault:
            case Fault.LAME:
                response.authority.append(
                    dns.rrset.from_text(dns.name.root, 3600, "IN", "NS", "a.root.invalid.", "b.root.invalid.")
                )
                return response
            case Fault.HUGE:
                found = Found(answer=[text_records(question.name, [bytes(59_000)])])
            case Fault.MANY_RECORDS:
                found = Found(answer=[text_records(question.name, [b"%04d" % n for n in range(3500)])])
            case _:
                found = self._find(question.name, question.rdtype)
        if found.bogus and not query.flags & dns.flags.CD:
            response.set_rcode(dns.rcode.SERVFAIL)
            if query.edns >= 0:
                response.use_edns(0, payload=_OUR_PAYLOAD, options=[dns.edns.EDEOption(dns.edns.EDECode.DNSSEC_BOGUS)])
            return response
        response.set_rcode(found.rcode)
        response.answer.extend(found.answer)
        response.authority.extend(found.authority)
        response.additional.extend(found.additional)
        if found.authoritative:
            response.flags |= dns.flags.AA
        if not found.recursive:
            response.flags &= ~dns.flags.RA
        if found.secure and (query.flags & dns.flags.AD or query.ednsflags & dns.flags.DO):
            response.flags |= dns.flags.AD
        return response

    def _flip(self, wire: bytes) -> bytes:
        damaged = bytearray(wire)
        for place in self._random.sample(range(len(damaged)), self._random.randint(1, 3)):
            damaged[place] ^= self._random.randint(1, 255)
        return bytes(damaged)


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, received: Callable[[bytes, tuple[str, int]], None]) -> None:
        self._received = received

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._received(data, addr)


def _skeleton(query: dns.message.Message) -> dns.message.Message:
    return dns.message.make_response(query, recursion_available=True, our_payload=_OUR_PAYLOAD)


def _forge(query: dns.message.Message, fault: Fault | Delay | None) -> bytes:
    """Make an NXDOMAIN as an attacker would, off the path, with a guess at the id or at the question."""
    forged = _skeleton(query)
    forged.set_rcode(dns.rcode.NXDOMAIN)
    if fault is Fault.WRONG_QUESTION:
        forged.question = [dns.rrset.RRset(dns.name.from_text("forged.invalid"), dns.rdataclass.IN, dns.rdatatype.A)]
    return forged.to_wire()[2:]


def _send(transport: asyncio.DatagramTransport, packet: bytes, receiver: tuple[str, int]) -> None:
    if not transport.is_closing():
        transport.sendto(packet, receiver)


def _write(writer: asyncio.StreamWriter, packet: bytes) -> None:
    if not writer.is_closing():
        writer.write(packet)


def _same_port() -> tuple[socket.socket, socket.socket]:
    """Bind a UDP and a TCP socket to one free port."""
    for _ in range(_PORT_TRIES):
        with contextlib.ExitStack() as stack:
            udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            tcp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            udp.bind((LOOPBACK, 0))
            try:
                tcp.bind(udp.getsockname())
            except OSError:
                continue
            udp.setblocking(False)  # noqa: FBT003 - the name of the method says what it means
            stack.pop_all()
            return udp, tcp
    raise OSError("no port is free for both UDP and TCP")
