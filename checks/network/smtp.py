"""SMTP conversations: what a mail server shows to anybody, without ever naming a mail.

The connection goes to an address that was resolved and judged before; the TLS name is set by us. Nothing beyond EHLO
and STARTTLS is sent.

A server is never talked to twice at a time. Runs that want the same conversation while none has begun, or one that
began after they did themselves, get the same one: so a server that many runs ask about is not kept busy, and nobody is
told what was true before he asked.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from typing import TypeVar
from weakref import WeakValueDictionary

import aiosmtplib

from checks.network.answers import Conversation, Ehlo, Reply, Stage, Trouble, foreign
from checks.network.blame import silence, unconnected
from checks.network.certificates import TrustAnchors, session, unverified_context
from checks.network.guard import Guard

T = TypeVar("T")

SUBMISSIONS_PORT = 465
"""TLS from the first octet (RFC 8314 §3.3)."""

CONNECT = 5.0
"""Seconds for a connection to come about."""
_GREETING = 12.0  # servers delay their greeting on purpose, to see who cannot wait
_REPLY = 6.0
_TOTAL = 20.0  # for all of it: a slow server costs us a deadline, not a conversation without end
_LEAST_CODE = 200  # RFC 5321 §4.2.1: replies begin with 2, 3, 4 or 5


@dataclass(eq=False)
class Talk:
    """One conversation, waiting for its turn or being held: what was learnt so far, and its transcript.

    ``started`` is when it began, in seconds since the epoch, and ``clock`` the same in monotonic seconds; ``callers``
    is how many have asked for it.
    """

    conversation: Conversation
    lines: list[str] = field(default_factory=list[str])
    turn: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it has begun."""
    started: float = 0.0
    clock: float = 0.0
    callers: int = 0
    attending: int = 0
    task: asyncio.Task[None] = field(init=False)

    @property
    def transcript(self) -> tuple[str, ...]:
        """What was said on both sides, and whether it was for several runs."""
        shared = (f"* one conversation for {self.callers} runs",) if self.callers > 1 else ()
        return (*shared, *self.lines)

    async def over(self) -> Conversation:
        """Wait until it is over."""
        await asyncio.shield(self.task)
        return self.conversation

    ends: float = 0.0
    """When it must have ended, by the clock of the event loop."""
    due: float = 0.0
    """When what is being waited for is due."""

    def begin(self) -> None:
        """Take note that its turn has come. Waiting for it has cost nothing of the time there is."""
        self.started, self.clock = time.time(), time.monotonic()
        self.ends = asyncio.get_running_loop().time() + _TOTAL
        self.turn.set()

    def is_fresh(self, since: float) -> bool:
        """Whether it did not begin before a time, in monotonic seconds."""
        return not self.turn.is_set() or self.clock >= since

    async def wait(self, seconds: float, coming: Awaitable[T]) -> T:
        """Wait for something, but not for ever.

        Raises:
            TimeoutError: it did not come; ``due`` says when it should have.
        """
        self.due = min(asyncio.get_running_loop().time() + seconds, self.ends)
        async with asyncio.timeout_at(self.due):
            return await coming

    def learnt(self, **facts: object) -> None:
        """Keep facts."""
        self.conversation = replace(self.conversation, **facts)  # type: ignore[arg-type] # checked by the dataclass

    def ended(self, trouble: Trouble, detail: str = "") -> None:
        """Keep what ended it before its time."""
        self.conversation = replace(self.conversation, trouble=trouble)
        self.lines.append(f"{trouble.value.upper()} {detail}".rstrip())

    def heard(self, code: int, text: str) -> Reply:
        """Keep a reply."""
        text = foreign(text)
        self.lines += [f"{code} {line}" for line in text.splitlines()[:40]] or [str(code)]
        return Reply(code, text)


class Client(aiosmtplib.SMTP):
    """Gives its connection back at once, also where the library itself gives up.

    An orderly end of TLS would wait for the server, for half a minute if it is silent, and hold the socket meanwhile.
    """

    def close(self) -> None:
        """End the connection."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()
        super().close()


class Mailer:
    """Holds conversations, at most one at a time with any one port of an address.

    Another port is another service. If those of one machine waited for each other, the way mail is handed in would take
    three conversations in a row wherever it is also the mail host.
    """

    def __init__(self, guard: Guard, anchors: TrustAnchors, helo: str) -> None:
        self._guard = guard
        self._anchors = anchors
        self.helo = helo
        self._context = unverified_context()
        self._busy: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # held by those who use or want it
        self._talks: dict[tuple[str, str, int], Talk] = {}  # the latest of each kind, while somebody wants it

    def call(self, host: str, address: str, port: int, *, since: float) -> Talk:
        """Have a conversation held up to EHLO after TLS, or join one that did not begin before ``since``.

        ``since`` is in monotonic seconds. Whoever calls has to leave, when it is over or before.
        """
        key = (host, address, port)
        talk = self._talks.get(key)
        if talk is None or not talk.is_fresh(since):
            talk = self._talks[key] = Talk(Conversation(host=host, address=address, port=port, stage=Stage.CONNECT))
            talk.task = asyncio.create_task(self._converse(talk))
        talk.callers += 1
        talk.attending += 1
        return talk

    def leave(self, talk: Talk) -> None:
        """Want no more of a conversation. When the last one leaves, it ends if it has not, and nobody can join it."""
        talk.attending -= 1
        if talk.attending:
            return
        key = (talk.conversation.host, talk.conversation.address, talk.conversation.port)
        if self._talks.get(key) is talk:
            del self._talks[key]
        talk.task.cancel()

    async def _converse(self, talk: Talk) -> None:
        """Fill ``talk``, which keeps what it has when this is cancelled."""
        host, address, port = talk.conversation.host, talk.conversation.address, talk.conversation.port
        if not self._guard.permits(address, port):
            talk.begin()
            talk.ended(Trouble.GUARDED)
            return
        async with self._busy.setdefault(f"{address} {port}", asyncio.Lock()):
            talk.begin()
            sock = await self._connect(talk, address, port)
            if sock is None:
                return
            client = Client(
                hostname=host,
                sock=sock,
                use_tls=port == SUBMISSIONS_PORT,
                start_tls=False,
                local_hostname=self.helo,
                validate_certs=False,
                tls_context=self._context,
                timeout=None,  # Talk.wait knows better: it sees whether we were late ourselves
            )
            orderly = False
            try:
                await self._dialogue(client, talk, host)
                orderly = talk.conversation.trouble is None
            finally:
                _hang_up(client, sock, orderly=orderly)

    async def _connect(self, talk: Talk, address: str, port: int) -> socket.socket | None:
        talk.due = min(asyncio.get_running_loop().time() + CONNECT, talk.ends)
        reached = await dial(self._guard, address, port, talk.due)
        if isinstance(reached, Trouble):
            talk.ended(reached)
            return None
        return reached

    async def _dialogue(self, client: aiosmtplib.SMTP, talk: Talk, host: str) -> None:
        talk.learnt(stage=Stage.GREETING)
        try:
            greeting = await talk.wait(_GREETING, client.connect())
            talk.learnt(greeting=talk.heard(greeting.code, greeting.message), stage=Stage.EHLO)
            if client.use_tls:
                self._secured(client, talk, host)
            ehlo = await self._ehlo(client, talk)
            talk.learnt(ehlo=ehlo)
            if ehlo.get("STARTTLS") is None:
                talk.learnt(stage=Stage.DONE)
                return
            talk.learnt(stage=Stage.STARTTLS)
            talk.lines.append("> STARTTLS")
            starting = client.starttls(server_hostname=host, validate_certs=False, tls_context=self._context)
            reply = await talk.wait(_REPLY, starting)
            talk.learnt(starttls=talk.heard(reply.code, reply.message))
            self._secured(client, talk, host)
            talk.learnt(ehlo_after_tls=await self._ehlo(client, talk), stage=Stage.DONE)
        except aiosmtplib.SMTPResponseException as error:
            self._refused(talk, error)
        except TimeoutError:
            talk.ended(silence(talk.due))
        except (aiosmtplib.SMTPException, OSError) as error:
            talk.ended(*_dialogue_trouble(error))
        except ValueError as error:  # by ssl, for a host whose name cannot be the name of a certificate
            talk.ended(Trouble.TLS_FAILED, str(error))

    def _refused(self, talk: Talk, error: aiosmtplib.SMTPResponseException) -> None:
        """A reply that is no agreement, or no reply at all: the library gives those code -1."""
        if error.code < _LEAST_CODE:
            talk.ended(*_no_reply(error))
            return
        reply = talk.heard(error.code, error.message)
        if talk.conversation.stage is Stage.GREETING:
            talk.learnt(greeting=reply)
        else:
            talk.learnt(starttls=reply)

    async def _ehlo(self, client: aiosmtplib.SMTP, talk: Talk) -> Ehlo:
        talk.lines.append(f"> EHLO {self.helo}")
        try:
            reply = await talk.wait(_REPLY, client.ehlo())
        except aiosmtplib.SMTPHeloError as error:
            if error.code < _LEAST_CODE:
                raise
            return Ehlo(talk.heard(error.code, error.message))
        return Ehlo.of(talk.heard(reply.code, reply.message))

    def _secured(self, client: aiosmtplib.SMTP, talk: Talk, host: str) -> None:
        ssl_object: ssl.SSLObject | None = client.get_transport_info("ssl_object")
        if ssl_object is None:
            raise ConnectionResetError(errno.ECONNRESET, "the connection was lost")
        tls = session(ssl_object, self._anchors, host)
        talk.learnt(tls=tls)
        talk.lines.append(f"{tls.version} {tls.cipher}, certificate: {tls.certificate.state.value}")


async def dial(guard: Guard, address: str, port: int, due: float) -> socket.socket | Trouble:
    """Connect to an address that was judged before; ``due`` is when to give up, by the clock of the event loop."""
    target, target_port = guard.endpoint(address, port)
    sock = None
    try:
        family = socket.AF_INET6 if ":" in target else socket.AF_INET
        # asyncio turns Nagle's algorithm off only where the protocol is named. With it, the EHLO after TLS would wait
        # for the server to acknowledge the end of the handshake.
        sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        sock.setblocking(False)  # noqa: FBT003 - the name says it
        async with asyncio.timeout_at(due):
            await asyncio.get_running_loop().sock_connect(sock, (target, target_port))
    except BaseException as error:
        if sock is not None:
            sock.close()
        if not isinstance(error, OSError):
            raise
        return silence(due) if isinstance(error, TimeoutError) else unconnected(error, target)
    return sock


def _hang_up(client: aiosmtplib.SMTP, sock: socket.socket, *, orderly: bool) -> None:
    """Give the socket back; after an orderly conversation say good-bye, without waiting for the answer.

    Servers punish clients that speak before their turn.
    """
    if orderly and isinstance(client.transport, asyncio.WriteTransport) and not client.transport.is_closing():
        client.transport.write(b"QUIT\r\n")
    client.close()
    if client.transport is None:
        sock.close()


def _no_reply(error: aiosmtplib.SMTPResponseException) -> tuple[Trouble, str]:
    said = foreign(error.message)
    return (Trouble.TOO_BIG if said == "Response too long" else Trouble.NOT_SMTP), said


def _dialogue_trouble(error: Exception) -> tuple[Trouble, str]:
    """Which trouble an exception of the library stands for; it wraps the one that says so."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return Trouble.TLS_FAILED, seen.reason or ""
        seen = seen.__cause__ or seen.__context__
    return Trouble.DISCONNECTED, ""
