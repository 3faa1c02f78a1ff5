"""Whether the MX and SPF records speak of the same mail services.

When mail moves to another provider, the MX records are changed first, because mail has to arrive somewhere. The SPF
record (RFC 7208) is forgotten easily: then mail sent through the new provider fails, or the old one may send for ever.
The same happens with a gateway that filters mail: mail that leaves through it comes from its servers.

Looked at: the companies that our data recognises by the names in MX and SPF records. Not looked at: DKIM selectors,
which nobody can list. Where the SPF record lists whole ranges of addresses, or leads to a record that could not be
read, the provider's may be among them: then nothing is said to be missing, only that it could not be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checks import domain, mx, role, spf
from checks.causes import Cause, Remedy
from checks.check import Check, Desk, DomainName, Finding, HostName, Keyword, ListName, Outcome, Severity
from checks.network.answers import MX, TXT
from checks.provider import permitted
from checks.provider_data import Kind, Provider, Providers, shipped
from checks.records.spf import Mechanism, Name, parse
from checks.spf_tree import State
from checks.suffixes import registered_domain

_MAILBOXES = frozenset({Kind.MAILBOX, Kind.HOSTING})
_UNREAD = frozenset({State.UNKNOWN, State.DEPENDS, State.CUT})
"""What an SPF term leads to where we do not know what stands there."""

# --- Facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DriftFacts:
    """The services recognised by the ids of our data: in the MX records, and in the SPF record and what it includes."""

    mx: tuple[Keyword, ...]
    spf: tuple[Keyword, ...]


# --- Findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DriftNone(Finding, severity=Severity.OK):
    """The services in the MX records may send by the SPF record."""

    domain: DomainName
    providers: tuple[ListName, ...]


@dataclass(frozen=True, kw_only=True)
class _WithHosts(Finding, severity=Severity.OK):
    domain: DomainName
    hosts: tuple[HostName, ...]


class DriftNotComparable(_WithHosts, severity=Severity.OK):
    """There is nothing to compare: no mail host or none but the domain's own, or no SPF record."""


class DriftUnknown(_WithHosts, severity=Severity.UNKNOWN):
    """The mail hosts are of a service that our data does not know, or the SPF record may let in addresses of theirs."""


@dataclass(frozen=True, kw_only=True)
class DriftSpfOfOtherProvider(Finding, severity=Severity.WARNING, cause=Cause.DOMAIN_AUTH):
    """Mail arrives at one provider, and the SPF record only lets another one send: a move that was left half done."""

    domain: DomainName
    provider: ListName
    others: tuple[ListName, ...]
    include: HostName


@dataclass(frozen=True, kw_only=True)
class _Lacks(Finding, severity=Severity.NOTICE):
    domain: DomainName
    provider: ListName
    include: HostName
    """What stands for the provider in SPF records."""


class DriftSpfLacksProvider(_Lacks, severity=Severity.NOTICE):
    """Mail arrives at a provider that the SPF record does not let send."""


class DriftSpfLacksGateway(_Lacks, severity=Severity.NOTICE):
    """Mail arrives through a gateway that the SPF record does not let send: mail that leaves through it fails."""


@dataclass(frozen=True, kw_only=True)
class DriftSpfLeftover(Finding, severity=Severity.NOTICE):
    """Beside the provider where mail arrives, the SPF record lets other mailbox providers send."""

    domain: DomainName
    provider: ListName
    others: tuple[ListName, ...]


# --- Procedure -------------------------------------------------------------------------------------------------------


async def _run(desk: Desk, known: Providers) -> Outcome[DriftFacts]:
    """Compare who is named in the MX records with who is named in SPF."""
    name = DomainName(desk.case.domain)
    mail = await desk.facts(mx.CHECK)
    senders = await desk.facts(spf.CHECK)
    hosts = tuple(host.name for host in mail.hosts)
    # Asked before by those checks: here for the evidence.
    evidence = ((await desk.dns(name, MX)).evidence, (await desk.dns(name, TXT)).evidence)
    at = _unique(each for host in hosts for each in known.of_mx(host))
    included = [*permitted(senders.terms)]
    listed = _unique(each for term in included if term.domain for each in known.of_spf_include(term.domain))
    facts = DriftFacts(mx=tuple(Keyword(each.id) for each in at), spf=tuple(Keyword(each.id) for each in listed))

    comparable = tuple(each for each in at if each.spf)
    if senders.record is None or all(_owner(host) == _owner(name) for host in hosts):
        return Outcome(facts, (DriftNotComparable(domain=name, hosts=hosts, evidence=evidence),))
    unknown = DriftUnknown(domain=name, hosts=hosts, evidence=evidence)
    if not comparable:
        return Outcome(facts, (unknown,))
    in_use = tuple(each for each in comparable if each in listed)
    mailboxes = _unique(each for each in listed if each.kind in _MAILBOXES and each not in at)
    gateway = any(each.kind is Kind.GATEWAY for each in at)
    if in_use:
        findings: list[Finding] = [DriftNone(domain=name, providers=_names(in_use), evidence=evidence)]
        if mailboxes and not gateway:
            leftover = DriftSpfLeftover(
                domain=name, provider=_names(in_use)[0], others=_names(mailboxes), evidence=evidence
            )
            findings.append(leftover)
        return Outcome(facts, tuple(findings))
    if _lists_ranges(senders.record) or any(term.state in _UNREAD for term in included):
        return Outcome(facts, (unknown,))
    provider = comparable[0]
    shown, include = ListName(provider.shown), HostName(provider.spf[0])
    if provider.kind is Kind.GATEWAY:
        lacks: Finding = DriftSpfLacksGateway(domain=name, provider=shown, include=include, evidence=evidence)
    elif mailboxes:
        lacks = DriftSpfOfOtherProvider(
            domain=name, provider=shown, others=_names(mailboxes), include=include, evidence=evidence
        )
    else:
        lacks = DriftSpfLacksProvider(domain=name, provider=shown, include=include, evidence=evidence)
    return Outcome(facts, (lacks,))


def _owner(name: str) -> str:
    return registered_domain(name) or name


def _lists_ranges(text: str) -> bool:
    """Whether a record names senders in a way that may mean any provider: ranges of addresses, or by a question."""
    return any(_is_range(mechanism) for mechanism in parse(text).mechanisms)


def _is_range(mechanism: Mechanism) -> bool:
    network = mechanism.network
    if network is not None:
        return network.prefixlen < network.max_prefixlen
    return mechanism.name in {Name.EXISTS, Name.PTR} or "%{" in mechanism.text


def _unique(providers: Iterable[Provider]) -> tuple[Provider, ...]:
    return tuple(dict.fromkeys(providers))


def _names(providers: Sequence[Provider]) -> tuple[ListName, ...]:
    return tuple(ListName(each.shown) for each in providers)


def check(known: Providers) -> Check[DriftFacts]:
    """Make the check for these providers: an operator may know others than the shipped ones."""

    async def run(desk: Desk) -> Outcome[DriftFacts]:
        return await _run(desk, known)

    return Check(
        name="drift",
        remedy=Remedy.DNS,
        applies=role.about_one_domain,
        needs=(domain.CHECK, mx.CHECK, spf.CHECK),
        findings=(
            DriftNone,
            DriftNotComparable,
            DriftUnknown,
            DriftSpfOfOtherProvider,
            DriftSpfLacksProvider,
            DriftSpfLacksGateway,
            DriftSpfLeftover,
        ),
        rfcs=("RFC 7208",),
        run=run,
    )


CHECK: Check[DriftFacts] = check(shipped())
