"""What tests of submission need besides the servers of `real`: certificates with a flaw, and servers at true ports."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme

from tests.servers import real
from tests.servers.conftest import MAIL_HOST, Certificates


def certificates(folder: Path, *, name: str = MAIL_HOST, trusted: bool = True, expired: bool = False) -> Certificates:
    """Issue a certificate in a folder of its own.

    `name` is whom it is made for. Unless `trusted`, `authority` is not the one that issued it. With `expired` it ended
    yesterday.
    """
    authority = trustme.CA()
    end = dt.datetime.now(dt.UTC) - dt.timedelta(days=1) if expired else None
    start = end - dt.timedelta(days=30) if end else None
    issued = (authority if trusted else trustme.CA()).issue_cert(name, not_before=start, not_after=end)
    files = Certificates(folder / "authority.pem", folder / "chain.pem", folder / "key.pem")
    authority.cert_pem.write_to_path(str(files.authority))
    files.chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(str(files.key))
    return files


@asynccontextmanager
async def standing_at(host: str, ports: Mapping[int, real.Address]) -> AsyncGenerator[None, None]:
    """Let servers answer at ports of a loopback address while the block lasts, by passing every octet on.

    Ports below 1024 need rights: without them the test is skipped.
    """

    async def passed_on(server: real.Address, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*server)
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))

    async with contextlib.AsyncExitStack() as stack:
        for port, server in ports.items():

            async def serve(
                reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: real.Address = server
            ) -> None:
                await passed_on(server, reader, writer)

            try:
                listening = await asyncio.start_server(serve, host, port)
            except PermissionError:
                pytest.skip(f"no right to listen on port {port}")
            await stack.enter_async_context(listening)
        yield


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):  # a client that hangs up is the end of a conversation like any other
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    writer.close()
