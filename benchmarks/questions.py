"""What a DNS question costs on our side: CPU per question, ours beside dnspython's own resolver.

``python benchmarks/questions.py [QUESTIONS]``

A name server of the sandbox answers in a process of its own, on loopback; CPU is that of the asking process alone, so
the table holds on a busy machine too. Questions per CPU second are what one core can ask when nothing else runs on it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection

import dns.asyncresolver
import dns.resolver

from bot.sandbox.internet import Internet, World
from checks.network import Inquiry, Network, RecordType, inquiry
from checks.network.answers import TXT, A
from checks.network.dns import PATIENCE, Resolver, Server

QUESTIONS = 20_000
AT_ONCE = 60
BAR = 9_000
RECORDS = """
    *.txt.example  TXT  "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDKf3zqT9fG7cQ8m0d2n5sQIDAQAB"
    there.example  A    192.0.2.1
"""

Ask = Callable[[str], Awaitable[bool]]
"""Asks for a name; whether the answer is the right one."""


@dataclass(frozen=True)
class Row:
    """One line of the table: microseconds of CPU per question, and questions per second by the clock on the wall."""

    engine: str
    user_us: float
    system_us: float
    per_second: float


def serve(started: Connection) -> None:
    """Run the name server until the other end closes."""

    async def run() -> None:
        async with Internet(World(records=RECORDS)) as internet:
            started.send(internet.dns_servers[0])
            await asyncio.to_thread(started.poll, None)

    asyncio.run(run())


async def through_inquiry(server: Server, kind: RecordType[object], suffix: str, count: int) -> Row:
    """Ask as the checks do: evidence, shared flights, everything."""
    async with Network(servers=[server]) as network:
        runs = [Inquiry(network) for _ in range(count // inquiry.MOST_QUESTIONS + 1)]

        async def ask(name: str) -> bool:
            run = runs[int(name.partition(".")[0]) // inquiry.MOST_QUESTIONS]
            answer = await run.dns(name, kind, asked_by="bench")
            return answer.absent if kind is A else answer.found

        return await measure("Inquiry.dns", ask, suffix, count)


async def through_resolver(server: Server, kind: RecordType[object], suffix: str, count: int) -> Row:
    """Ask the transport alone."""
    resolver = Resolver([server])

    async def ask(name: str) -> bool:
        reading = await resolver.ask(name, kind.name, PATIENCE)
        return reading.trouble is None and bool(reading.records) is (kind is TXT)

    row = await measure("Resolver.ask", ask, suffix, count)
    await resolver.close()
    return row


async def through_dnspython(server: Server, kind: RecordType[object], suffix: str, count: int) -> Row:
    """Ask as a program would that uses dnspython as it comes, with EDNS like ours."""
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [server[0]], server[1]
    resolver.use_edns(0, 0, 1232)

    async def ask(name: str) -> bool:
        try:
            answer = await resolver.resolve(name, kind.name)
        except dns.resolver.NXDOMAIN:
            return kind is A
        return kind is TXT and answer.rrset is not None

    return await measure("dnspython asyncresolver", ask, suffix, count)


async def measure(engine: str, ask: Ask, suffix: str, count: int) -> Row:
    """Ask ``count`` names, ``AT_ONCE`` at a time, after a warm-up."""
    numbers = iter(range(count))

    async def some() -> None:
        for number in numbers:
            assert await ask(f"{number}.{suffix}"), f"{engine} got a wrong answer"

    await ask(f"0.{suffix}")
    before, clock = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    seconds, after = time.perf_counter() - clock, resource.getrusage(resource.RUSAGE_SELF)
    return Row(
        engine,
        (after.ru_utime - before.ru_utime) / count * 1e6,
        (after.ru_stime - before.ru_stime) / count * 1e6,
        count / seconds,
    )


async def main(server: Server, count: int) -> None:
    """Measure every engine for both kinds of answer, and print the table."""
    print(f"{count:,} questions, {AT_ONCE} in flight; CPU of the asking process per question")
    inquired = 0.0
    for title, kind, suffix in (("NXDOMAIN", A, "absent.example"), ("TXT found", TXT, "txt.example")):
        print(f"\n{title:25}{'user':>9}{'system':>9}{'per CPU s':>12}{'per s':>9}{'stock is':>10}")
        stock = await through_dnspython(server, kind, suffix, count)
        ours = [
            await through_inquiry(server, kind, suffix, count),
            await through_resolver(server, kind, suffix, count),
        ]
        for row in (*ours, stock):
            cost = row.user_us + row.system_us
            print(
                f"{row.engine:25}{row.user_us:6.0f} µs{row.system_us:6.0f} µs{1e6 / cost:12,.0f}{row.per_second:9,.0f}"
                f"{(stock.user_us + stock.system_us) / cost:9.1f}x"
            )
        inquired = inquired or 1e6 / (ours[0].user_us + ours[0].system_us)
    print(
        f"\nbar: {BAR:,} NXDOMAIN answers per CPU second through Inquiry.dns: {'met' if inquired >= BAR else 'MISSED'}"
    )


if __name__ == "__main__":
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    process.start()
    address: Server = here.recv()
    try:
        asyncio.run(main(address, int(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS))
    finally:
        here.send(None)
        process.join()
