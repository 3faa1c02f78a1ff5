"""Slack's end of Socket Mode: tickets, connections, envelopes and their acks."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from aiohttp import WSMsgType, web

from bot.sandbox.slack_blocks import JsonObject, as_object

MOST_CONNECTIONS = 10

DisconnectReason: TypeAlias = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


@dataclass(frozen=True)
class Ack:
    """The app's answer to an envelope or a signed request. ``milliseconds`` counts from sending it."""

    payload: JsonObject | None
    milliseconds: float
    status: int = 200


@dataclass(eq=False)
class Connection:
    """One websocket of the app."""

    number: int
    socket: web.WebSocketResponse
    transport: asyncio.Transport
    half_open: bool = False
    """TCP is up, but nothing is answered or sent any more, as behind a router that forgot the connection."""
    delivered: int = 0

    def cut(self) -> None:
        """Break the TCP connection without a closing handshake."""
        self.transport.abort()


@dataclass
class _Flight:
    started: float
    acks: list[Ack]
    acked: asyncio.Event = field(default_factory=asyncio.Event)


class SocketMode:
    """All connections of one app."""

    def __init__(self, app_id: str, changed: Callable[[], Awaitable[None]]) -> None:
        self.connections: list[Connection] = []
        self.opened = 0
        """Connections so far, closed ones too."""
        self.stray_acks: list[str] = []
        """Acks for envelopes never sent, and payloads where none is accepted."""
        self._app_id = app_id
        self._changed = changed
        self._tickets: set[str] = set()
        self._numbers = itertools.count(1)
        self._turn = itertools.count()
        self._flights: dict[str, _Flight] = {}
        self._duplicates = 0

    # --- faults ---

    async def disconnect(self, reason: DisconnectReason = "refresh_requested") -> None:
        """Ask every connection to make way for a new one; all but ``warning`` also close it."""
        for connection in [*self.connections]:
            await connection.socket.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}
            )
            if reason != "warning":
                await connection.socket.close()

    def cut(self) -> None:
        """Break every TCP connection."""
        for connection in self.connections:
            connection.cut()

    def go_half_open(self) -> None:
        """Stop answering on every connection there is now; new ones work."""
        for connection in self.connections:
            connection.half_open = True

    def duplicate_next(self, times: int = 1) -> None:
        """Send each of the next ``times`` envelopes twice."""
        self._duplicates += times

    # --- protocol ---

    def new_ticket(self) -> str:
        """Return what admits one websocket, once."""
        ticket = f"ticket-{next(self._numbers)}"
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one websocket for as long as it lasts."""
        ticket = request.query.get("ticket", "")
        transport = request.transport
        if ticket not in self._tickets or not isinstance(transport, asyncio.Transport):
            return web.Response(status=404)
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        connection = Connection(next(self._numbers), socket, transport)
        if len(self.connections) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.connections.append(connection)
        self.opened += 1
        try:
            await socket.send_json(
                {
                    "type": "hello",
                    "num_connections": len(self.connections),
                    "debug_info": {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": 18060},
                    "connection_info": {"app_id": self._app_id},
                }
            )
            await self._changed()
            await self._receive(connection)
        finally:
            self.connections.remove(connection)
            await self._changed()
        return socket

    async def _receive(self, connection: Connection) -> None:
        async for frame in connection.socket:
            if connection.half_open:
                continue
            if frame.type is WSMsgType.PING:
                await connection.socket.pong(frame.data)
            elif frame.type is WSMsgType.TEXT:
                await self._acknowledge(frame.data)

    async def _acknowledge(self, text: str) -> None:
        try:
            given = as_object(json.loads(text)) or {}
        except json.JSONDecodeError:
            given = {}
        flight = self._flights.get(given.get("envelope_id", ""))
        if flight is None:
            self.stray_acks.append(text)
        else:
            elapsed = asyncio.get_running_loop().time() - flight.started
            flight.acks.append(Ack(as_object(given.get("payload")), elapsed * 1000))
            flight.acked.set()
        await self._changed()

    async def send(self, envelope: JsonObject, acks: list[Ack], patience: float) -> Literal["acked", "timeout", "none"]:
        """Send an envelope to one connection, wait ``patience`` seconds for its ack; later ones still reach ``acks``.

        ``none``: there is no connection to send it on.
        """
        if not self.connections:
            return "none"
        connection = self.connections[next(self._turn) % len(self.connections)]
        flight = self._flights[envelope["envelope_id"]] = _Flight(asyncio.get_running_loop().time(), acks)
        copies = 1
        if self._duplicates:
            self._duplicates -= 1
            copies = 2
        for _ in range(copies):
            connection.delivered += 1
            if not connection.half_open and not connection.socket.closed:
                await connection.socket.send_json(envelope)
        await self._changed()
        try:
            async with asyncio.timeout(patience):
                await flight.acked.wait()
        except TimeoutError:
            return "timeout"
        return "acked"

    async def close(self) -> None:
        """Close every connection."""
        self.cut()
