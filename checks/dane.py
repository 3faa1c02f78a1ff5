"""Whether the mail hosts publish their keys in DNS, and whether those are the keys they use.

DANE (RFC 7672) puts a TLSA record at ``_25._tcp.<mail host>``. A sender that validates DNSSEC and finds one delivers
only over TLS, and only to a server whose certificate matches. A certificate that was renewed without its record is the
usual mishap, and it stops all mail from such senders. Nothing of this holds without DNSSEC: the MX records, the address
of the host and the TLSA record must all be signed (§2.2).

Usage 3 names the server's certificate or key itself; names and dates in it do not count (§3.1.1). Usage 2 names an
authority, whose certificate the server must send along, and then names and dates count (§3.1.2, §3.2.2). Usages 0 and 1
are not for SMTP (§3.1.3). A host without TLSA records is in order: the domain just does not use DANE.

Signatures are judged by the resolver, through its AD bit, and not here: where it is not known to set one, DANE is
"could not tell". Certificates are those of the conversations that ``receiving`` holds. Not looked at: whether a chain
that leads to the authority is signed by it, and whether a next key is prepared: before a change the record of the new
key stands beside the old one (RFC 7671 §8.1), so records that match nothing are no fault while another does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from checks import domain, mx, visits
from checks.case import has_domain
from checks.causes import Cause, Remedy
from checks.check import (
    Check,
    Desk,
    DomainName,
    Finding,
    HostName,
    IpAddress,
    Keyword,
    Outcome,
    RecordText,
    Severity,
)
from checks.network.answers import AAAA, MX, TLSA, A, Answer, CertificateState, Conversation, Tlsa, Trouble
from checks.network.inquiry import literal
from checks.records.mta_sts import matches as matches_name
from checks.records.tlsa import Association, Kind, MatchingType, Selector, Usage, matches_chain, presented

# --- Facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DaneHost:
    """One mail host. ``tlsa`` are its records, ``None`` if they could not be told, whether or not they are signed.

    ``matches``: whether one of them matches what the server shows; ``None`` where there is nothing to compare.
    """

    name: HostName
    tlsa: tuple[RecordText, ...] | None
    matches: bool | None


@dataclass(frozen=True, kw_only=True)
class DaneFacts:
    """The mail hosts looked at, best first."""

    hosts: tuple[DaneHost, ...]


# --- Findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DaneAbsent(Finding, severity=Severity.OK):
    """No mail host has TLSA records: the domain does not use DANE."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class _OfHosts(Finding, severity=Severity.NOTICE):
    hosts: tuple[HostName, ...]


class DaneFound(_OfHosts, severity=Severity.OK):
    """A signed TLSA record matches what the server shows."""


class DanePartial(_OfHosts, severity=Severity.NOTICE):
    """Some mail hosts have signed TLSA records, and these have none: mail is as safe as at the weakest."""


@dataclass(frozen=True, kw_only=True)
class DaneMailDomainUnsigned(Finding, severity=Severity.NOTICE):
    """The mail hosts use DANE, and the domain is not signed: who its hosts are is not secured (RFC 7672 §2.2.1)."""

    domain: DomainName


class DaneHostUnsigned(_OfHosts, severity=Severity.NOTICE):
    """There are TLSA records, and the zone of the mail host is not signed: senders ignore them (RFC 7672 §2.2)."""


class DaneNotValidated(_OfHosts, severity=Severity.UNKNOWN):
    """There are TLSA records, and our resolver is not known to validate: whether they count could not be told."""


class DaneBogus(_OfHosts, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """The signatures at the TLSA name do not hold: senders that use DANE put mail off (RFC 7672 §2.1)."""


@dataclass(frozen=True, kw_only=True)
class DaneUnknown(_OfHosts, severity=Severity.UNKNOWN):
    """The question for TLSA records was not answered; senders that meet the same put mail off (RFC 7672 §2.1)."""

    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class DaneUsageNotForSmtp(_OfHosts, severity=Severity.NOTICE):
    """A TLSA record has usage 0 or 1, which senders of mail pass over (RFC 7672 §3.1.3)."""

    record: RecordText


@dataclass(frozen=True, kw_only=True)
class DaneRecordInvalid(_OfHosts, severity=Severity.NOTICE):
    """A TLSA record has a field that does not exist, or data that is not what its fields say (RFC 6698 §2.1)."""

    flaw: Keyword
    record: RecordText


class DaneNoneUsable(_OfHosts, severity=Severity.NOTICE):
    """None of the TLSA records can be used: senders insist upon encryption, and verify nothing (RFC 7672 §2.2)."""


@dataclass(frozen=True, kw_only=True)
class DaneMismatch(Finding, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """No usable TLSA record matches what a mail host shows: senders that use DANE pass it over (RFC 7672 §2.2).

    ``owner`` is the name of the records, ``current`` the data of one that would match.
    """

    host: HostName
    addresses: tuple[IpAddress, ...]
    owner: HostName
    records: tuple[RecordText, ...]
    current: RecordText


@dataclass(frozen=True, kw_only=True)
class DaneTaCertificateInvalid(_OfHosts, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """A record of usage 2 matches, but the server's own certificate is out of date or for another name (§3.2.2)."""

    flaw: Keyword


class DaneNoTls(_OfHosts, severity=Severity.WARNING, cause=Cause.TLS_REQUIRED):
    """A mail host with TLSA records does not offer STARTTLS, refuses it, or fails at it (RFC 7672 §2.2)."""


class DaneBlocksDelivery(_OfHosts, severity=Severity.PROBLEM, cause=Cause.TLS_REQUIRED):
    """No mail host at all passes: senders that use DANE do not deliver, and return the mail after some days."""


@dataclass(frozen=True, kw_only=True)
class DaneMxUnknown(_OfHosts, severity=Severity.UNKNOWN):
    """What a mail host with TLSA records shows could not be told; without ``reason`` it was a reply of the server."""

    reason: Trouble | None


# --- One mail host ---------------------------------------------------------------------------------------------------


class _Verdict(Enum):
    """What a sender that uses DANE makes of one conversation."""

    PASSES = "passes"
    NO_TLS = "no_tls"
    NO_MATCH = "no_match"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    WRONG_NAME = "wrong_name"


_OF_USAGE_2 = frozenset({_Verdict.EXPIRED, _Verdict.NOT_YET_VALID, _Verdict.WRONG_NAME})
_BAD_DATES = {
    CertificateState.EXPIRED: _Verdict.EXPIRED,
    CertificateState.NOT_YET_VALID: _Verdict.NOT_YET_VALID,
}


@dataclass(frozen=True, kw_only=True)
class _Host:
    """One mail host: its TLSA answer, the answers for its addresses, and the visit if there is something to compare.

    ``names`` are those that usage 2 takes in a certificate (RFC 7672 §3.2.2).
    """

    name: HostName
    names: tuple[str, ...]
    tlsa: Answer[Tlsa]
    addresses: tuple[Answer[str], ...]
    visit: visits.Visit | None

    @property
    def dead(self) -> bool:
        """Whether it has no address: senders pass it over."""
        return all(answer.absent for answer in self.addresses)

    @property
    def insecure_address(self) -> bool:
        """Whether an address is not signed, given a resolver that validates: senders then do not ask for TLSA."""
        return any(answer.found and not answer.authenticated for answer in self.addresses)

    @property
    def secure(self) -> bool:
        """Whether senders that use DANE go by the TLSA records."""
        return self.tlsa.found and self.tlsa.authenticated and not self.insecure_address

    @property
    def bogus(self) -> bool:
        return self.tlsa.trouble is Trouble.BOGUS and not self.insecure_address

    @property
    def associations(self) -> tuple[Association, ...]:
        return tuple(Association(r.usage, r.selector, r.matching_type, r.data) for r in self.tlsa.records)

    @property
    def usable(self) -> tuple[Association, ...]:
        return tuple(each for each in self.associations if each.usable)

    @property
    def talks(self) -> Sequence[Conversation]:
        return self.visit.talks if self.visit else ()

    @property
    def evidence(self) -> tuple[int, ...]:
        return (self.tlsa.evidence, *(self.visit.evidence if self.visit else ()))

    def verdict(self, talk: Conversation) -> _Verdict | None:
        """Judge one conversation as a sender does; ``None``: could not tell."""
        encrypted = visits.encrypts(talk)
        if talk.tls is None:
            return None if encrypted is None else _Verdict.NO_TLS
        if not self.usable:
            return _Verdict.PASSES
        chain = talk.tls.certificate.chain
        if not chain or _current(chain) is None:
            return None
        verdicts = [self._verdict(each, talk) for each in self.usable if matches_chain(each, chain)]
        if _Verdict.PASSES in verdicts:
            return _Verdict.PASSES
        return verdicts[0] if verdicts else _Verdict.NO_MATCH

    def _verdict(self, association: Association, talk: Conversation) -> _Verdict:
        """What is still asked of a certificate that a record matches."""
        if association.usage == Usage.DANE_EE or talk.tls is None:
            return _Verdict.PASSES
        certificate = talk.tls.certificate
        if certificate.state in _BAD_DATES:
            return _BAD_DATES[certificate.state]
        named = any(matches_name(each, name) for each in certificate.names for name in self.names)
        return _Verdict.PASSES if named else _Verdict.WRONG_NAME

    @property
    def verdicts(self) -> tuple[_Verdict | None, ...]:
        return tuple(self.verdict(talk) for talk in self.talks)

    @property
    def fails(self) -> bool:
        """Whether it is certain that senders which use DANE do not deliver here."""
        if self.bogus:
            return True
        if not self.secure or self.visit is None or not self.visit.complete:
            return False
        decided = [
            verdict for verdict, talk in zip(self.verdicts, self.talks, strict=True) if not visits.unrouted(talk)
        ]
        return bool(decided) and None not in decided and _Verdict.PASSES not in decided

    @property
    def fact(self) -> DaneHost:
        told = {verdict for verdict in self.verdicts if verdict not in (None, _Verdict.NO_TLS)}
        return DaneHost(
            name=self.name,
            tlsa=None if self.tlsa.unknown else tuple(_text(each) for each in self.associations),
            matches=_Verdict.PASSES in told if told and self.usable else None,
        )


def _text(association: Association) -> RecordText:
    """A record in the notation of zone files (RFC 6698 §2.2)."""
    fields = (association.usage, association.selector, association.matching_type)
    return RecordText(" ".join((*map(str, fields), association.data.hex())))


def _current(chain: Sequence[bytes]) -> RecordText | None:
    """The record that matches the server's own key, in the form that RFC 7672 §3.1 recommends."""
    digest = presented(Selector.SPKI, MatchingType.SHA2_256, chain[0])
    return None if digest is None else _text(Association(Usage.DANE_EE, Selector.SPKI, MatchingType.SHA2_256, digest))


# --- Procedure -------------------------------------------------------------------------------------------------------


async def run(desk: Desk) -> Outcome[DaneFacts]:
    """Ask for the TLSA records of each mail host as soon as it is known, and visit those that have some."""
    name = DomainName(desk.case.domain)
    every = [record.exchange for record in await mx.hosts(desk) if not literal(record.exchange)]
    own = await desk.dns(name, MX)
    hosts = await asyncio.gather(*(_host(desk, name, host) for host in every[: mx.NEAREST_HOSTS]))
    facts = DaneFacts(hosts=tuple(host.fact for host in hosts))
    validates = await _validates(desk, own, hosts)
    living = [host for host in hosts if not host.dead]
    used = [host for host in living if host.secure]
    findings = [*_of_dns(living, validates=validates), *_of_records(used), *_of_servers(used)]
    if used and not own.authenticated:
        findings.append(DaneMailDomainUnsigned(domain=name, evidence=(own.evidence,)))
    without = [host for host in living if host.tlsa.absent]
    if used and without:
        findings.append(_about(DanePartial, without))
    failing = [host for host in living if host.fails]
    if own.authenticated and len(every) == len(hosts) and failing and failing == living:
        findings.append(_about(DaneBlocksDelivery, failing))
    if not findings:
        evidence = (own.evidence, *(host.tlsa.evidence for host in hosts))
        findings.append(DaneAbsent(domain=name, evidence=evidence))
    return Outcome(facts, tuple(findings))


async def _host(desk: Desk, name: str, host: str) -> _Host:
    known, tlsa = await asyncio.gather(mx.addresses(desk, host), desk.dns(f"_25._tcp.{host}", TLSA))
    if known.canonical and not tlsa.found:  # RFC 7672 §2.2: an alias may have its records at the name it stands for
        tlsa = await desk.dns(f"_25._tcp.{known.canonical}", TLSA)
    a, aaaa = await asyncio.gather(desk.dns(host, A), desk.dns(host, AAAA))
    return _Host(
        name=HostName(host),
        names=tuple(each for each in (host, name, known.canonical) if each),
        tlsa=tlsa,
        addresses=(a, aaaa),
        visit=await visits.visit(desk, host) if tlsa.found else None,
    )


async def _validates(desk: Desk, own: Answer[Any], hosts: Iterable[_Host]) -> bool:
    """Whether the resolver is seen to validate: only then does a missing AD bit say something (RFC 4035 §3.2.3)."""
    answers: list[Answer[Any]] = [own]
    for host in hosts:
        answers += (host.tlsa, *host.addresses)
    if any(answer.authenticated or answer.trouble is Trouble.BOGUS for answer in answers):
        return True
    facts = await desk.facts_or_none(domain.CHECK)
    return facts is not None and facts.dnssec is not domain.Dnssec.UNKNOWN


def _of_dns(hosts: Sequence[_Host], *, validates: bool) -> Iterator[Finding]:
    """What the answers are worth."""
    if bogus := [host for host in hosts if host.bogus]:
        yield _about(DaneBogus, bogus)
    unsigned = [host for host in hosts if host.tlsa.found and not host.secure]
    if unsigned:
        yield _about(DaneHostUnsigned if validates else DaneNotValidated, unsigned)
    untold: dict[Trouble, list[_Host]] = {}
    for host in hosts:
        # Nobody asks for the TLSA record of a host whose address is not signed.
        if host.tlsa.unknown and not host.bogus and not (validates and host.insecure_address):
            untold.setdefault(host.tlsa.why, []).append(host)
    for trouble, those in untold.items():
        names = tuple(host.name for host in those)
        yield DaneUnknown(hosts=names, reason=trouble, evidence=tuple(host.tlsa.evidence for host in those))


def _of_records(hosts: Sequence[_Host]) -> Iterator[Finding]:
    """What is wrong with the records themselves, once for each record however many hosts have it."""
    flawed: dict[tuple[Kind, RecordText], list[_Host]] = {}
    for host in hosts:
        for each in host.associations:
            for problem in each.problems[:1]:
                flawed.setdefault((problem.kind, _text(each)), []).append(host)
    for (kind, record), those in flawed.items():
        names = tuple(host.name for host in those)
        evidence = tuple(host.tlsa.evidence for host in those)
        if kind is Kind.USAGE_NOT_FOR_SMTP:
            yield DaneUsageNotForSmtp(hosts=names, record=record, evidence=evidence)
        else:
            yield DaneRecordInvalid(hosts=names, flaw=Keyword(kind.value), record=record, evidence=evidence)
    if none := [host for host in hosts if not host.usable]:
        yield _about(DaneNoneUsable, none)


def _of_servers(hosts: Sequence[_Host]) -> Iterator[Finding]:
    """Hold what the servers show against the records."""
    if good := [host for host in hosts if host.usable and _Verdict.PASSES in host.verdicts]:
        yield _about(DaneFound, good)
    if plain := [host for host in hosts if _Verdict.NO_TLS in host.verdicts]:
        yield _about(DaneNoTls, plain)
    for verdict in _Verdict:
        if verdict in _OF_USAGE_2 and (those := [host for host in hosts if verdict in host.verdicts]):
            names, evidence = tuple(host.name for host in those), tuple(n for host in those for n in host.evidence)
            yield DaneTaCertificateInvalid(hosts=names, flaw=Keyword(verdict.value), evidence=evidence)
    for host in hosts:
        yield from _mismatch(host)
    silent = [host.visit for host in hosts if host.visit and not any(host.verdicts)]
    for trouble, unseen in visits.by_trouble(silent).items():
        names, evidence = tuple(each.host for each in unseen), tuple(n for each in unseen for n in each.evidence)
        yield DaneMxUnknown(hosts=names, reason=trouble, evidence=evidence)


def _mismatch(host: _Host) -> Iterator[DaneMismatch]:
    talks = [talk for talk in host.talks if host.verdict(talk) is _Verdict.NO_MATCH]
    current = next((_current(talk.tls.certificate.chain) for talk in talks if talk.tls), None)
    if current is not None:
        yield DaneMismatch(
            host=host.name,
            addresses=tuple(IpAddress(talk.address) for talk in talks),
            owner=HostName(host.tlsa.name),
            records=tuple(_text(each) for each in host.usable),
            current=current,
            evidence=(host.tlsa.evidence, *(talk.evidence for talk in talks)),
        )


def _about(code: Callable[..., Finding], hosts: Sequence[_Host]) -> Finding:
    evidence = tuple(dict.fromkeys(number for host in hosts for number in host.evidence))
    return code(hosts=tuple(host.name for host in hosts), evidence=evidence)


CHECK: Check[DaneFacts] = Check(
    name="dane",
    remedy=Remedy.DNS,
    applies=has_domain,
    needs=(domain.CHECK, mx.CHECK),
    findings=(
        DaneAbsent,
        DaneFound,
        DanePartial,
        DaneMailDomainUnsigned,
        DaneHostUnsigned,
        DaneNotValidated,
        DaneBogus,
        DaneUnknown,
        DaneUsageNotForSmtp,
        DaneRecordInvalid,
        DaneNoneUsable,
        DaneMismatch,
        DaneTaCertificateInvalid,
        DaneNoTls,
        DaneBlocksDelivery,
        DaneMxUnknown,
    ),
    budget=16.0,
    rfcs=("RFC 7672", "RFC 6698", "RFC 7671"),
    run=run,
)
