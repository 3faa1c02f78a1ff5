"""What the network can answer: plain values, no sockets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, Literal, TypeVar

_MECHANISM = re.compile(r"[A-Z0-9_-]{1,20}")  # RFC 4422 §3.1

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Trouble(StrEnum):
    """Why a question has no answer. None of these says anything about the thing asked for."""

    TIMEOUT = "timeout"
    """Nobody answered in time."""
    SERVFAIL = "servfail"
    """The resolver could not get an answer (RFC 1035 §4.1.1, RCODE 2)."""
    BOGUS = "bogus"
    """The resolver refuses the answer because its DNSSEC signatures do not hold; unchecked, there is one."""
    REFUSED = "refused"
    """The name server refuses to answer us (RCODE 5)."""
    FORMERR = "formerr"
    """The name server does not understand the question (RCODE 1)."""
    LAME = "lame"
    """The name server answers, but only points elsewhere: it does not serve the zone."""
    LEADS_AWAY = "leads_away"
    """The name is an alias, and the name server asked does not know the name it stands for."""
    BAD_ANSWER = "bad_answer"
    """Something came back that is no valid answer."""
    TCP_BLOCKED = "tcp_blocked"
    """The answer is too long for UDP and TCP port 53 does not work."""
    TOO_BIG = "too_big"
    """The answer is larger than we are willing to read."""
    SERVER_UNREACHABLE = "server_unreachable"
    """No configured resolver can be reached: a fault on our side or on our network."""
    BAD_NAME = "bad_name"
    """The name cannot be asked for: an empty label, one over 63 octets, or a name over 255 (RFC 1035 §2.3.4)."""
    OVERLOADED = "overloaded"
    """We were too busy, or out of sockets: ask again."""
    ENOUGH_ASKED = "enough_asked"
    """This run has asked as many questions as one run may."""
    GUARDED = "guarded"
    """The address is private or otherwise not for the public network: we do not connect there."""
    CONNECTION_REFUSED = "connection_refused"
    """The host answered that nothing listens on the port."""
    NETWORK_UNREACHABLE = "network_unreachable"
    """There is no route from here (often: we have no IPv6)."""
    DISCONNECTED = "disconnected"
    """The server closed the connection in the middle."""
    NOT_SMTP = "not_smtp"
    """Whatever listens there does not speak SMTP."""
    TLS_FAILED = "tls_failed"
    """The TLS handshake failed."""
    NO_ADDRESS = "no_address"
    """The host name has no address to connect to."""
    HTTP_STATUS = "http_status"
    """The web server answered with something else than the document."""


class Status(StrEnum):
    """The three-valued truth of a DNS question, with "absent" told apart as RFC 2308 §2 does."""

    FOUND = "found"
    NODATA = "nodata"
    """The name exists, but has no record of this type."""
    NXDOMAIN = "nxdomain"
    """The name does not exist."""
    UNKNOWN = "unknown"
    """Could not tell; ``Answer.trouble`` says why."""


@dataclass(frozen=True)
class RecordType(Generic[T_co]):
    """A DNS record type and, through its type parameter, the value one record of it becomes."""

    name: str


@dataclass(frozen=True)
class Txt:
    """One TXT record. Its strings belong together without a space (RFC 7208 §3.3)."""

    strings: tuple[bytes, ...]

    @property
    def text(self) -> str:
        """The joined text; bytes that are no UTF-8 are shown in hexadecimal."""
        return b"".join(self.strings).decode("utf-8", "backslashreplace")


@dataclass(frozen=True, order=True)
class Mx:
    """One MX record (RFC 1035 §3.3.9); ``exchange`` is lower case without the final dot, ``""`` is the root."""

    preference: int
    exchange: str


@dataclass(frozen=True)
class Soa:
    """One SOA record (RFC 1035 §3.3.13); times in seconds."""

    mname: str
    rname: str
    serial: int
    refresh: int
    retry: int
    expire: int
    minimum: int


@dataclass(frozen=True, order=True)
class Srv:
    """One SRV record (RFC 2782); target ``""`` is the root: the service is not offered."""

    priority: int
    weight: int
    port: int
    target: str


@dataclass(frozen=True)
class Tlsa:
    """One TLSA record (RFC 6698 §2.1)."""

    usage: int
    selector: int
    matching_type: int
    data: bytes


A: RecordType[str] = RecordType("A")
AAAA: RecordType[str] = RecordType("AAAA")
CNAME: RecordType[str] = RecordType("CNAME")
NS: RecordType[str] = RecordType("NS")
PTR: RecordType[str] = RecordType("PTR")
MX: RecordType[Mx] = RecordType("MX")
SOA: RecordType[Soa] = RecordType("SOA")
SRV: RecordType[Srv] = RecordType("SRV")
TLSA: RecordType[Tlsa] = RecordType("TLSA")
TXT: RecordType[Txt] = RecordType("TXT")


@dataclass(frozen=True)
class NameServer:
    """A name server that is asked directly, at one of its addresses."""

    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Referral:
    """Where a name server points instead of answering (RFC 1034 §4.3.2): the servers of ``zone``.

    ``addresses`` are those it gave along with the names (glue).
    """

    zone: str
    servers: tuple[str, ...]
    addresses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer(Generic[T]):
    """The answer to one DNS question.

    ``canonical`` is the name at the end of the CNAME chain (the name asked for if there is none) and ``aliases`` the
    names before it. ``ttl`` is in seconds. ``authenticated`` repeats the resolver's AD bit (RFC 4035 §3.2.3): worth as
    much as the path to that resolver. ``authoritative`` is the AA bit (RFC 1035 §4.1.1) and, like ``referral``, there
    for questions put to one name server.
    """

    name: str
    status: Status
    records: tuple[T, ...] = ()
    trouble: Trouble | None = None
    canonical: str = ""
    aliases: tuple[str, ...] = ()
    ttl: int | None = None
    authenticated: bool = False
    authoritative: bool = False
    referral: Referral | None = None
    evidence: int = 0

    @property
    def found(self) -> bool:
        """Whether there is at least one record."""
        return self.status is Status.FOUND

    @property
    def absent(self) -> bool:
        """Whether it is proven that there is none."""
        return self.status in (Status.NODATA, Status.NXDOMAIN)

    @property
    def unknown(self) -> bool:
        """Whether nothing can be said."""
        return self.status is Status.UNKNOWN

    @property
    def why(self) -> Trouble:
        """The trouble, for use where ``unknown`` holds.

        Raises:
            ValueError: the question was answered.
        """
        if self.trouble is None:
            raise ValueError(f"{self.name} was answered: {self.status}")
        return self.trouble


def foreign(text: str) -> str:
    """Text in which a library marked bytes that are no UTF-8 by surrogates (PEP 383): they are shown in hexadecimal.

    A surrogate can neither be stored nor sent.
    """
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


@dataclass(frozen=True)
class Reply:
    """One SMTP reply (RFC 5321 §4.2): the code and the text of its lines joined by a line feed."""

    code: int
    text: str

    def __str__(self) -> str:
        """Show it as the server sent it."""
        return f"{self.code} {self.text}"


class CertificateState(StrEnum):
    """What a verifying client would think of the certificate."""

    TRUSTED = "trusted"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    WRONG_NAME = "wrong_name"
    UNTRUSTED = "untrusted"
    """The chain does not lead to an authority we trust: self-signed, private, or incomplete."""
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A server certificate, judged for the host name that was asked for. Dates are ISO 8601 days in UTC."""

    state: CertificateState
    names: tuple[str, ...] = ()
    issuer: str = ""
    not_before: str = ""
    not_after: str = ""
    chain: tuple[bytes, ...] = field(default=(), repr=False)
    """The certificates the server sent, leaf first, DER."""


@dataclass(frozen=True, kw_only=True)
class Tls:
    """A TLS session that was set up."""

    version: str
    cipher: str
    certificate: Certificate

    @property
    def outdated(self) -> bool:
        """Whether it is older than TLS 1.2, the least for mail (RFC 8996, RFC 8997 §3)."""
        return self.version in {"SSLv3", "TLSv1", "TLSv1.1"}


@dataclass(frozen=True)
class Ehlo:
    """The answer to EHLO: keyword in upper case to its parameters (RFC 5321 §4.1.1.1)."""

    reply: Reply
    extensions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, reply: Reply) -> Ehlo:
        """Read the reply to EHLO: the first line is a greeting, each other one an extension."""
        words = [line.split(maxsplit=1) for line in reply.text.split("\n")[1:]]
        return cls(reply, tuple((w[0].upper(), w[1].strip() if len(w) > 1 else "") for w in words if w))

    def get(self, keyword: str) -> str | None:
        """The parameters of an extension, ``""`` if it has none; ``None`` if it is not offered."""
        return next((parameters for name, parameters in self.extensions if name == keyword), None)

    @property
    def accepted(self) -> bool:
        """Whether the server agreed (RFC 5321 §4.1.1.1)."""
        return self.reply.code == 250  # noqa: PLR2004 - the only code for it

    @property
    def size(self) -> int | None:
        """The largest message in octets, 0 for no limit (RFC 1870 §4); ``None`` if no number of 1*20DIGIT is stated."""
        said = self.get("SIZE")
        number = said is not None and said.isascii() and said.isdigit() and len(said) <= 20  # noqa: PLR2004 - §3
        return int(said) if said is not None and number else None

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """The names of the SASL mechanisms offered by AUTH (RFC 4954 §3), and by ``AUTH=``, its form from before."""
        said = [f"{name} {parameters}".replace("=", " ").split() for name, parameters in self.extensions]
        named = [word.upper() for first, *words in filter(None, said) if first == "AUTH" for word in words]
        return tuple(dict.fromkeys(name for name in named if _MECHANISM.fullmatch(name)))


class Stage(StrEnum):
    """How far an SMTP conversation came."""

    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One SMTP conversation, as far as it came. ``trouble`` is what ended it before its time, at ``stage``."""

    host: str
    address: str
    port: int
    stage: Stage
    trouble: Trouble | None = None
    greeting: Reply | None = None
    ehlo: Ehlo | None = None
    starttls: Reply | None = None
    tls: Tls | None = None
    ehlo_after_tls: Ehlo | None = None
    evidence: int = 0


PAGE_LIMIT = 64 * 1024
"""Octets of a document that are read: what RFC 8461 §3.3 suggests for policies."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """The answer to one HTTPS request. Redirects are not followed: ``location`` says where one pointed."""

    url: str
    trouble: Trouble | None = None
    status: int = 0
    content_type: str = ""
    location: str = ""
    body: bytes = b""
    certificate: CertificateState | None = None
    """What is wrong with the certificate, if that is the trouble."""
    evidence: int = 0


EvidenceKind = Literal["dns", "smtp", "https"]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One question to the network and what came back.

    ``answer`` holds the lines of the answer as foreign text, ``started`` is seconds since the epoch, ``ms`` the time it
    took; ``ms`` is ``None`` while (or if for ever) unanswered. ``asked_by`` names the checks that used it.
    """

    number: int
    kind: EvidenceKind
    question: str
    answer: tuple[str, ...]
    server: str
    started: float
    ms: float | None
    asked_by: tuple[str, ...]
