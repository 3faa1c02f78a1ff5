"""Whether the mail hosts of the domain answer, and how they greet a sender.

Each of the best mail hosts is visited on port 25 as any sender would do it: greeting, EHLO (RFC 5321 §3.1, §4.1.1.1),
STARTTLS (RFC 3207). The certificate is judged apart from that, because most senders encrypt without looking at it. No
mail is ever begun.

What this machine sees is not what every sender sees. Port 25 is blocked in many networks and IPv6 is missing in many;
servers turn away addresses they do not know. Silence and refusals of us are "could not tell".

Not looked at: whether a recipient exists, whether the host relays for strangers, and policies (``mta_sts``, ``dane``).
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypedDict

from checks import domain, mx
from checks.case import has_domain
from checks.causes import Cause, Remedy
from checks.check import (
    Check,
    Day,
    Desk,
    FactsMissing,
    Finding,
    HostName,
    IpAddress,
    Keyword,
    Outcome,
    Port,
    ServerReply,
    Severity,
)
from checks.network.answers import PTR, Certificate, CertificateState, Conversation, Stage, Trouble
from checks.visits import AtAddresses, merged

SMTP = Port(25)

_NEVER_MAIL = frozenset({521, 556})  # RFC 7504

# --- Facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ReceivingHost:
    """One mail host, as seen at the address that answered best. ``None``: could not be told.

    ``reachable``: an SMTP server answered, whatever it said. ``size`` is in octets, 0 for "no limit" (RFC 1870).
    """

    name: HostName
    address: IpAddress
    port: Port = SMTP
    reachable: bool | None = None
    banner: ServerReply | None = None
    starttls: bool | None = None
    certificate: CertificateState | None = None
    size: int | None = None
    open_relay: bool | None = None
    """Never tested: it would take an attempt to send mail."""


@dataclass(frozen=True, kw_only=True)
class ReceivingFacts:
    """The mail hosts visited, best first."""

    hosts: tuple[ReceivingHost, ...]


# --- Findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ReceivingReady(Finding, severity=Severity.OK):
    """The mail hosts greet and take EHLO."""

    hosts: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class _AtHost(AtAddresses, severity=Severity.UNKNOWN):
    """What is true of one host at some of its addresses."""

    host: HostName


class ReceivingConnectionRefused(_AtHost, severity=Severity.WARNING, cause=Cause.UNREACHABLE_OR_EXPIRED):
    """Nothing listens on port 25 of a mail host: the connection was refused."""


@dataclass(frozen=True, kw_only=True)
class ReceivingOthersTakeOver(Finding, severity=Severity.NOTICE):
    """Nothing takes mail at some hosts, and senders get it to others after trying (RFC 5321 §5.1)."""

    down: tuple[HostName, ...]
    up: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class ReceivingNoneListens(Finding, severity=Severity.WARNING, cause=Cause.UNREACHABLE_OR_EXPIRED):
    """Nothing takes mail at any host of the domain: each refused the connection, or does not speak SMTP."""

    hosts: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class ReceivingNameDiffers(Finding, severity=Severity.NOTICE):
    """A host of the domain's own calls itself by a name that is not the reverse name of its address.

    Receivers compare the two if the host also sends (RFC 5321 §4.1.4).
    """

    host: HostName
    address: IpAddress
    said: HostName
    names: tuple[HostName, ...]


class ReceivingNotSmtp(_AtHost, severity=Severity.WARNING, cause=Cause.RECIPIENT_SERVER_PROBLEM):
    """Something answers on port 25 of a mail host, but it does not speak SMTP."""


@dataclass(frozen=True, kw_only=True)
class ReceivingHostTakesNoMail(_AtHost, severity=Severity.WARNING, cause=Cause.RECIPIENT_SERVER_PROBLEM):
    """A mail host says that it never takes mail (RFC 7504), while another may."""

    reply: ServerReply


@dataclass(frozen=True, kw_only=True)
class ReceivingTakesNoMail(Finding, severity=Severity.PROBLEM, cause=Cause.RECIPIENT_SERVER_PROBLEM):
    """Every mail host says that it never takes mail (RFC 7504)."""

    hosts: tuple[HostName, ...]
    reply: ServerReply


@dataclass(frozen=True, kw_only=True)
class ReceivingLimited(_AtHost, severity=Severity.UNKNOWN):
    """A mail host puts us off with a temporary error before anything was asked of it."""

    reply: ServerReply


@dataclass(frozen=True, kw_only=True)
class ReceivingRefusesUs(_AtHost, severity=Severity.UNKNOWN):
    """A mail host turns us away for good at the greeting or at EHLO, which may concern only our address."""

    reply: ServerReply


class ReceivingTimeout(_AtHost, severity=Severity.UNKNOWN):
    """The connection to port 25 of a mail host was not answered, while another host did answer."""


@dataclass(frozen=True, kw_only=True)
class ReceivingPort25BlockedHere(Finding, severity=Severity.UNKNOWN):
    """No mail host answered the connection: most likely port 25 is blocked where the checks run."""

    hosts: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class ReceivingUnknown(_AtHost, severity=Severity.UNKNOWN):
    """The conversation with a mail host came to nothing for another reason."""

    reason: Trouble


class ReceivingIpv6NotTried(_AtHost, severity=Severity.NOTICE):
    """A mail host that can be reached over IPv4 has IPv6 addresses too, to which there is no route from here."""


class ReceivingNoStarttls(_AtHost, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """A mail host does not offer STARTTLS."""


@dataclass(frozen=True, kw_only=True)
class ReceivingStarttlsRefused(_AtHost, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """A mail host offers STARTTLS and refuses it."""

    reply: ServerReply


class ReceivingTlsFailed(_AtHost, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """A mail host agrees to STARTTLS, and then the handshake fails."""


@dataclass(frozen=True, kw_only=True)
class ReceivingTlsUnknown(_AtHost, severity=Severity.UNKNOWN):
    """The conversation ended during STARTTLS without a word."""

    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class ReceivingOldTls(_AtHost, severity=Severity.NOTICE):
    """A mail host agrees on nothing newer than a TLS version that is no longer to be used (RFC 8996)."""

    version: Keyword


@dataclass(frozen=True, kw_only=True)
class ReceivingCertificateExpired(_AtHost, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """The certificate of a mail host has expired."""

    not_after: Day


@dataclass(frozen=True, kw_only=True)
class ReceivingCertificateNotYetValid(_AtHost, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """The certificate of a mail host is not valid yet."""

    not_before: Day


@dataclass(frozen=True, kw_only=True)
class ReceivingCertificateWrongName(_AtHost, severity=Severity.NOTICE):
    """The certificate of a mail host is made for other names."""

    names: tuple[HostName, ...]


class ReceivingCertificateUntrusted(_AtHost, severity=Severity.NOTICE):
    """The certificate of a mail host is self-signed, of a private authority, or sent without its chain."""


class ReceivingCertificateUnreadable(_AtHost, severity=Severity.NOTICE):
    """What a mail host shows as its certificate cannot be read."""


@dataclass(frozen=True, kw_only=True)
class ReceivingNotAllAddresses(Finding, severity=Severity.NOTICE):
    """Not every mail host, or not every address of one, was visited."""

    hosts: tuple[HostName, ...]
    addresses: tuple[IpAddress, ...]


class ReceivingNoHost(Finding, severity=Severity.NOTICE):
    """There is no mail host to visit."""


# --- Procedure -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Visit:
    """One mail host and the conversations held with it."""

    host: HostName
    known: mx.Addresses
    talks: Sequence[Conversation]


class _At(TypedDict):
    host: HostName
    addresses: tuple[IpAddress, ...]
    evidence: tuple[int, ...]


async def run(desk: Desk) -> Outcome[ReceivingFacts]:
    """Visit the best mail hosts, each as soon as its own addresses are known."""
    every = await mx.hosts(desk)
    nearest, others = every[: mx.NEAREST_HOSTS], every[mx.NEAREST_HOSTS :]
    visits = await asyncio.gather(*(_visit(desk, HostName(host.exchange)) for host in nearest))
    talks = tuple(talk for visit in visits for talk in visit.talks)
    if not talks:
        if any(visit.known.trouble for visit in visits):
            raise FactsMissing(mx.CHECK)
        return Outcome(ReceivingFacts(hosts=()), (ReceivingNoHost(),))

    findings = [*_ready(visits), *merged(_judged(talks)), *_fallen(visits)]
    findings += await _named(desk, talks)
    visited = {talk.address for talk in talks}
    unseen = tuple(dict.fromkeys(ip for visit in visits for ip in visit.known.found if ip not in visited))
    if others or unseen:
        names = tuple(HostName(host.exchange) for host in others)
        findings.append(ReceivingNotAllAddresses(hosts=names, addresses=unseen))
    return Outcome(ReceivingFacts(hosts=tuple(_fact(visit) for visit in visits if visit.talks)), tuple(findings))


async def _visit(desk: Desk, host: HostName) -> _Visit:
    known = await mx.addresses(desk, host)
    talks = await asyncio.gather(*(desk.smtp(host, ip, SMTP) for ip in mx.visited(known.found)))
    return _Visit(host=host, known=known, talks=talks)


def _is_ready(talk: Conversation) -> bool:
    return talk.ehlo is not None and talk.ehlo.accepted


def _ready(visits: Iterable[_Visit]) -> Iterator[Finding]:
    good = [(visit.host, talk) for visit in visits for talk in visit.talks if _is_ready(talk)]
    if good:
        yield ReceivingReady(
            hosts=tuple(dict.fromkeys(host for host, _ in good)),
            evidence=tuple(talk.evidence for _, talk in good),
        )


def _fallen(visits: Sequence[_Visit]) -> Iterator[Finding]:
    """Say what becomes of the mail where nothing takes it at one host or at all."""
    deaf = (Trouble.CONNECTION_REFUSED, Trouble.NOT_SMTP)
    down = [visit for visit in visits if visit.talks and all(talk.trouble in deaf for talk in visit.talks)]
    up = tuple(visit.host for visit in visits if any(_is_ready(talk) for talk in visit.talks))
    names = tuple(visit.host for visit in down)
    evidence = tuple(talk.evidence for visit in down for talk in visit.talks)
    if down and up:
        yield ReceivingOthersTakeOver(down=names, up=up, evidence=evidence)
    elif down and len(down) == len(visits):
        yield ReceivingNoneListens(hosts=names, evidence=evidence)


async def _named(desk: Desk, talks: Sequence[Conversation]) -> list[Finding]:
    """Compare the names by which hosts greet with the reverse names of their addresses.

    Only hosts with a name in the domain, and the sending address: those of big providers do not send by the same name.
    """
    name = desk.case.domain
    own = [
        talk
        for talk in talks
        if _is_ready(talk) and (talk.address == desk.case.sender_ip or f".{talk.host}".endswith(f".{name}"))
    ]
    pointers = await asyncio.gather(
        *(desk.dns(ipaddress.ip_address(talk.address).reverse_pointer, PTR) for talk in own)
    )
    findings: list[Finding] = []
    for talk, pointer in zip(own, pointers, strict=True):
        said = (talk.ehlo.reply.text if talk.ehlo else "").split(maxsplit=1)[:1]
        if pointer.found and said and said[0].lower().removesuffix(".") not in pointer.records:
            findings.append(
                ReceivingNameDiffers(
                    host=HostName(talk.host),
                    address=IpAddress(talk.address),
                    said=HostName(said[0]),
                    names=tuple(HostName(each) for each in pointer.records),
                    evidence=(talk.evidence, pointer.evidence),
                )
            )
    return findings


def _judged(talks: Sequence[Conversation]) -> Iterator[Finding]:
    evidence = tuple(talk.evidence for talk in talks)
    names = tuple(dict.fromkeys(HostName(talk.host) for talk in talks))
    silent = [talk for talk in talks if talk.stage is Stage.CONNECT and talk.trouble is Trouble.TIMEOUT]
    unrouted = [talk for talk in talks if talk.trouble is Trouble.NETWORK_UNREACHABLE]
    answered = any(talk.stage is not Stage.CONNECT or talk.trouble is Trouble.CONNECTION_REFUSED for talk in talks)
    if silent and not answered:
        yield ReceivingPort25BlockedHere(
            hosts=tuple(dict.fromkeys(HostName(t.host) for t in silent)), evidence=evidence
        )
        talks = [talk for talk in talks if talk not in silent and talk not in unrouted]
    never = [talk.greeting for talk in talks if talk.greeting and talk.greeting.code in _NEVER_MAIL]
    if never and len(never) == len(talks):
        yield ReceivingTakesNoMail(hosts=names, reply=ServerReply(str(never[0])), evidence=evidence)
        return
    over_ipv4 = {talk.host for talk in talks if _is_ready(talk) and ":" not in talk.address}
    for talk in talks:
        if talk in unrouted and ":" in talk.address and talk.host in over_ipv4:
            yield ReceivingIpv6NotTried(**_at(talk))
        elif _is_ready(talk):
            yield from _encryption(talk)
        else:
            yield _unready(talk)


def _unready(talk: Conversation) -> Finding:
    """Judge a conversation that did not get past EHLO: it ended by a reply, or by trouble."""
    at = _at(talk)
    reply = talk.ehlo.reply if talk.ehlo else talk.greeting
    if talk.trouble is None and reply is not None:
        said = ServerReply(str(reply))
        if reply.code in _NEVER_MAIL and not talk.ehlo:
            return ReceivingHostTakesNoMail(reply=said, **at)
        if reply.code < 500:  # noqa: PLR2004 - RFC 5321 §4.2.1: 4 is for now, 5 is for good
            return ReceivingLimited(reply=said, **at)
        return ReceivingRefusesUs(reply=said, **at)
    match talk.trouble:
        case Trouble.CONNECTION_REFUSED:
            return ReceivingConnectionRefused(**at)
        case Trouble.NOT_SMTP:
            return ReceivingNotSmtp(**at)
        case Trouble.TIMEOUT if talk.stage is Stage.CONNECT:
            return ReceivingTimeout(**at)
        case trouble:
            return ReceivingUnknown(reason=trouble or Trouble.DISCONNECTED, **at)


def _encryption(talk: Conversation) -> Iterator[Finding]:
    at = _at(talk)
    if talk.tls is not None:
        if talk.tls.outdated:
            yield ReceivingOldTls(version=Keyword(talk.tls.version), **at)
        yield from _certificate(talk.tls.certificate, at)
    elif talk.stage is Stage.DONE:
        yield ReceivingNoStarttls(**at)
    elif talk.trouble is Trouble.TLS_FAILED:
        yield ReceivingTlsFailed(**at)
    elif talk.starttls is not None and talk.trouble is None:
        yield ReceivingStarttlsRefused(reply=ServerReply(str(talk.starttls)), **at)
    if talk.trouble not in (None, Trouble.TLS_FAILED):
        yield ReceivingTlsUnknown(reason=talk.trouble, **at)


def _certificate(certificate: Certificate, at: _At) -> Iterator[Finding]:
    match certificate.state:
        case CertificateState.TRUSTED:
            return
        case CertificateState.EXPIRED:
            yield ReceivingCertificateExpired(not_after=Day(certificate.not_after), **at)
        case CertificateState.NOT_YET_VALID:
            yield ReceivingCertificateNotYetValid(not_before=Day(certificate.not_before), **at)
        case CertificateState.WRONG_NAME:
            yield ReceivingCertificateWrongName(names=tuple(HostName(name) for name in certificate.names), **at)
        case CertificateState.UNTRUSTED:
            yield ReceivingCertificateUntrusted(**at)
        case _:
            yield ReceivingCertificateUnreadable(**at)


def _at(talk: Conversation) -> _At:
    return _At(host=HostName(talk.host), addresses=(IpAddress(talk.address),), evidence=(talk.evidence,))


def _fact(visit: _Visit) -> ReceivingHost:
    talk = max(visit.talks, key=lambda talk: (_is_ready(talk), talk.tls is not None, talk.greeting is not None))
    reachable = None
    if talk.greeting is not None:
        reachable = True
    elif talk.trouble in (Trouble.CONNECTION_REFUSED, Trouble.NOT_SMTP):
        reachable = False
    starttls = None
    if talk.tls is not None:
        starttls = True
    elif _is_ready(talk) and talk.trouble in (None, Trouble.TLS_FAILED):
        starttls = False
    return ReceivingHost(
        name=visit.host,
        address=IpAddress(talk.address),
        reachable=reachable,
        banner=ServerReply(str(talk.greeting)) if talk.greeting else None,
        starttls=starttls,
        certificate=talk.tls.certificate.state if talk.tls else None,
        size=said.size if (said := talk.ehlo_after_tls or talk.ehlo) else None,
    )


CHECK: Check[ReceivingFacts] = Check(
    name="receiving",
    remedy=Remedy.NETWORK,
    applies=has_domain,
    needs=(domain.CHECK, mx.CHECK),
    findings=(
        ReceivingReady,
        ReceivingConnectionRefused,
        ReceivingOthersTakeOver,
        ReceivingNoneListens,
        ReceivingNameDiffers,
        ReceivingNotSmtp,
        ReceivingHostTakesNoMail,
        ReceivingTakesNoMail,
        ReceivingLimited,
        ReceivingRefusesUs,
        ReceivingTimeout,
        ReceivingPort25BlockedHere,
        ReceivingUnknown,
        ReceivingIpv6NotTried,
        ReceivingNoStarttls,
        ReceivingStarttlsRefused,
        ReceivingTlsFailed,
        ReceivingTlsUnknown,
        ReceivingOldTls,
        ReceivingCertificateExpired,
        ReceivingCertificateNotYetValid,
        ReceivingCertificateWrongName,
        ReceivingCertificateUntrusted,
        ReceivingCertificateUnreadable,
        ReceivingNotAllAddresses,
        ReceivingNoHost,
    ),
    budget=16.0,
    rfcs=("RFC 1870", "RFC 3207", "RFC 5321", "RFC 7504", "RFC 8996"),
    run=run,
)
