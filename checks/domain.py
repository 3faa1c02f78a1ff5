"""Whether the domain exists, and whether its name servers answer.

A domain that has expired, was never registered or is mistyped explains every other failure at once, so it is told here
and only here: checks that ask about the domain go through ``ask`` and are then skipped with this check as the reason.

Looked at: whether the name exists (RFC 2308 §2 tells a name without records from a name that does not exist), whether
it is a zone of its own, who serves the zone, and what the resolver says about its DNSSEC signatures (RFC 4035 §3.2.3).
Not looked at: the registration itself, and whether all name servers of the zone agree.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

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
    Severity,
)
from checks.network.answers import NS, SOA, Answer, RecordType, Status, Trouble

T = TypeVar("T")

_SIGNED_ZONE = "org"
"""A zone known to be signed: a resolver that validates sets the AD bit on what it says of it."""
_PROBE_PATIENCE = 2.0  # seconds; what it tells is no reason to keep anybody waiting
_PROBE_AGE = 3600.0  # seconds; a resolver does not change its mind about validating
_MOST_ANCESTORS = 6

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
    domain = DomainName(desk.case.domain)
    soa, ns, signed = await asyncio.gather(
        desk.dns(domain, SOA),
        desk.dns(domain, NS),
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
        DomainNxdomain,
        DomainAliasDangling,
        DomainBogus,
        DomainServfail,
        DomainTimeout,
        DomainRefused,
        DomainUnknown,
    ),
    budget=12.0,
    rfcs=("RFC 1034", "RFC 2308", "RFC 4035", "RFC 8020"),
    run=run,
)
