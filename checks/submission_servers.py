"""What each submission server shows: whether it answers, how it encrypts, what it takes for a login.

The other half of ``submission``: from conversations to findings and facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from checks import mx
from checks.check import Day, Finding, HostName, IpAddress, Keyword, Limit, Port, ServerReply
from checks.network.answers import Certificate, CertificateState, Conversation, Ehlo, Reply, Stage, Trouble
from checks.submission_discovery import SUBMISSION, SUBMISSIONS, Encryption, Setting, Source, in_words, username_of
from checks.submission_findings import (
    SubmissionAuthInClear,
    SubmissionCertificateExpired,
    SubmissionCertificateNotYetValid,
    SubmissionCertificateUnreadable,
    SubmissionCertificateUntrusted,
    SubmissionCertificateWrongName,
    SubmissionConnectionRefused,
    SubmissionHostNotFound,
    SubmissionHostUnknown,
    SubmissionLimited,
    SubmissionLimits,
    SubmissionNoAuth,
    SubmissionNoPasswordMechanism,
    SubmissionNoStarttls,
    SubmissionNothingReachable,
    SubmissionNotSmtp,
    SubmissionOauthOnly,
    SubmissionOldTls,
    SubmissionOtherName,
    SubmissionOtherPortClosed,
    SubmissionReady,
    SubmissionRefusesUs,
    SubmissionStarttlsRefused,
    SubmissionTimeout,
    SubmissionTlsFailed,
    SubmissionUnknown,
    SubmissionWrongTlsMode,
)

PORTS = (SUBMISSIONS, SUBMISSION)

_PERMANENT = 500  # RFC 5321 §4.2.1: 4 is for now, 5 is for good
_IN_CLEAR = frozenset({"PLAIN", "LOGIN"})
_OAUTH = frozenset({"XOAUTH2", "OAUTHBEARER"})
_PASSWORD = _IN_CLEAR | {"CRAM-MD5", "DIGEST-MD5", "NTLM"}
_NO_SERVER = frozenset({Trouble.CONNECTION_REFUSED, Trouble.NOT_SMTP})
"""What proves that no mail server is there: silence proves nothing."""
_OURS = frozenset({Trouble.OVERLOADED, Trouble.ENOUGH_ASKED})
_LIMIT = re.compile(r"[1-9][0-9]{0,5}")  # RFC 9422 §4

# --- Facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Server:
    """One port of one server, as seen at the address that answered best. ``None``: could not be told.

    ``auth`` are the mechanisms offered under TLS, ``auth_before_tls`` those offered without. ``size`` is in octets, 0
    for "no limit" (RFC 1870). ``reachable``: an SMTP server answered from here, whatever it said.
    """

    host: HostName
    port: Port
    source: Source
    reachable: bool | None = None
    tls: Encryption | None = None
    tls_version: Keyword | None = None
    certificate: CertificateState | None = None
    auth: tuple[Keyword, ...] | None = None
    auth_before_tls: tuple[Keyword, ...] | None = None
    size: int | None = None


@dataclass(frozen=True, kw_only=True)
class SubmissionFacts:
    """The servers, best first; those under usual names only where one was found. ``provider``: its id in our data."""

    servers: tuple[Server, ...]
    provider: Keyword | None = None


# --- Visits ---


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One server, what is published about it, and the conversations held with it."""

    host: HostName
    settings: tuple[Setting, ...]
    known: mx.Addresses
    talks: Sequence[Conversation] = ()

    @property
    def source(self) -> Source:
        """How the server is known, by the best of the sources."""
        return min((each.source for each in self.settings), key=[*Source].index)

    @property
    def published(self) -> frozenset[int]:
        """The ports somebody names."""
        return frozenset(each.port for each in self.settings if not each.source.guessed)

    @property
    def found(self) -> bool:
        """Whether a mail server answered."""
        return any(talk.greeting is not None for talk in self.talks)


class _At(TypedDict):
    host: HostName
    port: Port
    addresses: tuple[IpAddress, ...]
    evidence: tuple[int, ...]


# --- How the servers answer -------------------------------------------------------------------------------------------


def untold(visits: Iterable[Visit]) -> Iterator[Finding]:
    """What is only known to be unknown, of servers that are published and of those that are not."""
    for visit in visits:
        if visit.known.trouble and not visit.known.found:
            yield SubmissionHostUnknown(host=visit.host, reason=visit.known.trouble, evidence=visit.known.evidence)
        if not (visit.published or visit.found):
            for talk in visit.talks:
                if talk.trouble is not None and talk.trouble in _OURS:
                    yield SubmissionUnknown(reason=talk.trouble, **_at(talk))


def of_visits(visits: Sequence[Visit]) -> Iterator[Finding]:
    """Judge the servers that are published, and those that were found."""
    talks = [talk for visit in visits for talk in visit.talks]
    silent = [talk for talk in talks if _is_silent(talk)]
    answered = any(talk.stage is not Stage.CONNECT or talk.trouble is Trouble.CONNECTION_REFUSED for talk in talks)
    left_out: list[Conversation] = []
    if silent and not answered:
        left_out = [talk for talk in talks if talk in silent or talk.trouble is Trouble.NETWORK_UNREACHABLE]
        yield SubmissionNothingReachable(
            hosts=tuple(dict.fromkeys(HostName(talk.host) for talk in silent)),
            evidence=tuple(talk.evidence for talk in silent),
        )
    for visit in visits:
        yield from _of_visit(visit, left_out)


def _of_visit(visit: Visit, left_out: Sequence[Conversation]) -> Iterator[Finding]:
    if not visit.known.found and not visit.known.trouble:
        yield SubmissionHostNotFound(host=visit.host, source=Keyword(visit.source.value), evidence=visit.known.evidence)
    over_ipv4 = {talk.port for talk in visit.talks if _is_ready(talk) and ":" not in talk.address}
    for talk in visit.talks:
        if talk in left_out or (talk.trouble is Trouble.NETWORK_UNREACHABLE and talk.port in over_ipv4):
            continue  # said already, or its other address stands for it: there is no IPv6 here
        if _is_ready(talk):
            yield from _encryption(talk, visit)
            yield from _login(talk, visit)
            yield from _limits(talk)
        elif talk.port in visit.published or talk.trouble not in {*_NO_SERVER, Trouble.TIMEOUT}:
            yield _unready(talk)
    ready = [talk.port for talk in visit.talks if _is_ready(talk)]
    for port in PORTS:
        tried = [talk for talk in visit.talks if talk.port == port]
        if ready and tried and port not in visit.published and all(talk.trouble in _NO_SERVER for talk in tried):
            yield SubmissionOtherPortClosed(
                host=visit.host,
                open=Port(ready[0]),
                closed=port,
                evidence=tuple(talk.evidence for talk in tried),
            )
    if good := [talk for talk in visit.talks if works(talk)]:
        yield SubmissionReady(
            host=visit.host,
            settings=tuple(dict.fromkeys(in_words(talk.port) for talk in good)),
            mechanisms=_mechanisms(_offered(good[0])),
            source=Keyword(visit.source.value),
            username=username_of(visit.settings),
            evidence=tuple(talk.evidence for talk in good),
        )


def _is_ready(talk: Conversation) -> bool:
    return talk.ehlo is not None and talk.ehlo.accepted


def _is_silent(talk: Conversation) -> bool:
    return talk.stage is Stage.CONNECT and talk.trouble is Trouble.TIMEOUT


def works(talk: Conversation) -> bool:
    """Whether a mail program with a password could log in here."""
    return (
        talk.tls is not None
        and not talk.tls.outdated
        and talk.tls.certificate.state is CertificateState.TRUSTED
        and any(_takes_password(name) for name in _mechanisms(_offered(talk)))
    )


def _offered(talk: Conversation) -> Ehlo | None:
    """What is offered under TLS."""
    ehlo = talk.ehlo if talk.port == SUBMISSIONS else talk.ehlo_after_tls
    return ehlo if ehlo is not None and ehlo.accepted else None


def _mechanisms(ehlo: Ehlo | None) -> tuple[Keyword, ...]:
    return tuple(map(Keyword, ehlo.mechanisms)) if ehlo else ()


def _takes_password(mechanism: str) -> bool:
    return mechanism in _PASSWORD or mechanism.startswith("SCRAM-")


def _unready(talk: Conversation) -> Finding:
    """Judge a conversation that did not get past EHLO: it ended by a reply, or by trouble."""
    at = _at(talk)
    reply = talk.ehlo.reply if talk.ehlo else talk.greeting
    if talk.trouble is None and reply is not None:
        return _put_off(reply, at)
    match talk.trouble:
        case Trouble.CONNECTION_REFUSED:
            return SubmissionConnectionRefused(**at)
        case Trouble.NOT_SMTP:
            return SubmissionNotSmtp(**at)
        case Trouble.TLS_FAILED:
            return SubmissionTlsFailed(**at)
        case Trouble.TIMEOUT if talk.stage is Stage.CONNECT:
            return SubmissionTimeout(**at)
        case trouble:
            return SubmissionUnknown(reason=trouble or Trouble.DISCONNECTED, **at)


def _put_off(reply: Reply, at: _At) -> Finding:
    code = SubmissionLimited if reply.code < _PERMANENT else SubmissionRefusesUs
    return code(reply=ServerReply(str(reply)), **at)


def _encryption(talk: Conversation, visit: Visit) -> Iterator[Finding]:
    at = _at(talk)
    if talk.tls is not None:
        if talk.tls.outdated:
            yield SubmissionOldTls(version=Keyword(talk.tls.version), **at)
        yield from _certificate(talk.tls.certificate, at, guessed=not visit.published)
        way = Encryption.IMPLICIT if talk.port == SUBMISSIONS else Encryption.STARTTLS
        for each in visit.settings:
            if each.port == talk.port and each.tls is not way and not each.source.guessed:
                yield SubmissionWrongTlsMode(
                    host=visit.host,
                    port=each.port,
                    published=Keyword(each.tls.value),
                    source=Keyword(each.source.value),
                    evidence=(*each.evidence, *at["evidence"]),
                )
        if talk.ehlo_after_tls is not None and _offered(talk) is None and talk.port != SUBMISSIONS:
            yield _put_off(talk.ehlo_after_tls.reply, at)
    elif talk.stage is Stage.DONE:
        yield SubmissionNoStarttls(**at)
    elif talk.trouble is Trouble.TLS_FAILED:
        yield SubmissionTlsFailed(**at)
    elif talk.starttls is not None and talk.trouble is None:
        yield SubmissionStarttlsRefused(reply=ServerReply(str(talk.starttls)), **at)
    if talk.trouble not in (None, Trouble.TLS_FAILED):
        yield SubmissionUnknown(reason=talk.trouble, **at)


def _certificate(certificate: Certificate, at: _At, *, guessed: bool) -> Iterator[Finding]:
    names = tuple(HostName(name) for name in certificate.names)
    match certificate.state:
        case CertificateState.TRUSTED:
            return
        case CertificateState.EXPIRED:
            yield SubmissionCertificateExpired(not_after=Day(certificate.not_after), **at)
        case CertificateState.NOT_YET_VALID:
            yield SubmissionCertificateNotYetValid(not_before=Day(certificate.not_before), **at)
        case CertificateState.WRONG_NAME:
            yield (SubmissionOtherName if guessed else SubmissionCertificateWrongName)(names=names, **at)
        case CertificateState.UNTRUSTED:
            yield SubmissionCertificateUntrusted(**at)
        case _:
            yield SubmissionCertificateUnreadable(**at)


def _login(talk: Conversation, visit: Visit) -> Iterator[Finding]:
    at = _at(talk)
    before = () if talk.port == SUBMISSIONS else _mechanisms(talk.ehlo)
    if exposed := tuple(name for name in before if name in _IN_CLEAR):
        yield SubmissionAuthInClear(mechanisms=exposed, **at)
    offered = _mechanisms(_offered(talk))
    if _offered(talk) is None or any(_takes_password(name) for name in offered):
        return
    if not offered:
        if talk.port in visit.published:
            yield SubmissionNoAuth(**at)
    elif _OAUTH & {*offered}:
        yield SubmissionOauthOnly(mechanisms=offered, **at)
    else:
        yield SubmissionNoPasswordMechanism(mechanisms=offered, **at)


def _limits(talk: Conversation) -> Iterator[Finding]:
    ehlo = _offered(talk) or talk.ehlo
    said = ehlo.get("LIMITS") if ehlo else None
    pairs = dict(word.upper().split("=", 1) for word in (said or "").split() if "=" in word)
    limits = [
        Limit(int(value)) if _LIMIT.fullmatch(value) else None
        for value in (pairs.get(name, "") for name in ("RCPTMAX", "MAILMAX", "RCPTDOMAINMAX"))
    ]
    if any(limits):
        recipients, messages, domains = limits
        yield SubmissionLimits(recipients=recipients, messages=messages, domains=domains, **_at(talk))


def _at(talk: Conversation) -> _At:
    address, evidence = IpAddress(talk.address), (talk.evidence,)
    return _At(host=HostName(talk.host), port=Port(talk.port), addresses=(address,), evidence=evidence)


def facts_of(visit: Visit) -> Iterator[Server]:
    """Tell what each port of a server shows, those included that are only published."""
    worst_first = sorted(visit.settings, key=lambda setting: [*Source].index(setting.source), reverse=True)
    sources = {setting.port: setting.source for setting in worst_first}
    for port in dict.fromkeys((*sources, *(talk.port for talk in visit.talks))):
        talks = [talk for talk in visit.talks if talk.port == port]
        server = Server(host=visit.host, port=Port(port), source=sources.get(Port(port), visit.source))
        if talks:
            best = max(talks, key=lambda talk: (_is_ready(talk), talk.tls is not None, talk.greeting is not None))
            server = _fact(server, best)
        yield server


def _fact(server: Server, talk: Conversation) -> Server:
    offered = _offered(talk)
    before = talk.ehlo if talk.port != SUBMISSIONS and _is_ready(talk) else None
    tls = None
    if talk.tls is not None:
        tls = Encryption.IMPLICIT if talk.port == SUBMISSIONS else Encryption.STARTTLS
    elif _is_ready(talk) and talk.trouble in (None, Trouble.TLS_FAILED):
        tls = Encryption.NONE
    reachable = None
    if talk.greeting is not None:
        reachable = True
    elif talk.trouble in (Trouble.CONNECTION_REFUSED, Trouble.NOT_SMTP):
        reachable = False
    return replace(
        server,
        reachable=reachable,
        tls=tls,
        tls_version=Keyword(talk.tls.version) if talk.tls else None,
        certificate=talk.tls.certificate.state if talk.tls else None,
        auth=_mechanisms(offered) if offered or tls is Encryption.NONE else None,
        auth_before_tls=() if talk.tls and talk.port == SUBMISSIONS else _mechanisms(before) if before else None,
        size=said.size if (said := offered or talk.ehlo) else None,
    )
