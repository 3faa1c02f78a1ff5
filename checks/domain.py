"""Whether the domain exists, and whether its name servers answer.

A domain that has expired, was never registered or is mistyped explains every other failure at once, so it is told here
and only here: checks that ask about the domain go through ``ask`` and are then skipped with this check as the reason.

Looked at: whether the name exists (RFC 2308 §2 tells a name without records from a name that does not exist), whether
it is a zone of its own or an alias, who serves the zone, how the name is written, and what the resolver says about its
DNSSEC signatures (RFC 4035 §3.2.3). Not looked at: the registration itself, and whether the name servers of the zone
work and agree (``authority``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

import idna

from checks.case import has_domain
from checks.causes import Cause, Remedy
from checks.check import (
    Check,
    Desk,
    DomainName,
    FactsMissing,
    Finding,
    HostName,
    Keyword,
    Outcome,
    RecordText,
    Severity,
)
from checks.network.answers import CNAME, MX, NS, SOA, TXT, Answer, RecordType, Status, Trouble

T = TypeVar("T")

_SIGNED_ZONE = "org"
"""A zone known to be signed: a resolver that validates sets the AD bit on what it says of it."""
_PROBE_PATIENCE = 2.0  # seconds; what it tells is no reason to keep anybody waiting
_PROBE_AGE = 3600.0  # seconds; a resolver does not change its mind about validating
_MOST_ANCESTORS = 6
_NOBODY = "_mailcheck-no-such-name"
"""A label nobody has: what answers for it is a wildcard (RFC 4592 §2.1.1)."""

# --- Facts -----------------------------------------------------------------------------------------------------------


class Dnssec(StrEnum):
    """What the resolver makes of the signatures (RFC 4035 §4.3). It is the resolver's word, not our own validation."""

    SECURE = "secure"
    INSECURE = "insecure"
    BOGUS = "bogus"
    UNKNOWN = "unknown"
    """The resolver does not validate, or does not say so."""


@dataclass(frozen=True, kw_only=True)
class DomainFacts:
    """Whether the domain exists; ``name_servers`` is empty where the domain lies within the zone of a parent."""

    exists: bool
    dnssec: Dnssec
    name_servers: tuple[HostName, ...] = ()


# --- Findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DomainFound(Finding, severity=Severity.OK):
    """The domain is a zone and its name servers answer."""

    domain: DomainName
    name_servers: tuple[HostName, ...]
    dnssec: Keyword


@dataclass(frozen=True, kw_only=True)
class DomainWithinZone(Finding, severity=Severity.OK):
    """The name exists, and its records are kept in the zone of a domain above it."""

    domain: DomainName
    dnssec: Keyword


@dataclass(frozen=True, kw_only=True)
class DomainIsAlias(Finding, severity=Severity.NOTICE):
    """The domain is a CNAME: everything said of it is said of another name."""

    domain: DomainName
    canonical: HostName


@dataclass(frozen=True, kw_only=True)
class DomainAliasBesideRecords(Finding, severity=Severity.WARNING, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """There is a CNAME beside other records (RFC 2181 §10.1): what an asker gets depends on what its cache holds."""

    domain: DomainName
    canonical: HostName
    beside: tuple[Keyword, ...]


@dataclass(frozen=True, kw_only=True)
class DomainWildcardText(Finding, severity=Severity.NOTICE):
    """A wildcard (RFC 4592) answers for names nobody made, so also where DMARC, DKIM and MTA-STS records belong."""

    domain: DomainName
    text: RecordText


@dataclass(frozen=True, kw_only=True)
class DomainInternationalized(Finding, severity=Severity.OK):
    """The domain is an internationalised one; ``unicode`` is how people see it (RFC 5890 §2.3.2.1)."""

    domain: DomainName
    unicode: HostName


@dataclass(frozen=True, kw_only=True)
class DomainXnLabelInvalid(Finding, severity=Severity.NOTICE):
    """A label begins with ``xn--`` and stands for nothing (RFC 5891 §4.4): programs refuse such names."""

    domain: DomainName
    label: HostName


@dataclass(frozen=True, kw_only=True)
class DomainNxdomain(Finding, severity=Severity.PROBLEM, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """The domain does not exist. ``closest`` is the nearest name above it that does, if that could be told."""

    domain: DomainName
    closest: DomainName | None


@dataclass(frozen=True, kw_only=True)
class DomainAliasDangling(Finding, severity=Severity.PROBLEM, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """The domain is a CNAME for a name that does not exist."""

    domain: DomainName
    canonical: HostName


@dataclass(frozen=True, kw_only=True)
class DomainBogus(Finding, severity=Severity.PROBLEM, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """The DNSSEC signatures do not hold: for everybody whose resolver validates, the domain has no records at all."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class DomainServfail(Finding, severity=Severity.UNKNOWN):
    """The resolver got no answer from the name servers of the domain."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class DomainTimeout(Finding, severity=Severity.UNKNOWN):
    """The question about the domain was not answered in time."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class DomainRefused(Finding, severity=Severity.UNKNOWN):
    """The resolver refuses to be asked about the domain."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class DomainUnknown(Finding, severity=Severity.UNKNOWN):
    """The question about the domain came to nothing for another reason."""

    domain: DomainName
    reason: Trouble


# --- Procedure -------------------------------------------------------------------------------------------------------


async def run(desk: Desk) -> Outcome[DomainFacts]:
    """Ask for the SOA, which only the zone's own servers have, and for the name servers."""
    outcome = await _look(desk)
    return replace(outcome, findings=(*outcome.findings, *_written(DomainName(desk.case.domain))))


async def _look(desk: Desk) -> Outcome[DomainFacts]:
    domain = DomainName(desk.case.domain)
    soa, ns, cname, nobody, signed = await asyncio.gather(
        desk.dns(domain, SOA),
        desk.dns(domain, NS),
        desk.dns(domain, CNAME),
        desk.dns(f"{_NOBODY}.{domain}", TXT),
        desk.dns(_SIGNED_ZONE, SOA, patience=_PROBE_PATIENCE, max_age=_PROBE_AGE),
    )
    evidence = (soa.evidence, ns.evidence)
    troubles = tuple(dict.fromkeys(answer.why for answer in (soa, ns) if answer.unknown))
    unknown = tuple(_untold(domain, trouble, evidence) for trouble in troubles)
    dnssec = _dnssec((soa, ns), signed)

    told = ns if soa.unknown else soa
    if told.status is Status.NXDOMAIN:
        if told.aliases:
            dangling = DomainAliasDangling(domain=domain, canonical=HostName(told.canonical), evidence=evidence)
            return Outcome(DomainFacts(exists=False, dnssec=dnssec), (dangling,))
        closest, more = await _closest(desk, domain)
        nxdomain = DomainNxdomain(domain=domain, closest=closest, evidence=(*evidence, *more))
        return Outcome(DomainFacts(exists=False, dnssec=dnssec), (nxdomain,))

    if dnssec is Dnssec.BOGUS:  # the answer is there, only withheld
        return Outcome(DomainFacts(exists=True, dnssec=dnssec), unknown)
    if soa.unknown and ns.unknown:
        return Outcome(None, unknown)

    found: list[Finding] = []
    if cname.found:
        found += await _beside(desk, domain, cname, (soa, ns))
    found += (
        DomainWildcardText(domain=domain, text=RecordText(record.text), evidence=(nobody.evidence,))
        for record in nobody.records[:1]
    )
    names = tuple(HostName(name) for name in sorted(ns.records))
    alias = next((answer for answer in (soa, ns) if answer.aliases), None)
    if alias is not None:
        found.append(DomainIsAlias(domain=domain, canonical=HostName(alias.canonical), evidence=evidence))
        names = ()
    elif soa.found or ns.found:
        found.append(DomainFound(domain=domain, name_servers=names, dnssec=Keyword(dnssec.value), evidence=evidence))
    else:
        found.append(DomainWithinZone(domain=domain, dnssec=Keyword(dnssec.value), evidence=evidence))
    return Outcome(DomainFacts(exists=True, dnssec=dnssec, name_servers=names), (*found, *unknown))


async def ask(desk: Desk, name: str, kind: RecordType[T]) -> Answer[T]:
    """Ask about the domain of the case or a name below it, leaving to this check what it has told already.

    An answer that proves that the domain exists is handed out at once: nobody waits for this check without need.

    Raises:
        FactsMissing: the domain does not exist, or this check could not tell either, or told why all fails validation.
    """
    answer = await desk.dns(name, kind)
    if answer.status in (Status.FOUND, Status.NODATA):
        return answer
    facts = await desk.facts_or_none(CHECK)
    explained = not facts.exists or (answer.unknown and facts.dnssec is Dnssec.BOGUS) if facts else answer.unknown
    if explained:
        raise FactsMissing(CHECK)
    return answer


async def _beside(
    desk: Desk, domain: DomainName, cname: Answer[str], asked: Iterable[Answer[Any]]
) -> Iterable[Finding]:
    """Look for records that are answered for the domain itself, although it is an alias."""
    answers = (*asked, *await asyncio.gather(desk.dns(domain, MX), desk.dns(domain, TXT)))
    own = [
        (kind, answer)
        for kind, answer in zip(("SOA", "NS", "MX", "TXT"), answers, strict=True)
        if answer.found and not answer.aliases
    ]
    if not own:
        return ()
    return (
        DomainAliasBesideRecords(
            domain=domain,
            canonical=HostName(cname.records[0]),
            beside=tuple(Keyword(kind) for kind, _ in own),
            evidence=(cname.evidence, *(answer.evidence for _, answer in own)),
        ),
    )


def _written(domain: DomainName) -> Iterator[Finding]:
    """What there is to say of how the name is written."""
    labels = domain.split(".")
    if not any(label.startswith("xn--") for label in labels):
        return
    shown: list[str] = []
    for label in labels:
        try:
            shown.append(idna.decode(label) if label.startswith("xn--") else label)
        except (idna.IDNAError, UnicodeError):
            yield DomainXnLabelInvalid(domain=domain, label=HostName(label))
            return
    yield DomainInternationalized(domain=domain, unicode=HostName(".".join(shown)))


def _dnssec(answers: Iterable[Answer[Any]], signed: Answer[Any]) -> Dnssec:
    told = tuple(answers)
    if any(answer.trouble is Trouble.BOGUS for answer in told):
        return Dnssec.BOGUS
    if any(answer.authenticated for answer in told):
        return Dnssec.SECURE
    # No AD bit says something only if the resolver would have set one.
    if signed.authenticated and not all(answer.unknown for answer in told):
        return Dnssec.INSECURE
    return Dnssec.UNKNOWN


def _untold(domain: DomainName, trouble: Trouble, evidence: tuple[int, ...]) -> Finding:
    match trouble:
        case Trouble.BOGUS:
            return DomainBogus(domain=domain, evidence=evidence)
        case Trouble.SERVFAIL:
            return DomainServfail(domain=domain, evidence=evidence)
        case Trouble.TIMEOUT:
            return DomainTimeout(domain=domain, evidence=evidence)
        case Trouble.REFUSED:
            return DomainRefused(domain=domain, evidence=evidence)
        case _:
            return DomainUnknown(domain=domain, reason=trouble, evidence=evidence)


async def _closest(desk: Desk, domain: str) -> tuple[DomainName | None, tuple[int, ...]]:
    """Find the nearest name above that exists, as far as every name between could be told (RFC 8020 §2)."""
    labels = domain.split(".")
    above = [".".join(labels[start:]) for start in range(1, len(labels))][:_MOST_ANCESTORS]
    answers = await asyncio.gather(*(desk.dns(name, SOA) for name in above))
    evidence = tuple(answer.evidence for answer in answers)
    nearest = next((answer for answer in answers if answer.status is not Status.NXDOMAIN), None)
    if nearest is None or nearest.unknown:
        return None, evidence
    return DomainName(nearest.name), evidence


CHECK: Check[DomainFacts] = Check(
    name="domain",
    remedy=Remedy.DNS,
    applies=has_domain,
    findings=(
        DomainFound,
        DomainWithinZone,
        DomainIsAlias,
        DomainAliasBesideRecords,
        DomainWildcardText,
        DomainInternationalized,
        DomainXnLabelInvalid,
        DomainNxdomain,
        DomainAliasDangling,
        DomainBogus,
        DomainServfail,
        DomainTimeout,
        DomainRefused,
        DomainUnknown,
    ),
    budget=12.0,
    rfcs=("RFC 1034", "RFC 2181", "RFC 2308", "RFC 4035", "RFC 4592", "RFC 5890", "RFC 5891", "RFC 8020"),
    run=run,
)
