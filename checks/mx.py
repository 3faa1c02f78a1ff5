"""Where mail for the domain goes.

A sender asks for the MX records, takes the hosts in order of preference and connects to their addresses (RFC 5321
§5.1). Without MX records the domain's own address stands in. A domain that takes no mail says so with a null MX
(RFC 7505), which also makes replies and bounces impossible.

Looked at: the records, and whether each host has an address that the internet can reach. Not looked at: whether
anything listens there (``receiving``), and who runs the hosts (``provider``).

Checks that go on with each host do so through ``hosts`` and ``addresses``: a host whose name servers are silent then
holds up nobody but itself, and the questions are on their way already.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from checks import domain
from checks.case import has_domain
from checks.causes import Cause, Remedy
from checks.check import (
    Check,
    Count,
    Desk,
    DomainName,
    FactsMissing,
    Finding,
    HostName,
    IpAddress,
    Limit,
    Outcome,
    Severity,
)
from checks.network.answers import AAAA, MX, A, Answer, Mx, Trouble
from checks.network.guard import is_public
from checks.network.inquiry import literal

MOST_HOSTS = 10
"""Hosts whose addresses are asked for; senders rarely get further."""
NEAREST_HOSTS = 4
"""Hosts, best first, whose addresses other checks visit."""
ADDRESSES_PER_HOST = 2

_DOCUMENTATION = tuple(
    ipaddress.ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)
"""RFC 5737 and RFC 3849: no more reachable than others, but the sandbox lives there, and nobody's office does."""

# --- Facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MailHost:
    """One mail host. ``addresses`` is empty where it has none, and where they could not be told."""

    name: HostName
    preference: int
    addresses: tuple[IpAddress, ...]


@dataclass(frozen=True, kw_only=True)
class MxFacts:
    """The mail hosts, best first. ``implicit``: the domain itself stands in for the MX records it does not have."""

    hosts: tuple[MailHost, ...]
    null_mx: bool = False
    implicit: bool = False


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """The addresses of one host, IPv4 first.

    ``trouble`` is what kept one of the two questions from being answered; ``canonical`` is set if the host is an alias.
    """

    found: tuple[IpAddress, ...] = ()
    trouble: Trouble | None = None
    canonical: HostName | None = None
    evidence: tuple[int, ...] = ()


# --- Findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MxFound(Finding, severity=Severity.OK):
    """The domain names mail hosts, and at least one of them has an address."""

    domain: DomainName
    hosts: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class MxEqualPreferences(Finding, severity=Severity.OK):
    """Hosts of the same preference share the mail: senders choose among them by chance (RFC 5321 §5.1)."""

    domain: DomainName
    hosts: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class MxSingleHost(Finding, severity=Severity.NOTICE):
    """All mail goes to one host with one address."""

    domain: DomainName
    host: HostName


@dataclass(frozen=True, kw_only=True)
class MxImplicit(Finding, severity=Severity.NOTICE):
    """There is no MX record, so mail goes to the domain's own address (RFC 5321 §5.1)."""

    domain: DomainName
    addresses: tuple[IpAddress, ...]


@dataclass(frozen=True, kw_only=True)
class MxNull(Finding, severity=Severity.PROBLEM, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """The domain declares that it takes no mail (RFC 7505 §3)."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class MxNullPreference(Finding, severity=Severity.NOTICE):
    """The null MX has a preference other than 0 (RFC 7505 §3)."""

    domain: DomainName
    preference: Count


@dataclass(frozen=True, kw_only=True)
class MxNullWithOthers(Finding, severity=Severity.WARNING, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """A null MX stands beside other MX records, which RFC 7505 §3 forbids: senders differ in what they do."""

    domain: DomainName
    hosts: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class MxNone(Finding, severity=Severity.PROBLEM, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """The domain has neither MX records nor an address: mail for it cannot go anywhere (RFC 5321 §5.1)."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class MxNoUsableHost(Finding, severity=Severity.PROBLEM, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """No mail host has an address that the internet can reach."""

    domain: DomainName
    hosts: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class MxIsAlias(Finding, severity=Severity.WARNING, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """A mail host is a CNAME (RFC 2181 §10.3)."""

    host: HostName
    canonical: HostName


@dataclass(frozen=True, kw_only=True)
class MxHostNotFound(Finding, severity=Severity.WARNING, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """A mail host has no address."""

    host: HostName


@dataclass(frozen=True, kw_only=True)
class MxNameDoubled(Finding, severity=Severity.WARNING, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """A mail host has no address because its name ends in the domain twice: the final dot was left out in the zone."""

    host: HostName
    meant: HostName


@dataclass(frozen=True, kw_only=True)
class MxIsAddress(Finding, severity=Severity.WARNING, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """An MX record holds an IP address where a host name belongs (RFC 1035 §3.3.9)."""

    address: IpAddress


@dataclass(frozen=True, kw_only=True)
class MxVerificationLeftover(Finding, severity=Severity.NOTICE):
    """An MX record under ``.invalid`` is left from proving to a provider that the domain is ours."""

    host: HostName


@dataclass(frozen=True, kw_only=True)
class MxPrivateAddress(Finding, severity=Severity.WARNING, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """A mail host has addresses that only exist inside somebody's network."""

    host: HostName
    addresses: tuple[IpAddress, ...]


@dataclass(frozen=True, kw_only=True)
class MxNotAllHosts(Finding, severity=Severity.NOTICE):
    """There are more mail hosts than are looked at."""

    left_out: Count
    limit: Limit


@dataclass(frozen=True, kw_only=True)
class MxAddressUnknown(Finding, severity=Severity.UNKNOWN):
    """An address question about mail hosts was not answered."""

    hosts: tuple[HostName, ...]
    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class MxUnknown(Finding, severity=Severity.UNKNOWN):
    """The question where mail goes was not answered."""

    domain: DomainName
    reason: Trouble


# --- Procedure -------------------------------------------------------------------------------------------------------


async def run(desk: Desk) -> Outcome[MxFacts]:
    """Ask for the MX records, then for the addresses of all hosts at once."""
    name = DomainName(desk.case.domain)
    answer = await domain.ask(desk, name, MX)
    if answer.unknown:
        return Outcome(None, (MxUnknown(domain=name, reason=answer.why, evidence=(answer.evidence,)),))
    if answer.absent:
        return _implicit(name, answer, await addresses(desk, name))

    evidence = (answer.evidence,)
    null = [record for record in answer.records if not record.exchange]
    if len(null) == len(answer.records):
        findings: list[Finding] = [MxNull(domain=name, evidence=evidence)]
        if wrong := [record.preference for record in null if record.preference]:
            findings.append(MxNullPreference(domain=name, preference=Count(wrong[0]), evidence=evidence))
        return Outcome(MxFacts(hosts=(), null_mx=True), tuple(findings))

    every = _ordered(answer)
    looked_at = every[:MOST_HOSTS]
    found = await asyncio.gather(*(addresses(desk, record.exchange) for record in looked_at))
    pairs = tuple(zip(looked_at, found, strict=True))
    names = tuple(HostName(record.exchange) for record in looked_at)
    everything = (*evidence, *(number for each in found for number in each.evidence))
    findings = []
    if any(reaches_internet(address) for each in found for address in each.found):
        findings.append(MxFound(domain=name, hosts=names, evidence=everything))
    elif len(every) == len(looked_at) and not any(each.trouble for each in found):
        findings.append(MxNoUsableHost(domain=name, hosts=names, evidence=everything))
    if null:
        findings.append(MxNullWithOthers(domain=name, hosts=names, evidence=evidence))
    for record, each in pairs:
        findings += _of_host(name, record.exchange, each, answer.evidence)
    if left_out := len(every) - len(looked_at):
        findings.append(MxNotAllHosts(left_out=Count(left_out), limit=Limit(MOST_HOSTS), evidence=evidence))
    findings += [*_untold(pairs), *_spread(name, pairs, answer.evidence)]
    hosts = tuple(
        MailHost(name=HostName(record.exchange), preference=record.preference, addresses=each.found)
        for record, each in pairs
    )
    return Outcome(MxFacts(hosts=hosts), tuple(findings))


async def hosts(desk: Desk) -> tuple[Mx, ...]:
    """The mail hosts of the domain, best first, for checks that need this one. Empty for a null MX.

    Raises:
        FactsMissing: they could not be told, or there is no domain to ask about.
    """
    answer = await domain.ask(desk, desk.case.domain, MX)
    if answer.unknown:
        raise FactsMissing(CHECK)
    return (Mx(0, desk.case.domain),) if answer.absent else _ordered(answer)[:MOST_HOSTS]


async def addresses(desk: Desk, host: str) -> Addresses:
    """Ask for the addresses of one mail host, both families at once."""
    if literal(host) or _leftover(host):
        return Addresses()
    answers = await asyncio.gather(desk.dns(host, A), desk.dns(host, AAAA))
    return Addresses(
        found=tuple(IpAddress(address) for answer in answers for address in answer.records),
        trouble=next((answer.why for answer in answers if answer.unknown), None),
        canonical=next((HostName(answer.canonical) for answer in answers if answer.aliases), None),
        evidence=tuple(answer.evidence for answer in answers),
    )


def visited(found: Iterable[IpAddress]) -> tuple[IpAddress, ...]:
    """The addresses of one host that other checks visit: one of each family before a second of one."""
    every = tuple(found)
    first = {":" in address: address for address in reversed(every)}
    return tuple(sorted(every, key=lambda address: first[":" in address] != address))[:ADDRESSES_PER_HOST]


def reaches_internet(address: str) -> bool:
    """Whether an address means the same host for everybody, and not one inside somebody's network."""
    ip = ipaddress.ip_address(address)
    return is_public(ip) or any(ip.version == network.version and ip in network for network in _DOCUMENTATION)


def _ordered(answer: Answer[Mx]) -> tuple[Mx, ...]:
    best: dict[str, Mx] = {}
    for record in sorted(answer.records):
        if record.exchange:
            best.setdefault(record.exchange, record)
    return tuple(best.values())


def _leftover(host: str) -> bool:
    return host.endswith(".invalid")  # RFC 2606 §2: never a host


def _implicit(name: DomainName, answer: Answer[Mx], own: Addresses) -> Outcome[MxFacts]:
    evidence = (answer.evidence, *own.evidence)
    if own.found:
        findings: list[Finding] = [MxImplicit(domain=name, addresses=own.found, evidence=evidence)]
        if inside := tuple(address for address in own.found if not reaches_internet(address)):
            findings.append(MxPrivateAddress(host=HostName(name), addresses=inside, evidence=own.evidence))
            if inside == own.found:
                findings.append(MxNoUsableHost(domain=name, hosts=(HostName(name),), evidence=evidence))
        host = MailHost(name=HostName(name), preference=0, addresses=own.found)
        return Outcome(MxFacts(hosts=(host,), implicit=True), tuple(findings))
    if own.trouble:
        return Outcome(None, (MxUnknown(domain=name, reason=own.trouble, evidence=evidence),))
    return Outcome(MxFacts(hosts=()), (MxNone(domain=name, evidence=evidence),))


def _of_host(name: str, host: str, each: Addresses, listed: int) -> Iterator[Finding]:
    evidence = each.evidence or (listed,)
    if address := literal(host):
        yield MxIsAddress(address=IpAddress(address), evidence=evidence)
    elif _leftover(host):
        yield MxVerificationLeftover(host=HostName(host), evidence=evidence)
    elif not each.found and not each.trouble:
        meant = host.removesuffix(f".{name}")
        if meant != host and f".{meant}".endswith(f".{name}"):
            yield MxNameDoubled(host=HostName(host), meant=HostName(meant), evidence=evidence)
        else:
            yield MxHostNotFound(host=HostName(host), evidence=evidence)
    if each.canonical:
        yield MxIsAlias(host=HostName(host), canonical=each.canonical, evidence=evidence)
    if inside := tuple(address for address in each.found if not reaches_internet(address)):
        yield MxPrivateAddress(host=HostName(host), addresses=inside, evidence=evidence)


def _spread(name: DomainName, pairs: Sequence[tuple[Mx, Addresses]], listed: int) -> Iterator[Finding]:
    """Say over how many hosts the mail is spread."""
    by_preference: dict[int, list[HostName]] = {}
    for record, _ in pairs:
        by_preference.setdefault(record.preference, []).append(HostName(record.exchange))
    for names in by_preference.values():
        if len(names) > 1:
            yield MxEqualPreferences(domain=name, hosts=tuple(names), evidence=(listed,))
    if len(pairs) == 1:
        record, each = pairs[0]
        if len(each.found) == 1 and each.trouble is None and reaches_internet(each.found[0]):
            yield MxSingleHost(domain=name, host=HostName(record.exchange), evidence=(listed, *each.evidence))


def _untold(pairs: Iterable[tuple[Mx, Addresses]]) -> Iterator[Finding]:
    """Give one finding for each kind of trouble, however many hosts it met."""
    met: dict[Trouble, list[tuple[Mx, Addresses]]] = {}
    for record, each in pairs:
        if each.trouble:
            met.setdefault(each.trouble, []).append((record, each))
    for trouble, those in met.items():
        yield MxAddressUnknown(
            hosts=tuple(HostName(record.exchange) for record, _ in those),
            reason=trouble,
            evidence=tuple(number for _, each in those for number in each.evidence),
        )


CHECK: Check[MxFacts] = Check(
    name="mx",
    remedy=Remedy.DNS,
    applies=has_domain,
    needs=(domain.CHECK,),
    findings=(
        MxFound,
        MxEqualPreferences,
        MxSingleHost,
        MxImplicit,
        MxNull,
        MxNullPreference,
        MxNullWithOthers,
        MxNone,
        MxNoUsableHost,
        MxIsAlias,
        MxHostNotFound,
        MxNameDoubled,
        MxIsAddress,
        MxVerificationLeftover,
        MxPrivateAddress,
        MxNotAllHosts,
        MxAddressUnknown,
        MxUnknown,
    ),
    budget=12.0,
    rfcs=("RFC 1035", "RFC 2181", "RFC 5321", "RFC 7505"),
    run=run,
)
