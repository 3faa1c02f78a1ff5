"""The mail servers of the sandbox, each with what it announces and with the misbehaviour it is there for.

Plain asyncio streams and not aiosmtpd: what matters here are servers that break the protocol, at byte level.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from bot.sandbox.certificates import Authority, Certificate
from bot.sandbox.listener import Listener

GREYLISTED = "451 4.7.1 Greylisting in action, please come back later"
_TRICKLE_SECONDS = 0.2
_CHALLENGE = "<1896.697170952@sandbox.example>"  # RFC 2195 section 2


class StartTls(Enum):
    """What becomes of STARTTLS (RFC 3207). For a refusal say ``replies={"STARTTLS": "454 4.7.0 …"}``."""

    NONE = auto()
    """Not offered."""
    WORKS = auto()
    RUBBISH = auto()
    """220, and then an answer to the handshake that is no TLS."""
    SILENT = auto()
    """220, and then nothing."""
    INJECTED = auto()
    """Works; but in one packet with the 220 comes a plaintext reply that a client must not take for the next one."""


class MailFault(Enum):
    """How a mail server fails before it has said anything of use."""

    CLOSED = auto()
    """The port refuses."""
    FILTERED = auto()
    """The handshake of TCP never ends."""
    SILENT = auto()
    """Accepts and says nothing."""
    DROPS = auto()
    """Greets and closes."""
    TRICKLE = auto()
    """Sends one byte of a greeting every 0.2 s, for ever."""
    ENDLESS_LINES = auto()
    """Sends continuation lines of a greeting, for ever."""
    ENDLESS_BYTES = auto()
    """Sends a greeting with no end of line, for ever."""
    MANY_EXTENSIONS = auto()
    """Answers EHLO with 20,000 extensions."""
    HTTP = auto()
    """Is a web server."""


@dataclass(frozen=True, kw_only=True)
class MailHost:
    """A mail server at one address and port.

    ``size`` is announced and enforced at MAIL FROM, in octets (RFC 1870). ``auth`` mechanisms are offered under TLS,
    ``auth_before_tls`` always; a host with either wants a login before mail. ``users`` maps names to passwords.
    ``domains`` are those it takes mail for; other recipients are refused unless it is an ``open_relay`` or the client
    logged in. ``replies`` replaces the answer to a command, by its verb; ``replies_under_tls`` does so under TLS only.
    """

    name: str
    address: str
    port: int = 25
    greeting: str = ""
    greeting_delay: float = 0.0
    extensions: tuple[str, ...] = ("PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES")
    size: int | None = 35 * 1024 * 1024
    starttls: StartTls = StartTls.WORKS
    implicit_tls: bool = False
    certificate: Certificate = Certificate.GOOD
    auth: tuple[str, ...] = ()
    auth_before_tls: tuple[str, ...] = ()
    users: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    domains: tuple[str, ...] = ()
    open_relay: bool = False
    replies: Mapping[str, str] = field(default_factory=dict[str, str])
    replies_under_tls: Mapping[str, str] = field(default_factory=dict[str, str])
    fault: MailFault | None = None


@dataclass
class Conversation:
    """What one client said. ``commands`` are its lines; of AUTH only the mechanism is kept, of a message nothing."""

    host: MailHost
    commands: list[str] = field(default_factory=list[str])
    tls: bool = False
    logins: list[str] = field(default_factory=list[str])
    """The names of those who tried to log in."""
    data_attempted: bool = False
    open: bool = True

    @property
    def verbs(self) -> list[str]:
        """The commands without their arguments."""
        return [command.partition(" ")[0].upper() for command in self.commands]


class SmtpLog:
    """All conversations of a world, in the order in which they began."""

    def __init__(self) -> None:
        self.conversations: list[Conversation] = []
        self._most: dict[tuple[str, int], int] = {}

    def begin(self, host: MailHost) -> Conversation:
        """Note a new connection."""
        conversation = Conversation(host)
        self.conversations.append(conversation)
        key = (host.address, host.port)
        self._most[key] = max(self._most.get(key, 0), sum(each.open for each in self.at(*key)))
        return conversation

    def at(self, address: str, port: int = 25) -> list[Conversation]:
        """Give the conversations with one host; their number is the number of connections it saw."""
        return [each for each in self.conversations if (each.host.address, each.host.port) == (address, port)]

    def most_at_once(self, address: str, port: int = 25) -> int:
        """Say how many connections that host ever had open at the same time."""
        return self._most.get((address, port), 0)


class MailServer:
    """A ``MailHost`` on a free port of 127.0.0.1."""

    def __init__(self, host: MailHost, authority: Authority, log: SmtpLog) -> None:
        self._host = host
        self._authority = authority
        self._log = log
        self._listener = Listener(self._serve)

    async def start(self) -> tuple[str, int]:
        """Listen, and return the address."""
        return await self._listener.start()

    async def close(self) -> None:
        """Cut every conversation."""
        await self._listener.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = self._log.begin(self._host)
        try:
            await _Session(self._host, self._authority, conversation, reader, writer).run()
        finally:
            conversation.open = False


class _Session:
    """One conversation, from the greeting to the end."""

    def __init__(
        self,
        host: MailHost,
        authority: Authority,
        conversation: Conversation,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._host = host
        self._authority = authority
        self._conversation = conversation
        self._reader = reader
        self._writer = writer
        self._logged_in = False

    async def run(self) -> None:
        if self._host.implicit_tls:
            await self._secure()
        if self._host.fault is not None and await self._fail(self._host.fault):
            return
        if self._host.greeting_delay:
            await asyncio.sleep(self._host.greeting_delay)
        greeting = self._host.greeting or f"220 {self._host.name} ESMTP"
        await self._say(greeting)
        if greeting.startswith("4") or self._host.fault is MailFault.DROPS:
            return
        refusing = not greeting.startswith("2")
        while (line := await self._line()) is not None:
            self._conversation.commands.append(_without_secret(line))
            verb, _, argument = line.partition(" ")
            verb = verb.upper()
            if verb == "QUIT":
                await self._say("221 2.0.0 Bye")
                return
            if refusing:
                await self._say("503 5.5.1 Bad sequence of commands")  # RFC 5321 section 3.1
            else:
                await self._obey(verb, argument)

    async def _fail(self, fault: MailFault) -> bool:
        """Act a fault of the greeting; True if nothing follows it."""
        match fault:
            case MailFault.SILENT:
                await self._reader.read()
            case MailFault.TRICKLE:
                while True:
                    await self._send(b"2")
                    await asyncio.sleep(_TRICKLE_SECONDS)
            case MailFault.ENDLESS_LINES:
                while True:
                    await self._send(b"220-and there is more\r\n" * 500)
            case MailFault.ENDLESS_BYTES:
                while True:
                    await self._send(b"220" * 5000)
            case MailFault.HTTP:
                await self._send(
                    b"HTTP/1.1 400 Bad Request\r\nServer: web\r\nConnection: close\r\n\r\n<html></html>\r\n"
                )
            case _:
                return False
        return True

    async def _obey(self, verb: str, argument: str) -> None:
        if verb == "DATA":
            self._conversation.data_attempted = True
        replies = {**self._host.replies, **(self._host.replies_under_tls if self._conversation.tls else {})}
        if verb in replies:
            await self._say(replies[verb])
            return
        match verb:
            case "EHLO":
                await self._say_all(250, [self._host.name, *self._extensions()])
            case "HELO":
                await self._say(f"250 {self._host.name}")
            case "STARTTLS" if self._starttls_offered():
                await self._start_tls()
            case "AUTH" if self._mechanisms() or self._host.auth:
                await self._authenticate(argument)
            case "MAIL":
                await self._say(self._judge_sender(argument))
            case "RCPT":
                await self._say(self._judge_recipient(argument))
            case "DATA":
                await self._take_message()
            case "NOOP" | "RSET":
                await self._say("250 2.0.0 Ok")
            case _:
                await self._say("502 5.5.2 Command not recognized")

    def _starttls_offered(self) -> bool:
        return self._host.starttls is not StartTls.NONE and not self._conversation.tls

    def _mechanisms(self) -> tuple[str, ...]:
        return self._host.auth if self._conversation.tls and self._host.auth else self._host.auth_before_tls

    def _extensions(self) -> Iterable[str]:
        if self._host.fault is MailFault.MANY_EXTENSIONS:
            return [f"X-EXTENSION-{number}" for number in range(20_000)]
        extensions = list(self._host.extensions)
        if self._host.size is not None:
            extensions.append(f"SIZE {self._host.size}")
        if self._starttls_offered():
            extensions.append("STARTTLS")
        if self._mechanisms():
            extensions.append("AUTH " + " ".join(self._mechanisms()))
        return extensions

    async def _start_tls(self) -> None:
        match self._host.starttls:
            case StartTls.RUBBISH:
                await self._say("220 2.0.0 Ready")
                await self._reader.read(1)
                await self._send(b"This is no TLS.\r\n" * 16)
                await self._reader.read()
            case StartTls.SILENT:
                await self._say("220 2.0.0 Ready")
                await self._reader.read()
            case StartTls.INJECTED:
                await self._send(b"220 2.0.0 Ready\r\n250-injected.invalid\r\n250 AUTH PLAIN\r\n")
                await self._secure()
            case _:
                await self._say("220 2.0.0 Ready")
                await self._secure()

    async def _secure(self) -> None:
        await self._writer.start_tls(self._authority.context(self._host.name, self._host.certificate))
        self._conversation.tls = True

    async def _authenticate(self, argument: str) -> None:
        mechanism, _, initial = argument.partition(" ")
        mechanism = mechanism.upper()
        if mechanism not in self._mechanisms():
            wants_tls = mechanism in self._host.auth and not self._conversation.tls
            await self._say(
                "538 5.7.11 Encryption required" if wants_tls else "504 5.5.4 Unrecognized authentication type"
            )
            return
        try:
            if mechanism == "LOGIN":
                user = await self._challenge("Username:", initial)
                password = await self._challenge("Password:")
            elif mechanism == "PLAIN":
                _, user, password = (await self._challenge("", initial)).split("\0")
            elif mechanism == "CRAM-MD5":
                user, _, digest = (await self._challenge(_CHALLENGE)).rpartition(" ")
                known = self._host.users.get(user, "")
                password = known if digest == hmac.digest(known.encode(), _CHALLENGE.encode(), "md5").hex() else ""
            else:
                user, password = (await self._challenge("", initial)).partition("\1")[0].removeprefix("user="), ""
        except (binascii.Error, UnicodeDecodeError, ValueError):
            await self._say("501 5.5.2 Cannot decode response")
            return
        self._conversation.logins.append(user)
        self._logged_in = user in self._host.users and self._host.users[user] == password
        await self._say("235 2.7.0 Accepted" if self._logged_in else "535 5.7.8 Bad credentials")

    async def _challenge(self, text: str, initial: str = "") -> str:
        """Get one response of the client (RFC 4954 section 4), or use the initial one it sent along."""
        if initial:
            answer = initial
        else:
            await self._say(f"334 {base64.b64encode(text.encode()).decode()}")
            answer = await self._line() or ""
        return base64.b64decode(answer, validate=True).decode()

    def _judge_sender(self, argument: str) -> str:
        if (self._host.auth or self._host.auth_before_tls) and not self._logged_in:
            return "530 5.7.0 Authentication required"
        for parameter in argument.split()[1:]:
            key, _, value = parameter.partition("=")
            if (
                key.upper() == "SIZE"
                and value.isdecimal()
                and self._host.size is not None
                and int(value) > self._host.size
            ):
                return "552 5.3.4 Message size exceeds fixed limit"
        return "250 2.1.0 Ok"

    def _judge_recipient(self, argument: str) -> str:
        domain = argument.partition(">")[0].rpartition("@")[2].lower()
        if self._host.open_relay or self._logged_in or domain in self._host.domains:
            return "250 2.1.5 Ok"
        return "554 5.7.1 Relay access denied"

    async def _take_message(self) -> None:
        await self._say("354 End data with <CR><LF>.<CR><LF>")
        while (line := await self._line()) not in (".", None):
            del line
        await self._say("250 2.0.0 Queued")

    async def _line(self) -> str | None:
        """Read one line of the client; None when it has left."""
        try:
            line = await self._reader.readline()
        except ValueError as error:
            raise ConnectionAbortedError("the client's line has no end") from error
        return line.decode("utf-8", "backslashreplace").rstrip("\r\n") if line else None

    async def _say(self, reply: str) -> None:
        await self._send(reply.encode() + b"\r\n")

    async def _say_all(self, code: int, lines: Iterable[str]) -> None:
        *before, last = lines
        await self._say("\r\n".join([*(f"{code}-{line}" for line in before), f"{code} {last}"]))

    async def _send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()


def _without_secret(line: str) -> str:
    return " ".join(line.split()[:2]) if line[:5].upper() == "AUTH " else line
