"""SMTP conversations: what a mail server shows to anybody, without ever naming a mail.

The connection goes to an address that was resolved and judged before; the TLS name is set by us. Nothing beyond EHLO
and STARTTLS is sent.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from dataclasses import dataclass, field, replace

import aiosmtplib

from checks.network.answers import Conversation, Ehlo, Reply, Stage, Trouble
from checks.network.certificates import TrustAnchors, session, unverified_context
from checks.network.guard import Guard

SUBMISSIONS_PORT = 465
"""TLS from the first octet (RFC 8314 §3.3)."""

_CONNECT = 5.0  # seconds
_GREETING = 12.0  # servers delay their greeting on purpose, to see who cannot wait
_REPLY = 6.0


@dataclass
class Talk:
    """One conversation being held: what was learnt so far, and its transcript."""

    conversation: Conversation
    lines: list[str] = field(default_factory=list[str])

    def learnt(self, **facts: object) -> None:
        """Keep facts."""
        self.conversation = replace(self.conversation, **facts)  # type: ignore[arg-type] # checked by the dataclass

    def ended(self, trouble: Trouble, detail: str = "") -> None:
        """Keep what ended it before its time."""
        self.conversation = replace(self.conversation, trouble=trouble)
        self.lines.append(f"{trouble.value.upper()} {detail}".rstrip())

    def heard(self, code: int, text: str) -> Reply:
        """Keep a reply."""
        self.lines += [f"{code} {line}" for line in text.splitlines()[:40]] or [str(code)]
        return Reply(code, text)


class Mailer:
    """Holds conversations, at most one at a time with any one address."""

    def __init__(self, guard: Guard, anchors: TrustAnchors, helo: str) -> None:
        self._guard = guard
        self._anchors = anchors
        self._helo = helo
        self._context = unverified_context()
        self._busy: dict[str, asyncio.Lock] = {}

    async def converse(self, talk: Talk) -> None:
        """Hold one conversation up to EHLO after TLS. Fills ``talk``; keeps what it has when cancelled."""
        host, address, port = talk.conversation.host, talk.conversation.address, talk.conversation.port
        if not self._guard.permits(address, port):
            talk.ended(Trouble.GUARDED)
            return
        lock = self._busy.setdefault(address, asyncio.Lock())
        try:
            async with lock:
                sock = await self._connect(talk, address, port)
                if sock is None:
                    return
                client = aiosmtplib.SMTP(
                    hostname=host,
                    sock=sock,
                    use_tls=port == SUBMISSIONS_PORT,
                    start_tls=False,
                    local_hostname=self._helo,
                    validate_certs=False,
                    tls_context=self._context,
                    timeout=_REPLY,
                )
                try:
                    await self._dialogue(client, talk, host)
                finally:
                    _hang_up(client, sock)
        finally:
            if not lock.locked():
                self._busy.pop(address, None)

    async def _connect(self, talk: Talk, address: str, port: int) -> socket.socket | None:
        target, target_port = self._guard.endpoint(address, port)
        try:
            sock = socket.socket(socket.AF_INET6 if ":" in target else socket.AF_INET, socket.SOCK_STREAM)
        except OSError as error:
            talk.ended(_connect_trouble(error))
            return None
        try:
            sock.setblocking(False)  # noqa: FBT003 - the name says it
            async with asyncio.timeout(_CONNECT):
                await asyncio.get_running_loop().sock_connect(sock, (target, target_port))
        except OSError as error:  # a TimeoutError is one
            sock.close()
            talk.ended(_connect_trouble(error))
            return None
        except BaseException:
            sock.close()
            raise
        return sock

    async def _dialogue(self, client: aiosmtplib.SMTP, talk: Talk, host: str) -> None:
        talk.learnt(stage=Stage.GREETING)
        try:
            greeting = await client.connect(timeout=_GREETING)
            talk.learnt(greeting=talk.heard(greeting.code, greeting.message), stage=Stage.EHLO)
            if client.use_tls:
                self._secured(client, talk, host)
            ehlo = await self._ehlo(client, talk)
            talk.learnt(ehlo=ehlo)
            if ehlo is None:
                return
            if ehlo.get("STARTTLS") is None:
                talk.learnt(stage=Stage.DONE)
                return
            talk.learnt(stage=Stage.STARTTLS)
            talk.lines.append("> STARTTLS")
            reply = await client.starttls(server_hostname=host, validate_certs=False, tls_context=self._context)
            talk.learnt(starttls=talk.heard(reply.code, reply.message))
            self._secured(client, talk, host)
            talk.learnt(ehlo_after_tls=await self._ehlo(client, talk), stage=Stage.DONE)
        except aiosmtplib.SMTPConnectResponseError as error:
            talk.learnt(greeting=talk.heard(error.code, error.message))
        except aiosmtplib.SMTPResponseException as error:
            self._refused(talk, error)
        except (aiosmtplib.SMTPException, OSError) as error:
            talk.ended(*_dialogue_trouble(error))

    def _refused(self, talk: Talk, error: aiosmtplib.SMTPResponseException) -> None:
        """A reply that is no agreement, or no reply at all: the library gives those code -1."""
        if error.code < 0:
            talk.ended(Trouble.NOT_SMTP, error.message)
            return
        reply = talk.heard(error.code, error.message)
        if talk.conversation.stage is Stage.STARTTLS:
            talk.learnt(starttls=reply)

    async def _ehlo(self, client: aiosmtplib.SMTP, talk: Talk) -> Ehlo | None:
        talk.lines.append(f"> EHLO {self._helo}")
        try:
            reply = await client.ehlo()
        except aiosmtplib.SMTPHeloError as error:
            if error.code < 0:
                raise
            return Ehlo(talk.heard(error.code, error.message))
        heard = talk.heard(reply.code, reply.message)
        words = [line.split(maxsplit=1) for line in reply.message.splitlines()[1:]]
        return Ehlo(heard, tuple((w[0].upper(), w[1].strip() if len(w) > 1 else "") for w in words if w))

    def _secured(self, client: aiosmtplib.SMTP, talk: Talk, host: str) -> None:
        ssl_object: ssl.SSLObject | None = client.get_transport_info("ssl_object")
        if ssl_object is None:
            raise ConnectionResetError(errno.ECONNRESET, "the connection was lost")
        tls = session(ssl_object, self._anchors, host)
        talk.learnt(tls=tls)
        talk.lines.append(f"{tls.version} {tls.cipher}, certificate: {tls.certificate.state.value}")


def _hang_up(client: aiosmtplib.SMTP, sock: socket.socket) -> None:
    """Say good-bye without waiting for the answer, and give the socket back at once.

    An orderly end of TLS would wait for the server, for half a minute if it is silent.
    """
    if isinstance(client.transport, asyncio.WriteTransport):
        if not client.transport.is_closing():
            client.transport.write(b"QUIT\r\n")
        client.transport.abort()
    client.close()
    if client.transport is None:
        sock.close()


def _connect_trouble(error: OSError) -> Trouble:
    if isinstance(error, TimeoutError):
        return Trouble.TIMEOUT
    match error.errno:
        case errno.ECONNREFUSED:
            return Trouble.CONNECTION_REFUSED
        case errno.EMFILE | errno.ENFILE | errno.ENOBUFS | errno.ENOMEM | errno.EADDRNOTAVAIL:
            return Trouble.OVERLOADED
        case errno.ECONNRESET:
            return Trouble.DISCONNECTED
        case errno.ETIMEDOUT:
            return Trouble.TIMEOUT
        case _:
            return Trouble.NETWORK_UNREACHABLE


def _dialogue_trouble(error: Exception) -> tuple[Trouble, str]:
    """Which trouble an exception of the library stands for; it wraps the one that says so."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return Trouble.TLS_FAILED, seen.reason or ""
        if isinstance(seen, aiosmtplib.SMTPResponseException) and seen.code < 0:
            return Trouble.NOT_SMTP, seen.message
        seen = seen.__cause__ or seen.__context__
    if isinstance(error, TimeoutError | aiosmtplib.SMTPTimeoutError):
        return Trouble.TIMEOUT, ""
    return Trouble.DISCONNECTED, ""
