"""The DNS part of one check beside checkdmarc, on one world, in one run: time, questions, and what each says.

``python benchmarks/beside_checkdmarc.py``

The names are answered by a process of its own with a round trip of 20 ms. The domain has no MTA-STS policy: fetching
one would leave this machine. Compared are the steps that answer what checkdmarc answers; its parsing is in its figure
as ours is in ours. The second table asks both about domains with one thing each that is wrong or odd.
"""

from __future__ import annotations

import asyncio
import importlib
import ipaddress
import json
import logging
import statistics
import sys
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import dns.nameserver
import dns.resolver

from bot.sandbox.internet import Internet, World
from checks import ALL
from checks.case import Case, Target
from checks.check import Result, Severity
from checks.network import Guard, Inquiry, Network
from checks.triage import steps, triage

_CHECKDMARC = importlib.import_module("checkdmarc")
"""Of the group bench, and without types that a checker could see."""

DELAY = 0.02  # seconds
ROUNDS = 7
FLOOR = 4  # round trips: the depth of the SPF tree below
SAME = ("domain", "mx", "spf", "dmarc", "mta_sts", "tls_rpt", "bimi")
"""Our steps that answer what checkdmarc does."""

HEALTHY = """
    healthy.example           NS   ns1.healthy.example
    healthy.example           NS   ns2.healthy.example
    ns1.healthy.example       A    192.0.2.53
    ns2.healthy.example       A    192.0.2.54
    healthy.example           MX   10 mx1.healthy.example
    healthy.example           MX   20 mx2.healthy.example
    healthy.example           MX   30 mx3.healthy.example
    healthy.example           MX   40 mx4.healthy.example
    healthy.example TXT v=spf1 include:a.healthy.example include:d.healthy.example include:e.healthy.example mx -all
    a.healthy.example         TXT  v=spf1 include:b.healthy.example ip4:192.0.2.0/28 ~all
    b.healthy.example         TXT  v=spf1 include:c.healthy.example ip4:192.0.2.16/28 ~all
    c.healthy.example         TXT  v=spf1 ip4:192.0.2.32/28 ~all
    d.healthy.example         TXT  v=spf1 a:out1.healthy.example a:out2.healthy.example ~all
    e.healthy.example         TXT  v=spf1 include:f.healthy.example ~all
    f.healthy.example         TXT  v=spf1 ip4:192.0.2.48/28 ~all
    out1.healthy.example      A    192.0.2.71
    out2.healthy.example      A    192.0.2.72
    _dmarc.healthy.example    TXT  v=DMARC1; p=reject; rua=mailto:d@healthy.example,mailto:d@reports.example
    healthy.example._report._dmarc.reports.example TXT v=DMARC1
    reports.example           MX   10 mx.reports.example
    mx.reports.example        A    198.51.100.25
    _smtp._tls.healthy.example TXT v=TLSRPTv1; rua=mailto:tls@healthy.example
    mx1.healthy.example       A    192.0.2.25
    mx2.healthy.example       A    192.0.2.26
    mx3.healthy.example       A    192.0.2.27
    mx4.healthy.example       A    192.0.2.28
    192.0.2.25                PTR  mx1.healthy.example
    192.0.2.26                PTR  mx2.healthy.example
    192.0.2.27                PTR  mx3.healthy.example
    192.0.2.28                PTR  mx4.healthy.example
"""
"""A domain of the usual size: four mail hosts, an SPF tree of four levels, reports to somebody else."""


@dataclass(frozen=True)
class Odd:
    """A record, and which part of both answers is held against each other."""

    name: str
    records: str
    part: str


ODD = (
    Odd("one SPF record", "{d} TXT v=spf1 mx -all", "spf"),
    Odd("two SPF records", "{d} TXT v=spf1 mx -all\n{d} TXT v=spf1 a -all", "spf"),
    Odd("unknown mechanism", "{d} TXT v=spf1 ipv4:192.0.2.1 -all", "spf"),
    Odd("a fault behind all", "{d} TXT v=spf1 mx -all ip4:192.0.2.999", "spf"),
    Odd("unknown modifier", "{d} TXT v=spf1 mx x-note=hello -all", "spf"),
    Odd("include without SPF", "{d} TXT v=spf1 include:none.{d} -all\nnone.{d} A 192.0.2.1", "spf"),
    Odd("SPF with ptr", "{d} TXT v=spf1 mx ptr -all", "spf"),
    Odd("one DMARC record", "_dmarc.{d} TXT v=DMARC1; p=reject; rua=mailto:d@{d}", "dmarc"),
    Odd("two DMARC records", "_dmarc.{d} TXT v=DMARC1; p=reject\n_dmarc.{d} TXT v=DMARC1; p=none", "dmarc"),
    Odd("DMARC with a bad p", "_dmarc.{d} TXT v=DMARC1; p=block; rua=mailto:d@{d}", "dmarc"),
    Odd("DMARC with a bad p, no rua", "_dmarc.{d} TXT v=DMARC1; p=block", "dmarc"),
    Odd("DMARC without p", "_dmarc.{d} TXT v=DMARC1; rua=mailto:d@{d}", "dmarc"),
    Odd("DMARC with pct", "_dmarc.{d} TXT v=DMARC1; p=reject; pct=20; rua=mailto:d@{d}", "dmarc"),
    Odd("DMARC with lower-case v", "_dmarc.{d} TXT v=dmarc1; p=reject; rua=mailto:d@{d}", "dmarc"),
)
"""What ``docs/decisions/0006-beside-checkdmarc.md`` explains, row by row."""


@asynccontextmanager
async def far() -> AsyncGenerator[tuple[str, int]]:
    """Serve the world of this file in a process of its own, slowly."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "serve", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        host, port = json.loads(await process.stdout.readline())
        yield host, port
    finally:
        process.stdin.close()
        await process.wait()


async def serve() -> None:
    """Serve until standard input ends."""
    async with Internet(World(records=HEALTHY), delay=DELAY) as internet:
        print(json.dumps(internet.dns_servers[0]), flush=True)
        await asyncio.to_thread(sys.stdin.read)


class _Counting(dns.nameserver.Do53Nameserver):
    """The name server as checkdmarc asks it, counted."""

    def __init__(self, address: str, port: int) -> None:
        super().__init__(address, port)
        self.asked: list[str] = []

    def query(self, request: Any, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - the library's own
        self.asked.append(str(request.question[0]))
        return super().query(request, *args, **more)


def only_here(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse whatever would leave this machine: an audit hook (PEP 578)."""
    if event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        host = str(cast("tuple[Any, ...]", arguments[1])[0])
        if not ipaddress.ip_address(host).is_loopback:
            raise PermissionError(f"{event} to {host}")


def theirs(server: tuple[str, int], name: str) -> tuple[float, _Counting, Mapping[str, Any]]:
    """Run checkdmarc once, without a cache: seconds, what it asked, what it says."""
    nameserver = _Counting(*server)
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [nameserver]
    started = time.perf_counter()
    said = _CHECKDMARC.check_domains([name], nameservers=[nameserver], resolver=resolver)
    return time.perf_counter() - started, nameserver, cast("Mapping[str, Any]", said)


async def ours(network: Network, name: str, only: Sequence[str]) -> tuple[float, int, list[Result]]:
    """Run our steps once: seconds, questions, results."""
    inquiry = Inquiry(network)
    case = Case(target=Target(domain=name))
    started = time.perf_counter()
    results = [result async for result in triage(case, steps(case, ALL, only), inquiry)]
    seconds = time.perf_counter() - started
    await inquiry.close()
    return seconds, inquiry.questions, results


async def speed() -> None:
    """Print the first table."""
    async with far() as server, Network(servers=[server], guard=Guard()) as network:
        await ours(network, "healthy.example", SAME)
        await asyncio.to_thread(theirs, server, "healthy.example")
        mine = [await ours(network, "healthy.example", SAME) for _ in range(ROUNDS)]
        his = [await asyncio.to_thread(theirs, server, "healthy.example") for _ in range(ROUNDS)]
    floor = FLOOR * DELAY
    my_time = statistics.median(seconds for seconds, _, _ in mine)
    his_time = statistics.median(seconds for seconds, _, _ in his)
    asked = his[-1][1].asked
    print("              questions  distinct   wall ms  of the floor")
    print(f"floor         {'-':>9}  {'-':>8}  {floor * 1000:8.1f}  {1:12.2f}")
    print(f"Mailcheck     {mine[-1][1]:9}  {mine[-1][1]:8}  {my_time * 1000:8.1f}  {my_time / floor:12.2f}")
    print(f"checkdmarc    {len(asked):9}  {len(set(asked)):8}  {his_time * 1000:8.1f}  {his_time / floor:12.2f}")
    print(f"checkdmarc takes {his_time / my_time:.1f} times as long")


async def agreement() -> None:
    """Print the second table: whether each takes the record for usable."""
    base = "{d} MX 10 mx.{d}\nmx.{d} A 192.0.2.25\n"
    records = "".join(
        base.format(d=f"d{n}.example") + odd.records.format(d=f"d{n}.example") + "\n" for n, odd in enumerate(ODD)
    )
    print(f"\n{'':28}{'part':8}{'Mailcheck':12}{'checkdmarc':12}")
    async with (
        Internet(World(records=records)) as internet,
        Network(servers=internet.dns_servers, guard=Guard()) as network,
    ):
        for number, odd in enumerate(ODD):
            name = f"d{number}.example"
            _, _, results = await ours(network, name, (odd.part,))
            worst = next(result.verdict for result in results if result.check.name == odd.part)
            _, _, said = await asyncio.to_thread(theirs, internet.dns_servers[0], name)
            mine = "unusable" if worst is Severity.PROBLEM else worst.name.lower()
            his = "valid" if said[odd.part]["valid"] else "invalid"
            print(f"{odd.name:28}{odd.part:8}{mine:12}{his:12}")


def main() -> None:
    """Print both tables."""
    sys.addaudithook(only_here)
    logging.getLogger("checkdmarc").setLevel(logging.CRITICAL)
    asyncio.run(speed())
    asyncio.run(agreement())


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
    else:
        main()
