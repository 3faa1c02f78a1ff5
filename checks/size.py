"""Whether the message is too big, and for whom.

A file grows on its way: base64 makes four characters of three octets and ends each line of 76 characters, which hold 57
octets, by CR and LF (RFC 2045 §6.8), so 57 octets become 78. Servers judge the message that arrives, not the file. They
announce how much they take in their answer to EHLO (SIZE, RFC 1870 §3), so that nobody has to send a message to find
out. Each hop has a limit of its own: the provider's rules, the server that takes the mail in, and the recipient's.

The size on a ticket may be the file's or the whole message's. What is above a limit even as it stands is refused; what
is above it only after it has grown is refused if the file was meant. The text of the mail and its header come on top:
room is left for them, so a file that is said to fit is never above the largest that is told.

Looked at: what the provider's pages say, what the submission servers announce, and what the mail hosts of the recipient
announce, or those of the domain itself if the ticket names no recipient. Not looked at: limits inside a company,
behind its mail hosts, which nothing announces.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from checks import domain, mx, provider, receiving, submission, visits
from checks.case import Case, NotADomainError, domain_name
from checks.causes import Cause, Remedy
from checks.check import (
    Bytes,
    Check,
    Day,
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
from checks.network.answers import MX
from checks.provider import ProviderFacts
from checks.provider_data import Confidence, Counted, Provider, SizeLimit
from checks.submission_discovery import RELAY
from checks.submission_servers import PORTS, Server, SubmissionFacts

MOST_HOSTS = 2
"""Mail hosts of the recipient that are visited."""
HEADROOM = 16_384
"""Octets left for header, text and boundaries wherever a file is held against the limit of a message."""

_LINE_IN, _LINE_OUT = 57, 78

# --- Facts -----------------------------------------------------------------------------------------------------------


class Hop(StrEnum):
    """Where a message is judged, in the order of its way."""

    PROVIDER = "provider"
    """By the rules of the sender's provider, as its pages have them."""
    SUBMISSION = "submission"
    RECEIVING = "receiving"


@dataclass(frozen=True, kw_only=True)
class HopLimit:
    """One limit on the way, in octets; ``None``: could not be told, or none is announced. 0 is "no limit" (RFC 1870).

    ``fits`` is for a file of the size, having grown, with header and text; ``None``: could not be told.
    """

    hop: Hop
    host: HostName | None
    limit: int | None
    fits: bool | None


@dataclass(frozen=True, kw_only=True)
class SizeFacts:
    """The size that was stated, in octets, what it grows to as an attachment, and the limits it meets."""

    size: int
    encoded: int
    hops: tuple[HopLimit, ...]


# --- Findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _AtServer(Finding, severity=Severity.OK):
    """What is said of one server. ``largest`` is the largest file that it takes."""

    host: HostName
    size: Bytes
    encoded: Bytes
    limit: Bytes
    largest: Bytes


class SizeTooBigToHandIn(_AtServer, severity=Severity.PROBLEM, cause=Cause.MESSAGE_TOO_BIG):
    """The submission server takes nothing of this size, whatever is meant by it."""


class SizeGrowsTooBigToHandIn(_AtServer, severity=Severity.WARNING, cause=Cause.MESSAGE_TOO_BIG):
    """The submission server takes this size, but not what a file of this size grows to."""


@dataclass(frozen=True, kw_only=True)
class SizeTooBigToReceive(_AtServer, severity=Severity.PROBLEM, cause=Cause.MESSAGE_TOO_BIG):
    """The best mail host that answered takes nothing of this size, whatever is meant by it."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class SizeGrowsTooBigToReceive(_AtServer, severity=Severity.WARNING, cause=Cause.MESSAGE_TOO_BIG):
    """The best mail host that answered takes this size, but not what a file of this size grows to."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class SizeRecipientTakesNoMail(Finding, severity=Severity.PROBLEM, cause=Cause.RECIPIENT_DOMAIN_INVALID):
    """The domain of the recipient has a null MX (RFC 7505 §3): it takes no mail of any size."""

    domain: DomainName


@dataclass(frozen=True, kw_only=True)
class SizeOverProviderLimit(Finding, severity=Severity.WARNING, cause=Cause.MESSAGE_TOO_BIG):
    """The provider's own pages allow less. ``counted``: ``message``, after it has grown, or the files."""

    provider: ListName
    size: Bytes
    encoded: Bytes
    limit: Bytes
    largest: Bytes
    counted: Keyword
    plan_name: ListName | None
    page: Url
    as_of: Day | None
    outdated: Keyword


@dataclass(frozen=True, kw_only=True)
class SizeFits(Finding, severity=Severity.OK):
    """It fits everywhere that a limit is known, even as a file that grows."""

    size: Bytes
    encoded: Bytes
    hops: tuple[Keyword, ...]


@dataclass(frozen=True, kw_only=True)
class SizeNotAnnounced(Finding, severity=Severity.NOTICE):
    """Servers answer and announce no limit, or none at all (SIZE 0): it shows only when the message is sent."""

    hosts: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class SizeUnknown(Finding, severity=Severity.UNKNOWN):
    """The servers of a hop could not be asked, or are not known."""

    hop: Keyword
    hosts: tuple[HostName, ...]


# --- Procedure: arithmetic -------------------------------------------------------------------------------------------


def encoded(size: int) -> int:
    """What a file of this size becomes in base64, in octets, with the line ends (RFC 2045 §6.8)."""
    lines = -(-size // _LINE_IN)
    return 4 * (-(-size // 3)) + 2 * lines


def largest(limit: int) -> int:
    """The largest file that fits into a message of this size, with room for header and text."""
    lines, rest = divmod(max(0, limit - HEADROOM), _LINE_OUT)
    return lines * _LINE_IN + max(0, rest - 2) // 4 * 3


# --- Procedure: looking ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Server:
    """What one server announces: ``limit`` as in ``HopLimit``."""

    host: HostName
    reachable: bool
    limit: int | None
    evidence: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class _MailHosts:
    """The mail hosts, best first. ``refused``: the domain takes no mail. ``evidence``: the question for them."""

    servers: Sequence[_Server]
    refused: bool
    evidence: tuple[int, ...]


async def _run(desk: Desk, who: Check[ProviderFacts], handing_in: Check[SubmissionFacts]) -> Outcome[SizeFacts]:
    size = desk.case.size or 0
    name = _recipient_domain(desk.case) or desk.case.domain
    mail = await _mail_hosts(desk, name)
    servers = mail.servers
    of_provider, of_submission = await desk.facts_or_none(who), await desk.facts_or_none(handing_in)
    row = of_provider.row if of_provider is not None else None
    # A submission server of the same host on two ports has one limit.
    known = of_submission.servers if of_submission is not None else ()
    doors = _each_once(await asyncio.gather(*(_door(desk, each) for each in known)))
    today = datetime.now(UTC).date()
    hops = (
        *(_by_rule(rule, size) for rule in (_rules(row) if row is not None else ())),
        *(_at(Hop.SUBMISSION, each, size) for each in doors),
        *(_at(Hop.RECEIVING, each, size) for each in servers),
    )
    findings = [
        *(_over_rules(row, size, today) if row is not None else ()),
        *_to_hand_in(doors, size),
        *_to_receive(servers, DomainName(name), size),
    ]
    if not findings and (fits := tuple(dict.fromkeys(Keyword(each.hop.value) for each in hops if each.fits))):
        fitting = _evidence(each for each in (*doors, *servers) if each.limit is not None)
        findings.append(SizeFits(size=Bytes(size), encoded=Bytes(encoded(size)), hops=fits, evidence=fitting))
    if mail.refused and _recipient_domain(desk.case):
        findings.append(SizeRecipientTakesNoMail(domain=DomainName(name), evidence=mail.evidence))
    findings += _untold(doors, mail)
    return Outcome(SizeFacts(size=size, encoded=encoded(size), hops=hops), tuple(findings))


def _applies(case: Case) -> bool:
    return case.size is not None and case.target.domain is not None


def _recipient_domain(case: Case) -> str | None:
    try:
        return domain_name(case.recipient.rpartition("@")[2]) if case.recipient else None
    except NotADomainError:
        return None


async def _mail_hosts(desk: Desk, name: str) -> _MailHosts:
    """What the mail hosts announce: those of the domain as ``receiving`` saw them, others on a visit of our own."""
    answer = await desk.dns(name, MX)
    refused = bool(answer.records) and not any(record.exchange for record in answer.records)
    if name == desk.case.target.domain:
        facts = await desk.facts_or_none(receiving.CHECK)
        servers = await asyncio.gather(*(_host(desk, each) for each in (facts.hosts if facts is not None else ())))
    else:
        hosts = [record.exchange for record in sorted(answer.records) if record.exchange][:MOST_HOSTS]
        if answer.absent:
            hosts = [name]
        servers = [_of_visit(each) for each in await asyncio.gather(*(visits.visit(desk, host) for host in hosts))]
    return _MailHosts(servers=servers, refused=refused, evidence=(answer.evidence,))


async def _host(desk: Desk, seen: receiving.ReceivingHost) -> _Server:
    talk = await desk.smtp(seen.name, seen.address, seen.port)  # held before by that check: here for the evidence
    return _Server(host=seen.name, reachable=bool(seen.reachable), limit=seen.size, evidence=(talk.evidence,))


async def _door(desk: Desk, seen: Server) -> _Server:
    """One port of a submission server; the conversation that was held on it is asked for again for the evidence."""
    known = await mx.addresses(desk, seen.host)
    tried = mx.visited(known.found) if seen.port in (*PORTS, RELAY) else ()
    talks = await asyncio.gather(*(desk.smtp(seen.host, address, seen.port) for address in tried))
    evidence = tuple(talk.evidence for talk in talks if talk.evidence) or known.evidence
    return _Server(host=seen.host, reachable=bool(seen.reachable), limit=seen.size, evidence=evidence)


def _of_visit(visit: visits.Visit) -> _Server:
    greeted = [ehlo for talk in visit.talks if (ehlo := talk.ehlo_after_tls or talk.ehlo) is not None]
    limit = next((ehlo.size for ehlo in greeted if ehlo.size is not None), None)
    return _Server(host=visit.host, reachable=bool(greeted), limit=limit, evidence=visit.evidence)


def _each_once(servers: Iterable[_Server]) -> tuple[_Server, ...]:
    """One for each host: the port that announces a limit before one that does not."""
    best: dict[HostName, _Server] = {}
    for each in servers:
        known = best.get(each.host)
        if known is None or (known.limit is None and (each.limit is not None or each.reachable)):
            best[each.host] = each
    return tuple(best.values())


# --- Procedure: judging ----------------------------------------------------------------------------------------------


def _at(hop: Hop, server: _Server, size: int) -> HopLimit:
    fits = None if server.limit is None else not server.limit or size <= largest(server.limit)
    return HopLimit(hop=hop, host=server.host, limit=server.limit, fits=fits)


def _by_rule(rule: SizeLimit, size: int) -> HopLimit:
    return HopLimit(hop=Hop.PROVIDER, host=None, limit=rule.octets, fits=not _breaks(rule, size))


def _rules(row: Provider) -> Iterator[SizeLimit]:
    """The rules that are good enough to judge by: those that the provider's own pages state."""
    return (rule for rule in row.sizes if rule.confidence is not Confidence.LOW)


def _breaks(rule: SizeLimit, size: int) -> bool:
    return size > _most(rule)


def _most(rule: SizeLimit) -> int:
    """The largest file that a rule allows."""
    return rule.octets if rule.counted is Counted.ATTACHMENTS else largest(rule.octets)


def _over_rules(row: Provider, size: int, today: date) -> Iterator[Finding]:
    for rule in _rules(row):
        if not _breaks(rule, size):
            continue
        yield SizeOverProviderLimit(
            provider=ListName(row.shown),
            size=Bytes(size),
            encoded=Bytes(encoded(size)),
            limit=Bytes(rule.octets),
            largest=Bytes(_most(rule)),
            counted=Keyword(rule.counted.value),
            plan_name=None if rule.plan_name is None else ListName(rule.plan_name),
            page=Url(rule.source_url),
            as_of=None if rule.as_of is None else Day(rule.as_of),
            outdated=Keyword("yes" if rule.source.outdated(today) else "no"),
        )


def _to_hand_in(doors: Iterable[_Server], size: int) -> Iterator[Finding]:
    for each in doors:
        if each.limit and size > largest(each.limit):
            code = SizeTooBigToHandIn if size > each.limit else SizeGrowsTooBigToHandIn
            yield code(
                host=each.host,
                size=Bytes(size),
                encoded=Bytes(encoded(size)),
                limit=Bytes(each.limit),
                largest=Bytes(largest(each.limit)),
                evidence=each.evidence,
            )


def _to_receive(servers: Sequence[_Server], name: DomainName, size: int) -> Iterator[Finding]:
    """Judge by the best host that answered: a sender that is refused there for good goes to no other."""
    host = next((each for each in servers if each.reachable), None)
    if host is not None and host.limit and size > largest(host.limit):
        code = SizeTooBigToReceive if size > host.limit else SizeGrowsTooBigToReceive
        yield code(
            domain=name,
            host=host.host,
            size=Bytes(size),
            encoded=Bytes(encoded(size)),
            limit=Bytes(host.limit),
            largest=Bytes(largest(host.limit)),
            evidence=host.evidence,
        )


def _untold(doors: Sequence[_Server], mail: _MailHosts) -> Iterator[Finding]:
    if silent := [each for each in (*doors, *mail.servers) if each.reachable and not each.limit]:
        yield SizeNotAnnounced(hosts=tuple(dict.fromkeys(each.host for each in silent)), evidence=_evidence(silent))
    for hop, known, asked in ((Hop.SUBMISSION, doors, ()), (Hop.RECEIVING, mail.servers, mail.evidence)):
        if (hop is Hop.RECEIVING and mail.refused) or any(each.reachable for each in known):
            continue
        hosts, evidence = tuple(each.host for each in known), (*asked, *_evidence(known))
        yield SizeUnknown(hop=Keyword(hop.value), hosts=hosts, evidence=evidence)


def _evidence(servers: Iterable[_Server]) -> tuple[int, ...]:
    return tuple(number for each in servers for number in each.evidence)


def check(who: Check[ProviderFacts], handing_in: Check[SubmissionFacts]) -> Check[SizeFacts]:
    """Make the check for what these checks of the provider and of the submission servers find."""

    async def run(desk: Desk) -> Outcome[SizeFacts]:
        return await _run(desk, who, handing_in)

    return Check(
        name="size",
        remedy=Remedy.SIZE,
        applies=_applies,
        needs=(domain.CHECK, mx.CHECK, receiving.CHECK, who, handing_in),
        findings=(
            SizeTooBigToHandIn,
            SizeGrowsTooBigToHandIn,
            SizeTooBigToReceive,
            SizeGrowsTooBigToReceive,
            SizeRecipientTakesNoMail,
            SizeOverProviderLimit,
            SizeFits,
            SizeNotAnnounced,
            SizeUnknown,
        ),
        budget=16.0,
        rfcs=("RFC 1870", "RFC 2045", "RFC 7505"),
        run=run,
    )


CHECK: Check[SizeFacts] = check(provider.CHECK, submission.CHECK)
