"""The DNS transport: a few shared UDP sockets, dnspython as the codec.

A socket for every question costs more than the question itself, and at the descriptor limit makes healthy servers look
dead. So a few connected sockets per resolver carry all questions, rotated; an answer is matched by server, id and
question, and whatever does not match is ignored while the waiting goes on (a forged or broken packet must not end a
question). A question is sent again without giving up on the first answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import re
import socket
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.MX
import dns.rdtypes.ANY.SOA
import dns.rdtypes.ANY.TLSA
import dns.rdtypes.ANY.TXT
import dns.rdtypes.IN.A
import dns.rdtypes.IN.AAAA
import dns.rdtypes.IN.SRV
import dns.rdtypes.nsbase
import dns.resolver

from checks.network.answers import Mx, Referral, Soa, Srv, Status, Tlsa, Trouble, Txt
from checks.network.blame import is_ours, late, silence, unconnected

T = TypeVar("T")

Server = tuple[str, int]

PATIENCE = 5.0
"""Seconds to wait for an answer; recursive resolvers try several servers of their own in that time."""

_SOCKETS_PER_SERVER = 4
_RECEIVE_BUFFER = 4 * 1024 * 1024  # the default loses answers when a thousand arrive at once
_AT_ONCE = 1000  # questions in flight in the whole process
_UDP_SIZE = 1232  # what passes without fragments (DNS flag day 2020)
_TCP_LIMIT = 16 * 1024  # nothing asked for here needs more, and parsing 64 KiB of records stalls the loop
_THREAD_ABOVE = 4 * 1024  # octets from which parsing leaves the event loop
_MAX_RECORDS = 256
_MAX_REFERRAL = 16  # name servers of one zone that a referral is read for
_UNREACHABLE_AFTER = 3  # ICMP refusals in a row

_HEADER = struct.Struct("!HHHHHH")
_TYPE_AND_CLASS = struct.Struct("!HH")
_PLAIN_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_QR, _AA, _TC, _RD, _AD, _CD = 0x8000, 0x0400, 0x0200, 0x0100, 0x0020, 0x0010
_OPCODE = 0x7800
_POINTER = 0xC0  # RFC 1035 §4.1.4
_SOA = struct.pack("!H", dns.rdatatype.SOA)
_OPT = b"\0" + struct.pack("!HHIH", dns.rdatatype.OPT, _UDP_SIZE, 0, 0)  # RFC 6891 §6.1.2
_NOERROR, _FORMERR, _SERVFAIL, _NXDOMAIN, _REFUSED = 0, 1, 2, 3, 5
_RCODE_TROUBLE = {_FORMERR: Trouble.FORMERR, _SERVFAIL: Trouble.SERVFAIL, _REFUSED: Trouble.REFUSED}

Record = str | Mx | Soa | Srv | Tlsa | Txt


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one question brought: a decoded answer, or the trouble that prevented one."""

    status: Status
    server: str
    trouble: Trouble | None = None
    records: tuple[Record, ...] = ()
    canonical: str = ""
    aliases: tuple[str, ...] = ()
    ttl: int | None = None
    authenticated: bool = False
    authoritative: bool = False
    referral: Referral | None = None
    lines: tuple[str, ...] = ()


class BadNameError(ValueError):
    """The text cannot be a name in a question."""


class _MalformedError(Exception):
    """The packet is no proper answer."""


class _TooBigError(Exception):
    """The answer is larger than we read."""


def host_text(name: dns.name.Name) -> str:
    """A name as we write names: lower case, no final dot, the root as an empty text."""
    return "" if name == dns.name.root else name.to_text(omit_final_dot=True).lower()


def question(name: str, kind: str) -> bytes:
    """The question section (RFC 1035 §4.1.2) for a name and a record type.

    Raises:
        BadNameError: the text is no name.
    """
    if _PLAIN_NAME.fullmatch(name):  # nearly all are: a tenth of the time that the library takes for any text
        wire = b"".join(bytes((len(label),)) + label.encode() for label in name.split(".")) + b"\0"
    elif not name.isascii() or name == "@":  # which dnspython, as master files do, takes for the origin
        raise BadNameError(name)
    else:
        try:
            wire = dns.name.from_text(name).to_digestable()
        except (dns.exception.DNSException, ValueError) as error:
            raise BadNameError(name) from error
    return wire + _TYPE_AND_CLASS.pack(_NUMBERS[kind], 1)


def system_servers() -> tuple[Server, ...]:
    """The resolvers this machine is set up with; none if it has none."""
    try:
        return tuple((str(server), 53) for server in dns.resolver.Resolver().nameservers)
    except (dns.resolver.NoResolverConfiguration, OSError):
        return ()


class Resolver:
    """Asks the configured recursive resolvers. Belongs to the event loop it is first used in.

    ``direct``: the only server is a name server that answers for its own zones, and is not asked to find out more.
    """

    def __init__(self, servers: Sequence[Server], *, direct: bool = False) -> None:
        self.servers = tuple(dict.fromkeys(servers))
        self.direct = direct
        self._lines: dict[int, list[_Line]] = {}
        self._turn = itertools.count()
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._preferred = 0

    async def ask(self, name: str, kind: str, patience: float = PATIENCE) -> Reading:
        """Ask one question and tell SERVFAIL from an answer that only fails validation.

        ``patience`` is in seconds and counts from the moment the question may be sent. Looking behind a SERVFAIL takes
        at most half as long again.
        """
        try:
            asked = question(name, kind)
        except BadNameError:
            return Reading(status=Status.UNKNOWN, trouble=Trouble.BAD_NAME, server="")
        async with self._slots:
            started = asyncio.get_running_loop().time()
            reading = await self._exchange(asked, patience)
            if reading.trouble is not Trouble.SERVFAIL or self.direct:
                return reading
            # RFC 4035 §3.2.2: with CD set, a resolver hands out what it could not validate. An answer now, and SERVFAIL
            # again without CD, means the signatures are at fault and not the servers.
            left = max(started + patience - asyncio.get_running_loop().time(), 0) + patience / 2
            unchecked = await self._exchange(asked, left / 2, checking_disabled=True)
            if unchecked.status is Status.UNKNOWN:
                return reading
            again = await self._exchange(asked, left / 2)
        if again.trouble is Trouble.SERVFAIL:
            return Reading(
                status=Status.UNKNOWN,
                trouble=Trouble.BOGUS,
                server=reading.server,
                lines=("SERVFAIL", *unchecked.lines),
            )
        return again

    async def close(self) -> None:
        """Close the sockets; questions in flight must have ended."""
        for line in itertools.chain.from_iterable(self._lines.values()):
            line.close()
        self._lines.clear()

    async def _exchange(self, asked: bytes, patience: float, *, checking_disabled: bool = False) -> Reading:
        if not self.servers:
            return Reading(status=Status.UNKNOWN, trouble=Trouble.SERVER_UNREACHABLE, server="")
        exchange = _Exchange(self, asked, patience, checking_disabled)
        try:
            return await exchange.run()
        finally:
            exchange.close()

    def line(self, server: int) -> _Line:
        """The socket whose turn it is.

        Raises:
            OSError: this server's sockets cannot be opened; those of others may be.
        """
        if server not in self._lines:
            self._lines[server] = self._open(server)
        lines = self._lines[server]
        return lines[next(self._turn) % len(lines)]

    def _open(self, server: int) -> list[_Line]:
        lines: list[_Line] = []
        with contextlib.ExitStack() as stack:
            for _ in range(1 if self.direct else _SOCKETS_PER_SERVER):
                line = _Line(server, self.servers[server])
                stack.callback(line.close)
                lines.append(line)
            stack.pop_all()
        return lines

    @property
    def preferred(self) -> int:
        """The resolver to ask first: the one that answered when another did not."""
        return self._preferred

    def prefer(self, server: int) -> None:
        """Ask this resolver first from now on."""
        self._preferred = server


def _label(server: Server) -> str:
    host, port = server
    if port == 53:  # noqa: PLR2004 - the port of DNS
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _unforeseeable() -> Iterator[int]:
    """Message ids; many are drawn at a time, because asking the kernel costs as much as building a question."""
    while True:
        yield from memoryview(os.urandom(1024)).cast("H")


_ids = _unforeseeable()


class _Line:
    """One connected UDP socket and the exchanges that wait on it."""

    def __init__(self, index: int, server: Server) -> None:
        self.server = index
        self.waiting: dict[int, _Exchange] = {}
        self._socket = socket.socket(socket.AF_INET6 if ":" in server[0] else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)  # noqa: FBT003 - the name says it
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
            self._socket.connect(server)  # the kernel now drops packets from anybody else
        except OSError:
            self._socket.close()
            raise
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket.fileno(), self._readable)

    def register(self, exchange: _Exchange) -> int:
        """Give the exchange an id that is free and cannot be foreseen."""
        while (number := next(_ids)) in self.waiting:
            pass
        self.waiting[number] = exchange
        return number

    def send(self, packet: bytes) -> OSError | None:
        """Send; give the error if it certainly did not leave."""
        refused: OSError | None = None
        for _ in range(2):
            try:
                self._socket.send(packet)
            except ConnectionRefusedError as error:
                refused = error  # the answer to an earlier packet; it does not concern this one
            except OSError as error:
                return error
            else:
                return None
        return refused

    def close(self) -> None:
        """Close the socket."""
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def _readable(self) -> None:
        for _ in range(64):  # then let others have the loop
            try:
                packet = self._socket.recv(65535)
            except BlockingIOError:
                return
            except OSError as error:  # ICMP: port or host unreachable; it does not say which question
                for exchange in set(self.waiting.values()):
                    exchange.unreachable(self, error)
                return
            if len(packet) < _HEADER.size:
                continue
            exchange_or_none = self.waiting.get(packet[0] << 8 | packet[1])
            if exchange_or_none is not None:
                exchange_or_none.received(self, packet)


class _Exchange:
    """One question on its way: sent, sent again, answered or given up."""

    def __init__(self, resolver: Resolver, asked: bytes, patience: float, checking_disabled: bool) -> None:
        self._resolver = resolver
        self._asked = asked
        self._matches = asked.lower()
        self._patience = patience
        recursion = 0 if resolver.direct else _RD | _AD  # RFC 6840 §5.7: AD asks for AD
        self._flags = recursion | (_CD if checking_disabled else 0)
        self._plain: set[int] = set()  # servers that do not know EDNS
        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[Reading] = self._loop.create_future()
        self._sent: dict[int, tuple[_Line, int]] = {}  # by server
        self._failed: dict[int, Trouble] = {}
        self._refusals = 0
        self._turn = resolver.preferred
        self._lagged = False
        self._unsent = False
        self._malformed = False
        self._repeated = False
        self._timer: asyncio.TimerHandle | None = None
        self._tcp: asyncio.Task[None] | None = None
        self._ends = 0.0
        self._resends: list[float] = []

    async def run(self) -> Reading:
        self._begin(self._patience)
        return await self._future

    def close(self) -> None:
        """Forget the exchange everywhere."""
        if self._timer is not None:
            self._timer.cancel()
        if self._tcp is not None:
            self._tcp.cancel()
        for line, number in self._sent.values():
            line.waiting.pop(number, None)

    # --- sending

    def _begin(self, patience: float) -> None:
        now = self._loop.time()
        self._ends = now + patience
        # Long patience has time for two more tries, short patience for one.
        fractions = (0.25, 0.6) if patience >= 3 else (0.5,)  # noqa: PLR2004
        self._resends = [now + patience * fraction for fraction in fractions]
        self._transmit(self._turn % len(self._resolver.servers))
        self._schedule()

    def _transmit(self, server: int) -> None:
        trouble = self._send(server)
        if trouble is Trouble.OVERLOADED:
            self._unsent = True  # a later try of ours may pass
        elif trouble is not None:
            self._loop.call_soon(self._failed_at, server, trouble)

    def _send(self, server: int) -> Trouble | None:
        if server not in self._sent:
            try:
                line = self._resolver.line(server)
            except OSError as error:
                return self._blame(error)
            self._sent[server] = (line, line.register(self))
        line, number = self._sent[server]
        error_or_none = line.send(self._packet(number, server))
        return None if error_or_none is None else self._blame(error_or_none)

    def _blame(self, error: OSError) -> Trouble:
        """Say why a packet did not get through. A resolver is ours; a name server is somebody else's."""
        if is_ours(error) or isinstance(error, BlockingIOError):
            return Trouble.OVERLOADED
        if self._resolver.direct:
            return unconnected(error, self._resolver.servers[0][0])
        return Trouble.SERVER_UNREACHABLE

    def _packet(self, number: int, server: int) -> bytes:
        if server in self._plain:
            return _HEADER.pack(number, self._flags, 1, 0, 0, 0) + self._asked
        return _HEADER.pack(number, self._flags, 1, 0, 0, 1) + self._asked + _OPT

    def _schedule(self) -> None:
        when = self._resends[0] if self._resends else self._ends
        self._timer = self._loop.call_at(when, self._tick, when)

    def _tick(self, when: float) -> None:
        if self._future.done():
            return
        if late(when):
            self._lagged = True
        if self._resends:
            self._resends.pop(0)
            self._next_server()
            self._schedule()
        elif self._lagged and not self._repeated:
            # Silence while we were not listening proves nothing: once more, then say that it was us.
            self._lagged, self._repeated = False, True
            self._begin(self._patience / 2)
        elif self._lagged or self._unsent:
            self._give_up(Trouble.OVERLOADED)
        elif self._tcp is not None:
            self._give_up(Trouble.TCP_BLOCKED)
        else:
            self._give_up(Trouble.BAD_ANSWER if self._malformed else Trouble.TIMEOUT)

    def _next_server(self) -> None:
        count = len(self._resolver.servers)
        for _ in range(count):
            self._turn += 1
            if self._turn % count not in self._failed:
                break
        self._transmit(self._turn % count)

    # --- receiving

    def received(self, line: _Line, packet: bytes) -> None:
        """Take a packet with our id: finish, try elsewhere, or ignore it and go on waiting."""
        _, flags, questions, _, _, _ = _HEADER.unpack_from(packet)
        if self._future.done() or not flags & _QR or flags & _OPCODE:
            return
        rcode = flags & 0xF
        server = line.server
        # A server that cannot read the question cannot repeat it.
        if not (questions == 1 and self._echoes(packet)) and not (questions == 0 and rcode == _FORMERR):
            return
        if rcode == _FORMERR and server not in self._plain:
            # RFC 6891 §7: a server that does not know EDNS answers FORMERR. The question goes out under a new id: if
            # the old one was sent twice, its second FORMERR says nothing about this one.
            self._plain.add(server)
            line.waiting.pop(self._sent.pop(server)[1], None)
            self._transmit(server)
        elif flags & _TC or len(packet) > _THREAD_ABOVE:
            # Truncated, or far more than we said we take by UDP.
            if self._tcp is None and server not in self._failed:
                self._tcp = self._loop.create_task(self._over_tcp(server))
                self._tcp.add_done_callback(self._crashed)
        else:
            try:
                self._settle(server, self._decide(packet, server))
            except _MalformedError:
                self._malformed = True
            except Exception as error:  # noqa: BLE001 - a bug of ours; it must not look like silence
                self._future.set_exception(error)

    def _decide(self, packet: bytes, server: int) -> Reading:
        """Tell what an answer to this question says.

        Raises:
            _MalformedError: it is none, whatever the header says.
        """
        _, flags, _, answers, authority, _ = _HEADER.unpack_from(packet)
        rcode = flags & 0xF
        label = _label(self._resolver.servers[server])
        if rcode not in (_NOERROR, _NXDOMAIN):
            trouble = _RCODE_TROUBLE.get(rcode, Trouble.BAD_ANSWER)
            return Reading(status=Status.UNKNOWN, trouble=trouble, server=label, lines=(trouble.value.upper(),))
        if answers == 0 and _denies(packet, _HEADER.size + len(self._asked), authority):
            # Header first: of a hundred blocklist answers nearly all end here, unparsed.
            return _nothing(rcode, flags, label)
        return _read(packet, label, direct=self._resolver.direct)

    def _echoes(self, packet: bytes) -> bool:
        return packet[_HEADER.size : _HEADER.size + len(self._asked)].lower() == self._matches

    def unreachable(self, line: _Line, error: OSError) -> None:
        """Take note that the server's port answered with an ICMP error."""
        self._refusals += 1
        server = line.server
        if self._refusals >= _UNREACHABLE_AFTER or len(self._resolver.servers) > 1:
            self._failed_at(server, self._blame(error))
        else:
            self._transmit(server)

    def _failed_at(self, server: int, trouble: Trouble) -> None:
        if self._future.done() or server in self._failed:
            return
        self._failed[server] = trouble
        if len(self._failed) < len(self._resolver.servers):
            self._next_server()
        else:
            self._give_up(Trouble.TIMEOUT)

    def _settle(self, server: int, reading: Reading) -> None:
        """Take an answer, or the trouble that a server said it has."""
        if self._future.done():
            return
        if reading.trouble is not None and not self._resolver.direct:  # of one server, what it said is the answer
            self._failed_at(server, reading.trouble)
            return
        if server != self._resolver.preferred:
            self._resolver.prefer(server)
        self._future.set_result(reading)

    def _give_up(self, otherwise: Trouble) -> None:
        """End without an answer. What a server said is more than the silence of another."""
        if self._future.done():
            return
        said = [trouble for trouble in Trouble if trouble in self._failed.values()]
        if said == [Trouble.SERVER_UNREACHABLE] and len(self._failed) < len(self._resolver.servers):
            said = []  # the others can be reached, for all we know
        said.sort(key=lambda trouble: trouble is Trouble.SERVER_UNREACHABLE)
        trouble = said[0] if said else otherwise
        at = next((n for n, failed in self._failed.items() if failed is trouble), self._turn)
        server = _label(self._resolver.servers[at % len(self._resolver.servers)])
        self._future.set_result(
            Reading(status=Status.UNKNOWN, trouble=trouble, server=server, lines=(trouble.value.upper(),))
        )

    # --- TCP

    async def _over_tcp(self, server: int) -> None:
        # What time is left is shared by the servers that may have to be asked.
        left = (self._ends - self._loop.time()) / (len(self._resolver.servers) - len(self._failed))
        due = self._loop.time() + max(left, 0.5)
        try:
            async with asyncio.timeout_at(due):
                packet = await self._fetch(server)
            if len(packet) > _THREAD_ABOVE:
                reading = await asyncio.to_thread(self._decide, packet, server)
            else:
                reading = self._decide(packet, server)
        except TimeoutError:
            ours = silence(due) is Trouble.OVERLOADED
            self._tcp_failed(server, Trouble.OVERLOADED if ours else Trouble.TCP_BLOCKED)
        except (EOFError, OSError) as error:
            ours = isinstance(error, OSError) and is_ours(error)
            self._tcp_failed(server, Trouble.OVERLOADED if ours else Trouble.TCP_BLOCKED)
        except _TooBigError:
            self._tcp_failed(server, Trouble.TOO_BIG)
        except _MalformedError:
            self._tcp_failed(server, Trouble.BAD_ANSWER)
        else:
            self._settle(server, reading)

    def _crashed(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None and not self._future.done():
            self._future.set_exception(error)  # a bug of ours; it must not look like silence

    def _tcp_failed(self, server: int, trouble: Trouble) -> None:
        self._tcp = None
        self._failed_at(server, trouble)

    async def _fetch(self, server: int) -> bytes:
        """Get the answer to the question by TCP.

        Raises:
            EOFError, OSError: the connection does not work.
            _TooBigError: the answer is longer, or has more records, than we read.
            _MalformedError: it is no answer to the question.
        """
        reader, writer = await asyncio.open_connection(*self._resolver.servers[server], limit=_TCP_LIMIT)
        try:
            packet = self._packet(next(_ids), server)
            writer.write(len(packet).to_bytes(2, "big") + packet)  # RFC 1035 §4.2.2
            length = int.from_bytes(await reader.readexactly(2), "big")
            if length > _TCP_LIMIT:
                raise _TooBigError
            answer = await reader.readexactly(length)
        finally:
            writer.transport.abort()
        if length < _HEADER.size or answer[:2] != packet[:2]:
            raise _MalformedError
        _, flags, questions, records, _, _ = _HEADER.unpack_from(answer)
        if not flags & _QR or flags & (_OPCODE | _TC) or questions != 1 or not self._echoes(answer):
            raise _MalformedError
        if records > _MAX_RECORDS:
            raise _TooBigError
        return answer


# --- decoding ---------------------------------------------------------------------------------------------------------


def _denies(packet: bytes, at: int, authority: int) -> bool:
    """Whether what follows the question is what a denial brings: an SOA record, else an OPT record, else nothing.

    A packet that was damaged on its way may have a header that denies, and records that do not.
    """
    if at == len(packet):
        return not authority
    if 0 < packet[at] < _POINTER:
        return False  # a name written out: look closely
    at += 2 if packet[at] else 1
    return packet[at : at + 2] == (_SOA if authority else _OPT[1:3])


def _nothing(rcode: int, flags: int, server: str) -> Reading:
    status = Status.NXDOMAIN if rcode == _NXDOMAIN else Status.NODATA
    return Reading(
        status=status,
        server=server,
        authenticated=bool(flags & _AD),
        authoritative=bool(flags & _AA),
        lines=(status.value.upper(),),
    )


def _read(packet: bytes, server: str, *, direct: bool = False) -> Reading:
    """Decode an answer.

    Raises:
        _MalformedError: it is none, whatever the header says.
    """
    try:
        message = dns.message.from_wire(packet)
        if not isinstance(message, dns.message.QueryMessage):
            raise _MalformedError
        chain = message.resolve_chaining()
        aliases = tuple(host_text(rrset.name) for rrset in chain.cnames)
        lines = tuple(line for rrset in message.answer[:32] for line in rrset.to_text().splitlines()[:32])
        decode = _DECODERS[message.question[0].rdtype]
        rdatas = cast("Iterable[dns.rdata.Rdata]", chain.answer or ())
        records = tuple(decode(rdata) for rdata in rdatas)
    except dns.message.ChainTooLong:  # well-formed, and of no use: the aliases go round in a circle
        return Reading(status=Status.UNKNOWN, trouble=Trouble.BAD_ANSWER, server=server)
    except (dns.exception.DNSException, TypeError, ValueError, KeyError, struct.error) as error:
        raise _MalformedError from error
    authenticated = bool(message.flags & dns.flags.AD)
    authoritative = bool(message.flags & dns.flags.AA)
    canonical = host_text(chain.canonical_name)
    if records:
        return Reading(
            status=Status.FOUND,
            server=server,
            records=records,
            canonical=canonical,
            aliases=aliases,
            ttl=chain.minimum_ttl,
            authenticated=authenticated,
            authoritative=authoritative,
            lines=lines,
        )
    if aliases and direct:  # the zone of the name it leads to is the affair of other servers
        return Reading(
            status=Status.UNKNOWN,
            trouble=Trouble.LEADS_AWAY,
            server=server,
            canonical=canonical,
            aliases=aliases,
            ttl=chain.minimum_ttl,
            authoritative=authoritative,
            lines=lines,
        )
    kinds = {rrset.rdtype for rrset in message.authority}
    if message.rcode() == _NOERROR and dns.rdatatype.NS in kinds and dns.rdatatype.SOA not in kinds:
        # RFC 2308 §2.2: this is a referral, no NODATA. Who refers instead of answering does not serve the zone.
        referral = _referral(message)
        lines = tuple(f"{referral.zone or '.'} NS {name}" for name in referral.servers)
        return Reading(
            status=Status.UNKNOWN, trouble=Trouble.LAME, server=server, referral=referral, lines=("LAME", *lines)
        )
    beside = [rrset.rdtype for rrset in message.answer if rrset.rdtype not in _ALIASES]
    if beside.count(dns.rdatatype.CNAME) != len(aliases) or set(beside) - {dns.rdatatype.CNAME} or kinds - _DENIALS:
        raise _MalformedError  # a denial with records that are no part of one
    status = Status.NXDOMAIN if message.rcode() == _NXDOMAIN else Status.NODATA
    return Reading(
        status=status,
        server=server,
        canonical=canonical,
        aliases=aliases,
        authenticated=authenticated,
        authoritative=authoritative,
        lines=(*lines, status.value.upper()),
    )


def _referral(message: dns.message.QueryMessage) -> Referral:
    """Read a referral (RFC 1034 §4.3.2): the servers of a zone, and the addresses that came along."""
    delegation = next(rrset for rrset in message.authority if rrset.rdtype == dns.rdatatype.NS)
    servers = tuple(str(_target(rdata)) for rdata in cast("Iterable[dns.rdata.Rdata]", delegation))[:_MAX_REFERRAL]
    glue = (
        (host_text(rrset.name), str(_DECODERS[rrset.rdtype](rdata)))
        for rrset in message.additional
        if rrset.rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA)
        for rdata in cast("Iterable[dns.rdata.Rdata]", rrset)
    )
    addresses = tuple(pair for pair in glue if pair[0] in servers)[: 2 * _MAX_REFERRAL]
    return Referral(zone=host_text(delegation.name), servers=servers, addresses=addresses)


def _decoder(kind: type[T], decode: Callable[[T], Record]) -> Callable[[dns.rdata.Rdata], Record]:
    def checked(rdata: dns.rdata.Rdata) -> Record:
        if not isinstance(rdata, kind):  # RFC 3597 generic form: the data did not fit the type
            raise TypeError("unexpected record data")
        return decode(rdata)

    return checked


class _Tlsa(dns.rdtypes.ANY.TLSA.TLSA):
    """A TLSA record as it is published, whatever the length of its hash.

    The library refuses the whole answer for one hash of the wrong length; a sender passes over that record alone
    (RFC 7672 §3.1).
    """

    _cert_length_by_mtype: dict[int, int] = {}  # noqa: RUF012 - declared so by the library


# The library has no other way to tell it how to read a type that it knows.
dns.rdata._rdata_classes[dns.rdataclass.IN, dns.rdatatype.TLSA] = _Tlsa  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]

_target = _decoder(dns.rdtypes.nsbase.NSBase, lambda r: host_text(r.target))
# What may stand beside aliases in the answer section of a denial, and what in its authority section (RFC 2308 §2,
# RFC 6672 §3, RFC 4035 §3.1).
_ALIASES = frozenset({dns.rdatatype.DNAME, dns.rdatatype.RRSIG})
_DENIALS = frozenset(
    {
        dns.rdatatype.SOA,
        dns.rdatatype.NS,
        dns.rdatatype.DS,
        dns.rdatatype.NSEC,
        dns.rdatatype.NSEC3,
        dns.rdatatype.RRSIG,
    }
)
_DECODERS: dict[int, Callable[[dns.rdata.Rdata], Record]] = {
    dns.rdatatype.A: _decoder(dns.rdtypes.IN.A.A, lambda r: r.address),
    dns.rdatatype.AAAA: _decoder(dns.rdtypes.IN.AAAA.AAAA, lambda r: r.address),
    dns.rdatatype.CNAME: _target,
    dns.rdatatype.NS: _target,
    dns.rdatatype.PTR: _target,
    dns.rdatatype.MX: _decoder(dns.rdtypes.ANY.MX.MX, lambda r: Mx(r.preference, host_text(r.exchange))),
    dns.rdatatype.TXT: _decoder(dns.rdtypes.ANY.TXT.TXT, lambda r: Txt(tuple(r.strings))),
    dns.rdatatype.SRV: _decoder(
        dns.rdtypes.IN.SRV.SRV, lambda r: Srv(r.priority, r.weight, r.port, host_text(r.target))
    ),
    dns.rdatatype.TLSA: _decoder(dns.rdtypes.ANY.TLSA.TLSA, lambda r: Tlsa(r.usage, r.selector, r.mtype, r.cert)),
    dns.rdatatype.SOA: _decoder(
        dns.rdtypes.ANY.SOA.SOA,
        lambda r: Soa(host_text(r.mname), host_text(r.rname), r.serial, r.refresh, r.retry, r.expire, r.minimum),
    ),
}
_NUMBERS = {dns.rdatatype.to_text(kind): int(kind) for kind in map(dns.rdatatype.RdataType, _DECODERS)}
