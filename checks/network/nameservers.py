"""Name servers asked directly, without a resolver in between: what each of them says itself.

A server has one socket while questions to it are on their way, shared by all runs that ask it, and none afterwards:
there are as many name servers as domains, and a process may open only so many sockets.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from checks.network.dns import Reading, Resolver, Server

_AT_ONCE = 256
"""Questions in flight in the whole process, and so at most as many sockets."""


@dataclass
class _Open:
    """One server that is being asked, and by how many."""

    resolver: Resolver
    asking: int = 0


class NameServers:
    """Asks name servers, each at the endpoint given. Belongs to the event loop it is first used in."""

    def __init__(self) -> None:
        self._open: dict[Server, _Open] = {}
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def ask(self, server: Server, name: str, kind: str, patience: float) -> Reading:
        """Ask one server one question, recursion not desired (RFC 1035 §4.1.1).

        ``patience`` is in seconds and counts from the moment the question may be sent.
        """
        async with self._slots:
            here = self._open.get(server)
            if here is None:
                here = self._open[server] = _Open(Resolver([server], direct=True))
            here.asking += 1
            try:
                return await here.resolver.ask(name, kind, patience)
            finally:
                here.asking -= 1
                if not here.asking:
                    del self._open[server]
                    await here.resolver.close()
