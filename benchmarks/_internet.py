"""A small internet in a process of its own, so that its work is not counted as ours.

Run as a script, it serves the demo's world with a round trip of so many seconds, prints where as JSON, and ends with
its standard input.
"""

from __future__ import annotations

import asyncio
import json
import selectors
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.internet import Internet
from bot.sandbox.worlds import demo
from checks.network import Guard

NETWORKS = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
Endpoint = tuple[str, int]


@dataclass(frozen=True)
class Far:
    """Where the internet is."""

    servers: list[Endpoint]
    guard: Guard
    ca_file: Path


@asynccontextmanager
async def far(delay: float) -> AsyncGenerator[Far]:
    """Start one."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, str(delay), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        told = json.loads(await process.stdout.readline())
        dial: Mapping[Endpoint, Endpoint] = {tuple(a): tuple(b) for a, b in told["dial"]}
        yield Far([tuple(s) for s in told["servers"]], Guard.of(NETWORKS, dial), Path(told["ca"]))
    finally:
        process.stdin.close()
        await process.wait()


async def serve(delay: float) -> None:
    """Serve until standard input ends."""
    async with Internet(demo(), delay=delay) as internet:
        told = {
            "servers": internet.dns_servers,
            "dial": [[key, internet.dial_map[key]] for key in internet.dial_map],
            "ca": str(internet.ca_file),
        }
        print(json.dumps(told), flush=True)
        await asyncio.to_thread(sys.stdin.read)


class Punctual(selectors.EpollSelector):
    """Ends a wait in time: epoll counts in whole milliseconds, and asyncio has each delay last up to one longer.

    The last part of a millisecond is spent asking again and again.
    """

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait for whole milliseconds only."""
        if timeout is not None and timeout > 0:
            timeout = max(int(timeout * 1000) - 0.5, 0) / 1000  # it is rounded up again
        return super().select(timeout)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(Punctual())) as runner:
        runner.run(serve(float(sys.argv[1])))
