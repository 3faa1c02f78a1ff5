"""Which company hosts the mail, and how to reach it.

A help desk can ask a provider only if it knows which one it is, and what may be sent depends on it (``limits``). The
domain of an address tells it for the big free services. For everybody else the mail hosts do (RFC 5321 §5.1), unless a
gateway that filters mail stands in front of the mailboxes: then SPF (RFC 7208) and ``autodiscover`` show what is behind
it. Where the mail hosts bear the domain's own name, as with most web hosting, the names of the addresses, of the name
servers and in SPF are clues: two that agree are taken for an answer, one is told as a clue.

The sender's domain counts, if the ticket names one, else the domain asked about. Not looked at: whether the provider is
up (``provider_status``), and whether the SPF record fits the provider (``spf``). What is known of providers, with its
sources, is in ``data/providers.json``.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from checks import domain, reverse, spf
from checks.case import Case, NotADomainError, domain_name
from checks.causes import Remedy
from checks.check import (
    Check,
    Desk,
    DomainName,
    Finding,
    HostName,
    Keyword,
    ListName,
    Outcome,
    Severity,
    Url,
)
from checks.network.answers import CNAME, MX, PTR, TXT, Answer, Mx, Trouble
from checks.provider_data import Kind, Provider, Providers, shipped
from checks.suffixes import registered_domain

_MAILBOXES = frozenset({Kind.MAILBOX, Kind.HOSTING})
_ENOUGH = 2
"""Clues that have to agree where no mail host tells."""
_POLICY_TERMS = ("include:", "redirect=")

# --- Facts -----------------------------------------------------------------------------------------------------------


class Via(StrEnum):
    """How a provider was recognised."""

    MAIL_DOMAIN = "mail_domain"
    """The address is one of the provider's own."""
    MX = "mx"
    AUTODISCOVER = "autodiscover"
    SPF = "spf"
    PTR = "ptr"
    """The reverse name of an address, confirmed by its forward name."""
    NS = "ns"
    """The provider's name servers serve the domain."""


@dataclass(frozen=True, kw_only=True)
class ProviderFacts:
    """Who hosts the mail of ``domain``. ``id`` is ``None`` where it could not be told, and for a server of one's own.

    ``gateway`` filters the mail in front of it; ``senders`` may send in the domain's name as well; ``candidates`` are
    those that the clues point to, if not to one. The rows of our data are there for other checks, not for JSON.
    """

    domain: DomainName
    id: Keyword | None
    via: tuple[Via, ...]
    gateway: Keyword | None
    senders: tuple[Keyword, ...]
    candidates: tuple[Keyword, ...]
    own_server: bool
    row: Provider | None = field(default=None, repr=False)
    gateway_row: Provider | None = field(default=None, repr=False)
    sender_rows: tuple[Provider, ...] = field(default=(), repr=False)


# --- Findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ProviderFound(Finding, severity=Severity.OK):
    """The provider is known."""

    domain: DomainName
    provider: ListName
    via: tuple[Keyword, ...]


@dataclass(frozen=True, kw_only=True)
class ProviderBehindGateway(Finding, severity=Severity.OK):
    """Mail passes a gateway, and the provider of the mailboxes behind it is known."""

    domain: DomainName
    gateway: ListName
    provider: ListName
    via: tuple[Keyword, ...]


@dataclass(frozen=True, kw_only=True)
class ProviderHiddenByGateway(Finding, severity=Severity.NOTICE):
    """Mail passes a gateway, and nothing shows who has the mailboxes behind it."""

    domain: DomainName
    gateway: ListName


@dataclass(frozen=True, kw_only=True)
class ProviderSeveral(Finding, severity=Severity.NOTICE):
    """What can be seen points to several providers."""

    domain: DomainName
    candidates: tuple[ListName, ...]


@dataclass(frozen=True, kw_only=True)
class ProviderPointsTo(Finding, severity=Severity.NOTICE):
    """The mail hosts are nobody's that we know, and a single clue points to a provider."""

    domain: DomainName
    provider: ListName
    via: Keyword


@dataclass(frozen=True, kw_only=True)
class ProviderOwnServer(Finding, severity=Severity.OK):
    """The mail hosts bear the domain's own name, and no clue points to a provider."""

    domain: DomainName
    hosts: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class ProviderNotInData(Finding, severity=Severity.NOTICE):
    """The mail hosts belong to somebody whom our data does not know."""

    domain: DomainName
    hosts: tuple[HostName, ...]
    owners: tuple[DomainName, ...]


@dataclass(frozen=True, kw_only=True)
class ProviderNoMailHost(Finding, severity=Severity.NOTICE):
    """The domain names no mail host, and no clue points to a provider."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class ProviderSenders(Finding, severity=Severity.OK):
    """The SPF record lets further providers send in the domain's name."""

    domain: DomainName
    senders: tuple[ListName, ...]


@dataclass(frozen=True, kw_only=True)
class ProviderContact(Finding, severity=Severity.NOTICE):
    """How to reach the provider, or the gateway if that is all we know, and what to write. ``checked`` is in UTC."""

    domain: DomainName
    provider: ListName
    status: Url | None
    support: Url | None
    postmaster: Url | None
    delisting: Url | None
    troubleshooter: Url | None
    reference: Keyword | None
    checked: Keyword


@dataclass(frozen=True, kw_only=True)
class ProviderCluesUnknown(Finding, severity=Severity.UNKNOWN):
    """The mail hosts are nobody's that we know, or a gateway's, and some of the clues could not be read."""

    domain: DomainName
    gateway: ListName | None
    unread: tuple[Keyword, ...]


@dataclass(frozen=True, kw_only=True)
class ProviderUnknown(Finding, severity=Severity.UNKNOWN):
    """The question for the mail hosts was not answered."""

    domain: DomainName
    reason: Trouble


# --- Procedure: looking ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Clue:
    """One sign of a provider."""

    via: Via
    provider: Provider
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Looks:
    """What was seen: the mail hosts, and the clues, which are looked for where the hosts do not tell."""

    domain: DomainName
    hosts: tuple[HostName, ...]
    clues: tuple[_Clue, ...]
    unread: tuple[Via, ...]
    evidence: tuple[int, ...]

    def of(self, *kinds: Kind) -> tuple[Provider, ...]:
        """The providers of these kinds that the mail hosts belong to."""
        return _unique(clue.provider for clue in self.clues if clue.via is Via.MX and clue.provider.kind in kinds)


async def _run(desk: Desk, known: Providers) -> Outcome[ProviderFacts]:
    name = _subject(desk.case)
    if (own := known.of_mail_domain(name)) is not None:
        clue = _Clue(via=Via.MAIL_DOMAIN, provider=own)
        seen = _Looks(domain=name, hosts=(), clues=(clue,), unread=(), evidence=())
        return _outcome(desk.case, seen, _Decision(provider=own))
    target = desk.case.target.domain
    below_target = target is not None and f".{name}".endswith(f".{target}")
    answer = await (domain.ask(desk, name, MX) if below_target else desk.dns(name, MX))
    if answer.unknown:
        return Outcome(None, (ProviderUnknown(domain=name, reason=answer.why, evidence=(answer.evidence,)),))
    hosts = _hosts(answer)
    clues = [
        _Clue(via=Via.MX, provider=each, evidence=(answer.evidence,)) for host in hosts for each in known.of_mx(host)
    ]
    looked, unread = await _look_further(desk, known, name, clues)
    seen = _Looks(domain=name, hosts=hosts, clues=(*clues, *looked), unread=tuple(unread), evidence=(answer.evidence,))
    return _outcome(desk.case, seen, _decide(seen))


def _subject(case: Case) -> DomainName:
    """Whose mail it is about: the domain of the sender's address, else the one asked about."""
    return DomainName(_sender_domain(case) or case.domain)


def _sender_domain(case: Case) -> str | None:
    try:
        return domain_name(case.sender.rpartition("@")[2]) if case.sender else None
    except NotADomainError:
        return None


def _applies(case: Case) -> bool:
    return case.target.domain is not None or _sender_domain(case) is not None


def _hosts(answer: Answer[Mx]) -> tuple[HostName, ...]:
    """The mail hosts, best first; none for a null MX (RFC 7505)."""
    return tuple(dict.fromkeys(HostName(record.exchange) for record in sorted(answer.records) if record.exchange))


async def _look_further(
    desk: Desk, known: Providers, name: DomainName, of_hosts: Sequence[_Clue]
) -> tuple[list[_Clue], list[Via]]:
    """Look for the clues that are needed; with them, give those that could not be read."""
    sources = [_in_spf(desk, known, name)]
    if not any(clue.provider.kind is not Kind.GATEWAY for clue in of_hosts):
        sources.append(_in_autodiscover(desk, known, name))
        if not of_hosts:
            sources += [_in_reverse(desk, known, name), _in_name_servers(desk, known, name)]
    read = await asyncio.gather(*sources)
    return [clue for clues, _ in read for clue in clues], [via for _, via in read if via is not None]


_Read = tuple[list[_Clue], Via | None]
"""The clues of one kind, and the kind if they could not all be read."""


async def _in_spf(desk: Desk, known: Providers, name: DomainName) -> _Read:
    facts = await desk.facts_or_none(spf.CHECK)
    if facts is None:
        return [], Via.SPF
    evidence = (await desk.dns(name, TXT)).evidence
    return [_Clue(via=Via.SPF, provider=each, evidence=(evidence,)) for each in _included(facts, known)], None


def _included(facts: spf.SpfFacts, known: Providers) -> Iterator[Provider]:
    """Whose servers the record lets in; what a provider includes in turn is its own business."""
    within = 0
    for term in permitted(facts.terms):
        if within and term.depth > within:
            continue
        within = 0
        if term.domain is not None:
            found = known.of_spf_include(term.domain)
            within = term.depth if found else 0
            yield from found


def permitted(terms: Iterable[spf.SpfTerm]) -> Iterator[spf.SpfTerm]:
    """The terms that lead to a record whose senders may send: with another qualifier than ``+`` they may not."""
    beyond: int | None = None
    for term in terms:
        if beyond is not None and term.depth > beyond:
            continue
        leads = term.term.removeprefix("+").lower().startswith(_POLICY_TERMS)
        beyond = None if leads else term.depth
        if leads:
            yield term


async def _in_autodiscover(desk: Desk, known: Providers, name: DomainName) -> _Read:
    answer = await desk.dns(f"autodiscover.{name}", CNAME)
    found = (each for target in answer.records for each in known.of_autodiscover(target))
    clues = [_Clue(via=Via.AUTODISCOVER, provider=each, evidence=(answer.evidence,)) for each in found]
    return clues, Via.AUTODISCOVER if answer.unknown else None


async def _in_reverse(desk: Desk, known: Providers, name: DomainName) -> _Read:
    facts = await desk.facts_or_none(reverse.CHECK)
    if facts is None:
        return [], Via.PTR
    # Anybody may give an address any name: only one that leads back to the address says whose it is.
    named = [
        (each.ip, each.ptr)
        for each in facts.addresses
        if each.ptr
        and each.forward_confirmed
        and (each.why is reverse.Why.SENDING_IP or name == desk.case.target.domain)
    ]
    clues: list[_Clue] = []
    for ip, ptr in named:
        if found := known.of_ptr(ptr):
            evidence = (await desk.dns(ipaddress.ip_address(ip).reverse_pointer, PTR)).evidence
            clues += [_Clue(via=Via.PTR, provider=each, evidence=(evidence,)) for each in found]
    return clues, None


async def _in_name_servers(desk: Desk, known: Providers, name: DomainName) -> _Read:
    if name != desk.case.target.domain:
        return [], None
    facts = await desk.facts_or_none(domain.CHECK)
    if facts is None:
        return [], Via.NS
    found = _unique(each for server in facts.name_servers for each in known.of_name_server(server))
    return [_Clue(via=Via.NS, provider=each) for each in found], None


# --- Procedure: deciding ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Decision:
    """The provider, or those it may be."""

    provider: Provider | None = None
    candidates: tuple[Provider, ...] = ()


def _decide(seen: _Looks) -> _Decision:
    of_hosts = seen.of(Kind.MAILBOX, Kind.HOSTING, Kind.ESP)
    if of_hosts:
        agreed = _unique(clue.provider for clue in seen.clues if clue.via is not Via.MX and clue.provider in of_hosts)
        return _one_of(of_hosts if len(of_hosts) == 1 else agreed or of_hosts)
    signs: dict[Provider, set[Via]] = {}
    for clue in seen.clues:
        if clue.provider.kind in _MAILBOXES:
            signs.setdefault(clue.provider, set()).add(clue.via)
    if seen.of(Kind.GATEWAY):
        to_mailboxes = tuple(each for each, vias in signs.items() if Via.AUTODISCOVER in vias)
        return _one_of(to_mailboxes or tuple(signs))
    most = max(map(len, signs.values()), default=0)
    best = tuple(each for each, vias in signs.items() if len(vias) == most)
    return _one_of(best) if most >= _ENOUGH else _Decision(candidates=tuple(signs))


def _one_of(candidates: tuple[Provider, ...]) -> _Decision:
    return _Decision(provider=candidates[0]) if len(candidates) == 1 else _Decision(candidates=candidates)


def _outcome(case: Case, seen: _Looks, decision: _Decision) -> Outcome[ProviderFacts]:
    provider = decision.provider
    gateway = next(iter(seen.of(Kind.GATEWAY)), None)
    senders = _senders(seen, decision, gateway)
    findings = [_found(seen, decision, gateway)]
    if senders:
        findings.append(
            ProviderSenders(domain=seen.domain, senders=_names(senders), evidence=_evidence(seen, *senders))
        )
    if (contact := provider or gateway) is not None:
        findings.append(_contact(case, seen.domain, contact))
    facts = ProviderFacts(
        domain=seen.domain,
        id=None if provider is None else Keyword(provider.id),
        via=_vias(seen, provider),
        gateway=None if gateway is None else Keyword(gateway.id),
        senders=tuple(Keyword(each.id) for each in senders),
        candidates=tuple(Keyword(each.id) for each in decision.candidates),
        own_server=any(isinstance(finding, ProviderOwnServer) for finding in findings),
        row=provider,
        gateway_row=gateway,
        sender_rows=senders,
    )
    return Outcome(facts, tuple(findings))


def _senders(seen: _Looks, decision: _Decision, gateway: Provider | None) -> tuple[Provider, ...]:
    """Who may send beside the provider. Until the provider is known, another one may be it."""
    told = {decision.provider, gateway, *decision.candidates}
    return _unique(clue.provider for clue in seen.clues if clue.via is Via.SPF and clue.provider not in told)


def _found(seen: _Looks, decision: _Decision, gateway: Provider | None) -> Finding:
    name, provider, evidence = seen.domain, decision.provider, _evidence(seen)
    if provider is not None:
        via = tuple(Keyword(each.value) for each in _vias(seen, provider))
        evidence = _evidence(seen, provider)
        if gateway is not None and Via.MX not in _vias(seen, provider):
            return ProviderBehindGateway(
                domain=name,
                gateway=ListName(gateway.shown),
                provider=ListName(provider.shown),
                via=via,
                evidence=evidence,
            )
        return ProviderFound(domain=name, provider=ListName(provider.shown), via=via, evidence=evidence)
    if len(decision.candidates) > 1:
        evidence = _evidence(seen, *decision.candidates)
        return ProviderSeveral(domain=name, candidates=_names(decision.candidates), evidence=evidence)
    if gateway is not None and not seen.unread:
        return ProviderHiddenByGateway(domain=name, gateway=ListName(gateway.shown), evidence=evidence)
    if decision.candidates:
        (only,) = decision.candidates
        return ProviderPointsTo(
            domain=name,
            provider=ListName(only.shown),
            via=Keyword(_vias(seen, only)[0].value),
            evidence=_evidence(seen, only),
        )
    if seen.unread:
        unread = tuple(Keyword(each.value) for each in seen.unread)
        shown = None if gateway is None else ListName(gateway.shown)
        return ProviderCluesUnknown(domain=name, gateway=shown, unread=unread, evidence=evidence)
    if not seen.hosts:
        return ProviderNoMailHost(domain=name, evidence=evidence)
    owners = tuple(dict.fromkeys(_owner(host) for host in seen.hosts))
    if _owner(name) in owners:
        return ProviderOwnServer(domain=name, hosts=seen.hosts, evidence=evidence)
    return ProviderNotInData(domain=name, hosts=seen.hosts, owners=owners, evidence=evidence)


def _owner(name: str) -> DomainName:
    """The registered domain that a name lies in."""
    return DomainName(registered_domain(name) or name)


def _contact(case: Case, name: DomainName, provider: Provider) -> Finding:
    return ProviderContact(
        domain=name,
        provider=ListName(provider.shown),
        status=_page(provider.status_page),
        support=_page(provider.support),
        postmaster=_page(provider.postmaster),
        delisting=_page(provider.delisting),
        troubleshooter=_page(provider.troubleshooter),
        reference=None if case.reference is None else Keyword(case.reference),
        checked=Keyword(datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")),
    )


def _page(url: str | None) -> Url | None:
    return None if url is None else Url(url)


def _vias(seen: _Looks, provider: Provider | None) -> tuple[Via, ...]:
    used = {clue.via for clue in seen.clues if clue.provider == provider}
    return tuple(via for via in Via if via in used)


def _evidence(seen: _Looks, *providers: Provider) -> tuple[int, ...]:
    """The question for the mail hosts and what else speaks for these providers."""
    more = (number for clue in seen.clues if clue.provider in providers for number in clue.evidence)
    return tuple(dict.fromkeys((*seen.evidence, *more)))


def _names(providers: Iterable[Provider]) -> tuple[ListName, ...]:
    return tuple(ListName(each.shown) for each in providers)


def _unique(providers: Iterable[Provider]) -> tuple[Provider, ...]:
    return tuple(dict.fromkeys(providers))


def check(known: Providers) -> Check[ProviderFacts]:
    """Make the check for these providers: an operator may know others than the shipped ones."""

    async def run(desk: Desk) -> Outcome[ProviderFacts]:
        return await _run(desk, known)

    return Check(
        name="provider",
        remedy=Remedy.PROVIDER,
        applies=_applies,
        needs=(domain.CHECK, spf.CHECK, reverse.CHECK),
        findings=(
            ProviderFound,
            ProviderBehindGateway,
            ProviderHiddenByGateway,
            ProviderSeveral,
            ProviderPointsTo,
            ProviderOwnServer,
            ProviderNotInData,
            ProviderNoMailHost,
            ProviderSenders,
            ProviderContact,
            ProviderCluesUnknown,
            ProviderUnknown,
        ),
        budget=10.0,
        rfcs=("RFC 5321", "RFC 7208"),
        run=run,
    )


CHECK: Check[ProviderFacts] = check(shipped())
