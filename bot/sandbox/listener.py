"""TCP on loopback: a server that ends its conversations with itself, ports that refuse or swallow, and a long line."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable

LOOPBACK = "127.0.0.1"

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Listener:
    """Serves each connection with one call. A client that leaves ends the call; ``close`` ends all of them."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    async def start(self, bound: socket.socket | None = None) -> tuple[str, int]:
        """Listen on the socket given, or on a free port of 127.0.0.1, and return the address."""
        listening = bound or bound_socket()
        self._server = await asyncio.start_server(self._accept, sock=listening, backlog=1024)
        return address_of(listening)

    async def close(self) -> None:
        """Stop listening and cut every connection."""
        self._closing = True
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks)
        if self._server is not None:
            await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._closing:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio runs this callback as a task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            await self._serve(reader, writer)
            writer.close()
            await writer.wait_closed()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            writer.transport.abort()  # the client left: that is its right, and the log of the server has what it said
        except asyncio.CancelledError:
            writer.transport.abort()  # by close(); asyncio's own callback of this task stumbles over a cancelled one


def bound_socket() -> socket.socket:
    """Bind a free port of 127.0.0.1. Until somebody listens there, the port refuses, and nobody else can take it."""
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it, replies wait for acknowledgements.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.bind((LOOPBACK, 0))
    bound.setblocking(False)  # noqa: FBT003 - the name of the method says what it means
    return bound


def address_of(bound: socket.socket) -> tuple[str, int]:
    """Say where a socket is bound."""
    host, port = bound.getsockname()
    return str(host), int(port)


def filtered_port(stack: contextlib.ExitStack) -> tuple[str, int]:
    """Open a port whose handshake never ends, as behind a firewall that drops packets.

    Loopback has no such firewall; but Linux drops a SYN when the queue of the listener is full, and one waiting
    connection fills a queue of length zero. On other systems a client may see the connection open and stay silent.
    """
    listening = stack.enter_context(bound_socket())
    listening.listen(0)
    filler = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
    filler.connect(listening.getsockname())
    return address_of(listening)


class LongLine:
    """A relay that makes the way to a server ``delay`` seconds long, there and back; opening costs one more."""

    def __init__(self, server: tuple[str, int], delay: float) -> None:
        self._server = server
        self._delay = delay
        self._listener = Listener(self._relay)

    async def start(self) -> tuple[str, int]:
        """Listen, and return the address of the far end."""
        return await self._listener.start()

    async def close(self) -> None:
        """Cut every connection."""
        await self._listener.close()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # What loopback does not charge: SYN and SYN-ACK, and the way of the ACK with which the server accepts.
        await asyncio.sleep(1.5 * self._delay)
        far_reader, far_writer = await asyncio.open_connection(*self._server)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0):  # what a client has said by now came along with its ACK
                    far_writer.write(await reader.read(65536))
            async with asyncio.TaskGroup() as both:
                both.create_task(self._carry(reader, far_writer))
                both.create_task(self._carry(far_reader, writer))
        except* ConnectionError:
            pass  # one end is gone, and the relay with it
        finally:
            far_writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while data := await reader.read(65536):
            loop.call_later(self._delay / 2, writer.write, data)
        await asyncio.sleep(self._delay / 2)
        writer.close()
