"""A small internet on loopback: names, mail and web servers that behave, and misbehave, as a ``World`` says.

It shares no code with the checks, so that it can judge them::

    world = World(
        records=\"\"\"
            example.com     MX  10 mx.example.com
            mx.example.com  A   192.0.2.25
        \"\"\",
        mail=(MailHost(name="mx.example.com", address="192.0.2.25", domains=("example.com",)),),
        faults={"_dmarc.example.com": Fault.SERVFAIL},
    )
    async with Internet(world) as internet:
        ...

Addresses of a world look public (RFC 5737, RFC 3849); ``dial_map`` leads from them to loopback.
"""

from __future__ import annotations

import ipaddress
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

import dns.name
import dns.rdatatype

from bot.sandbox.certificates import Authority
from bot.sandbox.dns import Delay, DnsServer, Fault, NameServer, Query, ZoneServer
from bot.sandbox.https import Request, WebHost, WebServer
from bot.sandbox.listener import LongLine, address_of, bound_socket, filtered_port
from bot.sandbox.smtp import MailFault, MailHost, MailServer, SmtpLog
from bot.sandbox.zones import NAME_SERVER_ADDRESS, Found, Zones

Endpoint = tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class World:
    """What there is in the internet.

    ``records`` are lines as ``zones`` describes them; ``secure`` and ``bogus`` names are signed well and badly.
    ``name_servers`` are the recursors, ``zone_servers`` those that the NS records of zones lead to. The key of a fault
    is a name (``"a.example"``), a name and a type (``"a.example TXT"``), or a name with everything below it
    (``".a.example"``); the closest key holds. Zone servers with records of their own have none of these faults.
    """

    records: str = ""
    secure: frozenset[str] = frozenset()
    bogus: frozenset[str] = frozenset()
    faults: Mapping[str, Fault | Delay] = field(default_factory=dict[str, Fault | Delay])
    name_servers: tuple[NameServer, ...] = (NameServer(),)
    zone_servers: tuple[ZoneServer, ...] = (ZoneServer(address=NAME_SERVER_ADDRESS),)
    mail: tuple[MailHost, ...] = ()
    web: tuple[WebHost, ...] = ()


class DialMap(Mapping[Endpoint, Endpoint]):
    """From an address and port of the world to loopback.

    Where the world has no server, the port refuses: whoever asks this map never leaves loopback.
    """

    def __init__(self, servers: Mapping[Endpoint, Endpoint], refusing: Endpoint) -> None:
        self._servers = servers
        self._refusing = refusing

    def __getitem__(self, endpoint: Endpoint) -> Endpoint:
        return self._servers.get(endpoint, self._refusing)

    def __contains__(self, endpoint: object) -> bool:
        return True

    def __iter__(self) -> Iterator[Endpoint]:
        return iter(self._servers)

    def __len__(self) -> int:
        return len(self._servers)

    def __bool__(self) -> bool:
        return True


class _Server(Protocol):
    async def start(self) -> Endpoint: ...
    async def close(self) -> None: ...


class Internet:
    """Runs a world while its context lasts.

    ``delay`` is the round trip in seconds, charged by the name servers and on every TCP connection. An ``authority``
    may be shared among worlds; one is made if none is given. The lists are logs and grow as servers are used.
    """

    def __init__(self, world: World, *, authority: Authority | None = None, delay: float = 0.0) -> None:
        self._world = world
        self._authority = authority or Authority()
        self._delay = delay
        self._stack = AsyncExitStack()
        self.dns_servers: list[Endpoint] = []
        self.dial_map: Mapping[Endpoint, Endpoint] = {}
        self.queries: list[Query] = []
        self.smtp_log = SmtpLog()
        self.web_log: list[Request] = []
        self.ca_file = Path()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await self._start(stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _start(self, stack: AsyncExitStack) -> None:
        self.ca_file = self._write_authority(stack)
        zones = Zones(self._world.records, secure=self._world.secure, bogus=self._world.bogus)
        for index, described in enumerate(self._world.name_servers):
            server = DnsServer(
                zones.find, self._world.faults, described, index=index, log=self.queries, delay=self._delay
            )
            self.dns_servers.append(await _run(server, stack))
        sockets = stack.enter_context(ExitStack())
        servers: dict[Endpoint, Endpoint] = {}
        for index, each in enumerate(self._world.zone_servers, len(self._world.name_servers)):
            servers[_endpoint(each.address, 53)] = await _run(self._zone_server(each, index, zones), stack)
        for host in self._world.mail:
            match host.fault:
                case MailFault.CLOSED:
                    continue
                case MailFault.FILTERED:
                    here = filtered_port(sockets)
                case _:
                    here = await self._run_far(MailServer(host, self._authority, self.smtp_log), stack)
            servers[_endpoint(host.address, host.port)] = here
        for endpoint in {_endpoint(host.address, host.port): None for host in self._world.web}:
            hosts = [host for host in self._world.web if _endpoint(host.address, host.port) == endpoint]
            servers[endpoint] = await self._run_far(WebServer(hosts, self._authority, self.web_log), stack)
        self.dial_map = DialMap(servers, address_of(sockets.enter_context(bound_socket())))

    def _zone_server(self, described: ZoneServer, index: int, zones: Zones) -> DnsServer:
        own = zones if described.records is None else Zones(described.records)
        apexes = [dns.name.from_text(name) for name in described.zones] or None

        def find(name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Found:
            return own.serve(name, rdtype, apexes) if described.authoritative else own.find(name, rdtype)

        faults = self._world.faults if described.records is None else dict[str, Fault | Delay]()
        return DnsServer(find, faults, described, index=index, log=self.queries, delay=self._delay)

    async def _run_far(self, server: _Server, stack: AsyncExitStack) -> Endpoint:
        here = await _run(server, stack)
        return await _run(LongLine(here, self._delay), stack) if self._delay else here

    def _write_authority(self, stack: AsyncExitStack) -> Path:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mailcheck-sandbox-"))) / "ca.pem"
        path.write_bytes(self._authority.pem)
        return path


async def _run(server: _Server, stack: AsyncExitStack) -> Endpoint:
    stack.push_async_callback(server.close)
    return await server.start()


def _endpoint(address: str, port: int) -> Endpoint:
    return str(ipaddress.ip_address(address)), port
