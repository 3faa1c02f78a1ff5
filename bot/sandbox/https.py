"""The web servers of the sandbox: pages over TLS, several names at one address."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from aiohttp import web

from bot.sandbox.certificates import Authority, Certificate
from bot.sandbox.listener import address_of, bound_socket


@dataclass(frozen=True, kw_only=True)
class Page:
    """What is at a path. ``pause`` is the time in seconds before each byte of the body; 0 sends it at once."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    pause: float = 0.0


@dataclass(frozen=True, kw_only=True)
class WebHost:
    """A web server; those with one address and port share a socket, and the client's SNI chooses among them."""

    name: str
    address: str
    port: int = 443
    pages: Mapping[str, Page] = field(default_factory=dict[str, Page])
    certificate: Certificate = Certificate.GOOD


class Request(NamedTuple):
    """A request as it arrived: the Host, and the path with its query."""

    host: str
    path: str


def sts_policy(text: str) -> dict[str, Page]:
    """Put an MTA-STS policy where RFC 8461 section 3.2 wants it."""
    body = "".join(f"{line.strip()}\r\n" for line in text.strip().splitlines())
    return {"/.well-known/mta-sts.txt": Page(body=body.encode())}


class WebServer:
    """All web hosts of one address and port, on a free port of 127.0.0.1."""

    def __init__(self, hosts: Sequence[WebHost], authority: Authority, log: list[Request]) -> None:
        self._hosts = {host.name: host for host in hosts}
        self._authority = authority
        self._log = log
        # Zero would be "for ever" to aiohttp: it would wait for handlers whose page is slow on purpose.
        self._runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=0.01)

    async def start(self) -> tuple[str, int]:
        """Listen, and return the address."""
        await self._runner.setup()
        listening = bound_socket()
        await web.SockSite(self._runner, listening, ssl_context=self._tls()).start()
        return address_of(listening)

    async def close(self) -> None:
        """Cut every connection."""
        await self._runner.cleanup()

    def _tls(self) -> ssl.SSLContext:
        contexts = {name: self._authority.context(name, host.certificate) for name, host in self._hosts.items()}
        first = next(iter(contexts.values()))

        def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
            connection.context = contexts.get(name or "", first)

        entry = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        entry.sni_callback = choose
        return entry

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        name = request.host.partition(":")[0]
        self._log.append(Request(name, request.path_qs))
        host = self._hosts.get(name)
        page = host.pages.get(request.path) if host else None
        if page is None:
            return web.Response(status=404)
        headers = {"Content-Type": page.content_type, **page.headers}
        if not page.pause:
            return web.Response(status=page.status, headers=headers, body=page.body)
        response = web.StreamResponse(status=page.status, headers=headers)
        await response.prepare(request)
        for byte in page.body:
            await asyncio.sleep(page.pause)
            await response.write(bytes((byte,)))
        return response
