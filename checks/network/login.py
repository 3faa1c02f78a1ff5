"""One login at a submission server, to see whether a user name and a password are accepted.

The password travels over TLS only, to a server whose certificate was verified for the name that was asked for, and only
once: most providers lock an account after a few failures. It is in no result, no evidence and no exception that leaves
this module. No mail is begun.
"""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import aiosmtplib

from checks.network.answers import AAAA, A, CertificateState, Ehlo, Reply, Trouble, foreign
from checks.network.blame import silence
from checks.network.certificates import refusal
from checks.network.inquiry import Inquiry, Network
from checks.network.smtp import CONNECT, SUBMISSIONS_PORT, Client, dial

MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5")
"""What is used of what a server offers, best first. All three hand over the same password."""

_TOTAL = 30.0  # servers answer a wrong password late on purpose
_MOST_ADDRESSES = 2
_LEAST_CODE = 200  # RFC 5321 §4.2.1
_AUTHENTICATED = 235  # RFC 4954 §4


@dataclass(frozen=True)
class Secret:
    """A password. It shows in no ``repr``, and so in no log and no traceback."""

    text: str = field(repr=False)

    @property
    def usable(self) -> bool:
        """Whether it can be sent at all: not empty, without NUL (RFC 4616 §2), and text rather than broken octets."""
        return bool(self.text) and _is_text(self.text)

    def hidden_in(self, text: str, user: str) -> str:
        """The text without the password, in any form in which it was sent: a server may repeat what it was told."""
        plain, name = self.text.encode(), user.encode()
        forms = [base64.b64encode(each).decode() for each in (b"\0" + name + b"\0" + plain, plain)]
        for form in (*forms, self.text):
            text = text.replace(form, "…")
        return text


def _is_text(text: str) -> bool:
    return not any(each == "\0" or "\ud800" <= each <= "\udfff" for each in text)


class LoginStage(StrEnum):
    """How far a login came. Before ``AUTH`` the password was not sent."""

    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "ehlo"
    TLS = "tls"
    MECHANISM = "mechanism"
    """The server offers no mechanism that takes a password."""
    AUTH = "auth"


@dataclass(frozen=True, kw_only=True)
class LoginResult:
    """What came of a login.

    ``reply`` is the last thing the server said at ``stage``, ``trouble`` what ended the conversation before its time,
    ``certificate`` what is wrong with the certificate if that was the trouble, ``offered`` the mechanisms under TLS.
    """

    host: str
    port: int
    address: str = ""
    stage: LoginStage = LoginStage.CONNECT
    trouble: Trouble | None = None
    reply: Reply | None = None
    certificate: CertificateState | None = None
    offered: tuple[str, ...] = ()
    mechanism: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the server took the password."""
        return self.stage is LoginStage.AUTH and self.reply is not None and self.reply.code == _AUTHENTICATED


async def try_login(network: Network, host: str, port: int, user: str, password: Secret) -> LoginResult:
    """Log in once, at an address of the host that the guard lets through.

    Port 465 is TLS from the first octet (RFC 8314 §3.3); on any other port STARTTLS is a must.

    Raises:
        ValueError: the user name or the password cannot be sent.
    """
    if not password.usable or not user or not _is_text(user):
        raise ValueError("a user name and a password are needed, and neither may hold a NUL")
    result = LoginResult(host=host, port=port)
    addresses = await _addresses(network, host)
    if isinstance(addresses, Trouble):
        return replace(result, trouble=addresses)
    result = replace(result, trouble=Trouble.GUARDED)
    for address in [each for each in addresses if network.guard.permits(each, port)][:_MOST_ADDRESSES]:
        connected = await dial(network.guard, address, port, asyncio.get_running_loop().time() + CONNECT)
        result = replace(result, address=address)
        if not isinstance(connected, Trouble):
            return await _Attempt(network, replace(result, trouble=None), connected).run(user, password)
        result = replace(result, trouble=connected)
    return result


async def _addresses(network: Network, host: str) -> Sequence[str] | Trouble:
    run = Inquiry(network)
    try:
        answers = await asyncio.gather(*(run.dns(host, kind, asked_by="login") for kind in (A, AAAA)))
    finally:
        await run.close()
    found = [address for answer in answers for address in answer.records]
    return found or next((answer.why for answer in answers if answer.unknown), Trouble.NO_ADDRESS)


class _Attempt:
    """The conversation on one connection."""

    def __init__(self, network: Network, start: LoginResult, sock: socket.socket) -> None:
        self._context = network.anchors.context
        self._result = start
        self._sock = sock
        self._client = Client(
            hostname=start.host,
            sock=sock,
            use_tls=start.port == SUBMISSIONS_PORT,
            start_tls=False,
            local_hostname=network.mailer.helo,
            tls_context=self._context,
            timeout=None,
        )

    async def run(self, user: str, password: Secret) -> LoginResult:
        due = asyncio.get_running_loop().time() + _TOTAL
        try:
            async with asyncio.timeout_at(due):
                await self._converse(user, password)
        except aiosmtplib.SMTPResponseException as error:
            if error.code < _LEAST_CODE:
                self._learnt(trouble=Trouble.NOT_SMTP)
            else:
                self._learnt(reply=Reply(error.code, foreign(error.message)))
        except TimeoutError:
            self._learnt(trouble=silence(due))
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            self._failed(error)
        finally:
            self._client.close()
            self._sock.close()
        if self._result.reply is not None:
            said = self._result.reply
            self._learnt(reply=Reply(said.code, password.hidden_in(said.text, user)))
        return self._result

    async def _converse(self, user: str, password: Secret) -> None:
        self._learnt(stage=LoginStage.GREETING)
        await self._client.connect()
        self._learnt(stage=LoginStage.EHLO)
        ehlo = await self._ehlo()
        if not self._client.use_tls and ehlo is not None:
            self._learnt(stage=LoginStage.TLS)
            if ehlo.get("STARTTLS") is None:
                return
            await self._client.starttls(server_hostname=self._result.host, tls_context=self._context)
            self._learnt(stage=LoginStage.EHLO)
            ehlo = await self._ehlo()
        if ehlo is None:
            return
        if not self._is_verified():
            self._learnt(stage=LoginStage.TLS)
            return
        self._learnt(stage=LoginStage.MECHANISM, offered=ehlo.mechanisms)
        mechanism = next((each for each in MECHANISMS if each in ehlo.mechanisms), None)
        if mechanism is None:
            return
        self._learnt(stage=LoginStage.AUTH, mechanism=mechanism)
        login: dict[str, Callable[[str, str], Awaitable[aiosmtplib.SMTPResponse]]] = {
            "PLAIN": self._client.auth_plain,
            "LOGIN": self._client.auth_login,
            "CRAM-MD5": self._client.auth_crammd5,
        }
        reply = await login[mechanism](user, password.text)
        self._learnt(reply=Reply(reply.code, foreign(reply.message)))

    async def _ehlo(self) -> Ehlo | None:
        """What is offered; ``None`` if the server does not want us, which is then the result."""
        reply = await self._client.ehlo()
        ehlo = Ehlo.of(Reply(reply.code, foreign(reply.message)))
        if not ehlo.accepted:
            self._learnt(reply=ehlo.reply)
            return None
        return ehlo

    def _is_verified(self) -> bool:
        """Whether the password may travel over this connection: looked at once more, right before it does."""
        tls: ssl.SSLObject | None = self._client.get_transport_info("ssl_object")
        return tls is not None and tls.context is self._context and self._context.verify_mode is ssl.CERT_REQUIRED

    def _failed(self, error: Exception) -> None:
        seen: BaseException | None = error
        while seen is not None:
            if isinstance(seen, ssl.SSLError):
                certificate = refusal(seen) if isinstance(seen, ssl.SSLCertVerificationError) else None
                self._learnt(trouble=Trouble.TLS_FAILED, certificate=certificate, stage=LoginStage.TLS)
                return
            seen = seen.__cause__ or seen.__context__
        self._learnt(trouble=Trouble.DISCONNECTED)

    def _learnt(self, **facts: object) -> None:
        self._result = replace(self._result, **facts)  # type: ignore[arg-type] # checked by the dataclass
