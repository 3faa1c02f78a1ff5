"""Whether a blocklist names the address that sends, or the domain.

Many receivers refuse mail by the word of a DNS blocklist (RFC 5782). What a listing means differs: an infected machine,
a spammer, or merely a range that should send through its provider, which blames nobody. Whether it matters differs too:
some lists are used everywhere, others by hardly anyone.

Looked at: the sending address that the ticket states, and an address that is the target; if there is neither, the mail
hosts, which may differ from the hosts that send. The registered domain is asked for on the lists of domains. Not looked
at: lists that need a key, allowlists, and whether a given receiver uses a list.

How one list is asked, and when it is believed, is in ``dnsbl``; what the lists are and mean in ``blocklist_data``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict, TypeVar

from publicsuffixlist import PublicSuffixList

from checks import dnsbl, domain, mx
from checks.blocklist_data import Blocklist, Impact, Meaning, Takes, load
from checks.case import Case
from checks.causes import Cause, Remedy
from checks.check import (
    Check,
    Count,
    Day,
    Desk,
    DomainName,
    FactsMissing,
    Finding,
    HostName,
    IpAddress,
    Keyword,
    ListName,
    Outcome,
    RecordText,
    Severity,
    Url,
)
from checks.dnsbl import Reply, Said, Subject, Why
from checks.network.answers import Mx, Trouble

MOST_ADDRESSES = 4
"""Addresses that are asked about: lists ask not to be scanned."""

_SUFFIXES = PublicSuffixList()
_HACKED = frozenset({Meaning.HACKED_SITE, Meaning.REDIRECTOR})
_INFECTED = frozenset({Meaning.INFECTED, Meaning.BOTNET_CONTROLLER})
_NO_BLAME = frozenset({Meaning.POLICY_RANGE})
_HARMLESS = frozenset({Meaning.NEIGHBOURS, Meaning.BULK_SENDER})

T = TypeVar("T")
K = TypeVar("K")

# --- Facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class BlocklistAnswer:
    """What one list says of one address or domain.

    ``listed`` is ``None`` if it could not be told. ``codes`` are the addresses it answered with. ``reason`` is the
    list's own words for a listing, and a key word for what could not be told.
    """

    list: ListName
    subject: str
    listed: bool | None
    codes: tuple[Keyword, ...]
    reason: RecordText | None


@dataclass(frozen=True, kw_only=True)
class BlocklistFacts:
    """Every answer."""

    answers: tuple[BlocklistAnswer, ...]


# --- Findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class BlocklistsClean(Finding, severity=Severity.OK):
    """No list that answered names the addresses; ``without_ipv6`` lists cannot be asked about IPv6 addresses.

    ``why`` tells a sending address, a target and a mail host apart.
    """

    addresses: tuple[IpAddress, ...]
    why: Keyword
    answered: Count
    asked: Count
    without_ipv6: Count


@dataclass(frozen=True, kw_only=True)
class BlocklistsDomainClean(Finding, severity=Severity.OK):
    """No list of domains that answered names the domain."""

    domain: DomainName
    answered: Count
    asked: Count


@dataclass(frozen=True, kw_only=True)
class BlocklistsListed(Finding, severity=Severity.PROBLEM, cause=Cause.IP_BLOCKLISTED):
    """A widely used list names the sending address, or the address asked about, for spam."""

    address: IpAddress
    list: ListName
    codes: tuple[Keyword, ...]
    meaning: Keyword
    reason: RecordText | None
    removal: Keyword
    page: Url | None
    as_of: Day | None


@dataclass(frozen=True, kw_only=True)
class BlocklistsListedOnMx(Finding, severity=Severity.WARNING, cause=Cause.IP_BLOCKLISTED):
    """A widely used list names a mail host for spam, which matters if the host sends as well."""

    address: IpAddress
    list: ListName
    codes: tuple[Keyword, ...]
    meaning: Keyword
    reason: RecordText | None
    removal: Keyword
    page: Url | None
    as_of: Day | None


@dataclass(frozen=True, kw_only=True)
class BlocklistsInfected(Finding, severity=Severity.PROBLEM, cause=Cause.IP_BLOCKLISTED):
    """A widely used list says that a machine behind the address is infected or hijacked."""

    address: IpAddress
    why: Keyword
    list: ListName
    codes: tuple[Keyword, ...]
    meaning: Keyword
    reason: RecordText | None
    page: Url | None
    as_of: Day | None


@dataclass(frozen=True, kw_only=True)
class BlocklistsInfectedMinor(Finding, severity=Severity.WARNING, cause=Cause.IP_BLOCKLISTED):
    """Smaller lists say that a machine behind the address is infected."""

    address: IpAddress
    lists: tuple[ListName, ...]
    pages: tuple[Url, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsListedMinor(Finding, severity=Severity.WARNING, cause=Cause.IP_BLOCKLISTED):
    """Smaller lists name the address."""

    address: IpAddress
    why: Keyword
    lists: tuple[ListName, ...]
    pages: tuple[Url, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsPolicySending(Finding, severity=Severity.WARNING, cause=Cause.IP_BLOCKLISTED):
    """The sending address lies in a range that should not send directly."""

    address: IpAddress
    lists: tuple[ListName, ...]
    pages: tuple[Url, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsPolicy(Finding, severity=Severity.NOTICE):
    """The address lies in a range that should not send directly; whether it does is not known."""

    address: IpAddress
    lists: tuple[ListName, ...]
    pages: tuple[Url, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsNoted(Finding, severity=Severity.NOTICE):
    """Lists by which hardly anybody refuses mail name the address, or a list names its neighbours."""

    address: IpAddress
    lists: tuple[ListName, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsDomainListed(Finding, severity=Severity.PROBLEM, cause=Cause.IP_BLOCKLISTED):
    """A widely used list names the domain."""

    domain: DomainName
    list: ListName
    codes: tuple[Keyword, ...]
    meaning: Keyword
    reason: RecordText | None
    page: Url | None
    as_of: Day | None


@dataclass(frozen=True, kw_only=True)
class BlocklistsDomainHacked(Finding, severity=Severity.PROBLEM, cause=Cause.IP_BLOCKLISTED):
    """A widely used list takes the domain for a good one whose web site or mail form was broken into."""

    domain: DomainName
    list: ListName
    codes: tuple[Keyword, ...]
    reason: RecordText | None
    page: Url | None
    as_of: Day | None


@dataclass(frozen=True, kw_only=True)
class BlocklistsDomainListedMinor(Finding, severity=Severity.WARNING, cause=Cause.IP_BLOCKLISTED):
    """Smaller lists name the domain."""

    domain: DomainName
    lists: tuple[ListName, ...]
    pages: tuple[Url, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsDomainNoted(Finding, severity=Severity.NOTICE):
    """Lists name the domain in a way for which hardly anybody refuses mail."""

    domain: DomainName
    lists: tuple[ListName, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsRefused(Finding, severity=Severity.UNKNOWN):
    """Lists refuse to be asked from here."""

    lists: tuple[ListName, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsOddAnswer(Finding, severity=Severity.UNKNOWN):
    """What came back in the name of the lists is none of their documented answers."""

    lists: tuple[ListName, ...]
    answers: tuple[Keyword, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsListUnusable(Finding, severity=Severity.UNKNOWN):
    """Lists fail their own test from here: the test entry is missing, or what no list may list is listed."""

    lists: tuple[ListName, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsNoAnswer(Finding, severity=Severity.UNKNOWN):
    """Lists did not answer."""

    lists: tuple[ListName, ...]
    reason: Trouble


@dataclass(frozen=True, kw_only=True)
class BlocklistsPrivateAddress(Finding, severity=Severity.UNKNOWN):
    """The address stated only exists inside somebody's network: no list knows it."""

    address: IpAddress


@dataclass(frozen=True, kw_only=True)
class BlocklistsAddressUnknown(Finding, severity=Severity.UNKNOWN):
    """The addresses of mail hosts could not be told, so no list could be asked about them.

    Without ``hosts``, the mail hosts themselves could not be told.
    """

    hosts: tuple[HostName, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsNoList(Finding, severity=Severity.UNKNOWN):
    """No list in our data takes addresses of this kind."""

    addresses: tuple[IpAddress, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsNotAllAddresses(Finding, severity=Severity.NOTICE):
    """There are more mail hosts, or more addresses of them, than are asked about."""

    hosts: tuple[HostName, ...]
    addresses: tuple[IpAddress, ...]


@dataclass(frozen=True, kw_only=True)
class BlocklistsNoAddress(Finding, severity=Severity.NOTICE):
    """The ticket states no sending address, and the domain has no mail host with one."""


# --- Procedure: whom to ask about ------------------------------------------------------------------------------------


async def _run(desk: Desk, asked: Sequence[Blocklist]) -> Outcome[BlocklistFacts]:
    """Ask every list about everything it takes, all at once."""
    (of_addresses, about_addresses), of_domain = await asyncio.gather(
        _of_addresses(desk, asked), _of_domain(desk, asked)
    )
    replies = [*of_addresses, *of_domain]
    findings = [*_clean(replies, asked), *_listed(replies), *_untold(replies), *about_addresses]
    facts = BlocklistFacts(answers=tuple(_fact(reply) for reply in replies))
    return Outcome(facts if replies else None, tuple(findings))


def _fact(reply: Reply) -> BlocklistAnswer:
    told = {Said.LISTED: True, Said.NOT_LISTED: False}.get(reply.said)
    doubt = RecordText(reply.trouble.value if reply.trouble else reply.said.value)
    return BlocklistAnswer(
        list=reply.name,
        subject=reply.subject.text,
        listed=told,
        codes=reply.codes,
        reason=doubt if told is None else reply.reason,
    )


async def _ask_all(desk: Desk, lists: Iterable[Blocklist], subject: Subject) -> Sequence[Reply]:
    return await asyncio.gather(*(dnsbl.ask(desk, each, subject) for each in lists if subject.kind in each.takes))


async def _of_domain(desk: Desk, lists: Sequence[Blocklist]) -> Sequence[Reply]:
    name = desk.case.target.domain
    if name is None:
        return ()
    registered = _SUFFIXES.privatesuffix(name) or name  # the lists know domains, not the hosts below them
    return await _ask_all(desk, lists, Subject(registered, Takes.DOMAIN, Why.TARGET))


async def _of_addresses(desk: Desk, lists: Sequence[Blocklist]) -> tuple[Sequence[Reply], Sequence[Finding]]:
    """Ask about the addresses; beside the replies, give what is to be said of the choice."""
    stated = _stated(desk.case)
    findings: list[Finding]
    if stated:
        public = [subject for subject in stated if mx.reaches_internet(subject.text)]
        each = await asyncio.gather(*(_ask_all(desk, lists, subject) for subject in public))
        findings = [
            BlocklistsPrivateAddress(address=IpAddress(subject.text)) for subject in stated if subject not in public
        ]
    else:
        try:
            public, each, findings = await _mail_hosts(desk, lists)
        except FactsMissing as missing:
            if missing.check is domain.CHECK:
                raise
            return (), (BlocklistsAddressUnknown(hosts=()),)
    if unasked := tuple(IpAddress(subject.text) for subject, replies in zip(public, each, strict=True) if not replies):
        findings.append(BlocklistsNoList(addresses=unasked))
    return [reply for replies in each for reply in replies], findings


def _stated(case: Case) -> list[Subject]:
    stated = {case.target.address: Why.TARGET, case.sender_ip: Why.SENDING_IP}
    return [dnsbl.address(text, why) for text, why in stated.items() if text is not None]


async def _mail_hosts(
    desk: Desk, lists: Sequence[Blocklist]
) -> tuple[list[Subject], list[Sequence[Reply]], list[Finding]]:
    """Ask about the best mail hosts, each as soon as its addresses are known."""
    every = await mx.hosts(desk)
    nearest, others = every[:MOST_ADDRESSES], every[MOST_ADDRESSES:]
    share = MOST_ADDRESSES // len(nearest) if nearest else 0

    async def visit(host: Mx) -> tuple[mx.Addresses, Sequence[tuple[Subject, Sequence[Reply]]]]:
        known = await mx.addresses(desk, host.exchange)
        public = [address for address in mx.visited(known.found) if mx.reaches_internet(address)][:share]
        subjects = [dnsbl.address(address, Why.MAIL_HOST) for address in public]
        replies = await asyncio.gather(*(_ask_all(desk, lists, subject) for subject in subjects))
        return known, [*zip(subjects, replies, strict=True)]

    visits = await asyncio.gather(*(visit(host) for host in nearest))
    seen = {subject: replies for _, pairs in visits for subject, replies in pairs}
    asked = {subject.text for subject in seen}
    unseen = dict.fromkeys(ip for known, _ in visits for ip in known.found if ip not in asked)
    left_out = tuple(ip for ip in unseen if mx.reaches_internet(ip))
    findings: list[Finding] = []
    if others or left_out:
        names = tuple(HostName(host.exchange) for host in others)
        findings.append(BlocklistsNotAllAddresses(hosts=names, addresses=left_out))
    pairs = zip(nearest, visits, strict=True)
    if dark := [(host, known) for host, (known, _) in pairs if known.trouble and not known.found]:
        names = tuple(HostName(host.exchange) for host, _ in dark)
        evidence = tuple(number for _, known in dark for number in known.evidence)
        findings.append(BlocklistsAddressUnknown(hosts=names, evidence=evidence))
    elif not seen:
        findings.append(BlocklistsNoAddress())
    return [*seen], [*seen.values()], findings


# --- Procedure: judging ----------------------------------------------------------------------------------------------


def _clean(replies: Sequence[Reply], asked: Sequence[Blocklist]) -> Iterator[Finding]:
    listed = {reply.subject for reply in replies if reply.said is Said.LISTED}
    without_ipv6 = [each for each in asked if Takes.IPV4 in each.takes and Takes.IPV6 not in each.takes]
    for (why, of_domain), those in _grouped(
        (reply for reply in replies if reply.subject not in listed),
        lambda reply: (reply.subject.why, reply.subject.kind is Takes.DOMAIN),
    ).items():
        told = [reply for reply in those if reply.said is Said.NOT_LISTED]
        subjects = tuple(dict.fromkeys(reply.subject for reply in told))
        if not subjects:
            continue
        answered = Count(len({reply.list.zone for reply in told}))
        every = Count(len({reply.list.zone for reply in those}))
        if of_domain:
            (name,) = subjects
            yield BlocklistsDomainClean(
                domain=DomainName(name.text), answered=answered, asked=every, evidence=_evidence(told)
            )
        else:
            yield BlocklistsClean(
                addresses=tuple(IpAddress(subject.text) for subject in subjects),
                why=Keyword(why.value),
                answered=answered,
                asked=every,
                without_ipv6=Count(len(without_ipv6) if any(s.kind is Takes.IPV6 for s in subjects) else 0),
                evidence=_evidence(told),
            )


class _Class(StrEnum):
    """What a listing asks for."""

    INFECTED = "infected"
    HACKED = "hacked"
    LISTED = "listed"
    POLICY = "policy"
    NOTED = "noted"


def _classes(reply: Reply) -> dict[_Class, Meaning]:
    """Sort the meanings of one listing; each class keeps its worst."""
    worst: dict[_Class, Meaning] = {}
    for meaning in Meaning:
        if meaning in reply.meanings:
            worst.setdefault(_class(reply, meaning), meaning)
    return worst


def _class(reply: Reply, meaning: Meaning) -> _Class:
    if meaning in _HARMLESS or reply.list.impact is Impact.INFORMATIONAL:
        return _Class.NOTED
    if meaning in _NO_BLAME:
        return _Class.POLICY
    if reply.subject.kind is Takes.DOMAIN:
        return _Class.HACKED if meaning in _HACKED else _Class.LISTED
    return _Class.INFECTED if meaning in _INFECTED else _Class.LISTED


def _listed(replies: Iterable[Reply]) -> Iterator[Finding]:
    """State each listing: those of widely used lists one by one, the others folded."""
    listings = [
        (reply, kind, meaning)
        for reply in replies
        if reply.said is Said.LISTED
        for kind, meaning in _classes(reply).items()
    ]
    alone = [
        each
        for each in listings
        if each[0].list.impact is Impact.MAJOR and each[1] not in (_Class.POLICY, _Class.NOTED)
    ]
    for reply, kind, meaning in alone:
        yield _alone(reply, kind, meaning)
    folded = _grouped(
        (each for each in listings if each not in alone),
        lambda each: (each[0].subject, each[1]),
    )
    for (subject, kind), those in folded.items():
        yield _folded(subject, kind, [reply for reply, _, _ in those])


class _OneList(TypedDict):
    """What every listing of a widely used list tells."""

    list: ListName
    codes: tuple[Keyword, ...]
    reason: RecordText | None
    page: Url | None
    as_of: Day | None
    evidence: tuple[int, ...]


def _alone(reply: Reply, kind: _Class, meaning: Meaning) -> Finding:
    told = _OneList(
        list=reply.name,
        codes=reply.codes,
        reason=reply.reason,
        page=reply.page,
        as_of=None if reply.list.as_of is None else Day(reply.list.as_of),
        evidence=reply.evidence,
    )
    word, why = Keyword(meaning.value), reply.subject.why
    if reply.subject.kind is Takes.DOMAIN:
        name = DomainName(reply.subject.text)
        if kind is _Class.HACKED:
            return BlocklistsDomainHacked(domain=name, **told)
        return BlocklistsDomainListed(domain=name, meaning=word, **told)
    address = IpAddress(reply.subject.text)
    if kind is _Class.INFECTED:
        return BlocklistsInfected(address=address, why=Keyword(why.value), meaning=word, **told)
    code = BlocklistsListedOnMx if why is Why.MAIL_HOST else BlocklistsListed
    return code(address=address, meaning=word, removal=Keyword(reply.list.removal.value), **told)


def _folded(subject: Subject, kind: _Class, those: Sequence[Reply]) -> Finding:
    names, evidence = _names(those), _evidence(those)
    pages = tuple(dict.fromkeys(reply.page for reply in those if reply.page is not None))
    if subject.kind is Takes.DOMAIN:
        name = DomainName(subject.text)
        if kind is _Class.NOTED:
            return BlocklistsDomainNoted(domain=name, lists=names, evidence=evidence)
        return BlocklistsDomainListedMinor(domain=name, lists=names, pages=pages, evidence=evidence)
    address = IpAddress(subject.text)
    if kind is _Class.NOTED:
        return BlocklistsNoted(address=address, lists=names, evidence=evidence)
    if kind is _Class.INFECTED:
        return BlocklistsInfectedMinor(address=address, lists=names, pages=pages, evidence=evidence)
    if kind is _Class.POLICY:
        code = BlocklistsPolicySending if subject.why is Why.SENDING_IP else BlocklistsPolicy
        return code(address=address, lists=names, pages=pages, evidence=evidence)
    why = Keyword(subject.why.value)
    return BlocklistsListedMinor(address=address, why=why, lists=names, pages=pages, evidence=evidence)


def _untold(replies: Iterable[Reply]) -> Iterator[Finding]:
    """Give one finding for each kind of doubt, however many lists it met."""
    for (said, trouble), those in _grouped(replies, lambda reply: (reply.said, reply.trouble)).items():
        names, evidence = _names(those), _evidence(those)
        match said:
            case Said.REFUSED:
                yield BlocklistsRefused(lists=names, evidence=evidence)
            case Said.UNUSABLE:
                yield BlocklistsListUnusable(lists=names, evidence=evidence)
            case Said.ODD_ANSWER:
                answers = tuple(dict.fromkeys(code for reply in those for code in reply.codes))
                yield BlocklistsOddAnswer(lists=names, answers=answers, evidence=evidence)
            case Said.NO_ANSWER if trouble is not None:
                yield BlocklistsNoAnswer(lists=names, reason=trouble, evidence=evidence)
            case _:
                pass


def _grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    groups: dict[K, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _names(replies: Iterable[Reply]) -> tuple[ListName, ...]:
    return tuple(dict.fromkeys(reply.name for reply in replies))


def _evidence(replies: Iterable[Reply]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for reply in replies for number in reply.evidence))


def check(lists: Sequence[Blocklist]) -> Check[BlocklistFacts]:
    """Make the check for these lists: an operator may bring others than the shipped ones."""
    asked = [each for each in lists if each.query_by_default]

    async def run(desk: Desk) -> Outcome[BlocklistFacts]:
        return await _run(desk, asked)

    return Check(
        name="blocklists",
        remedy=Remedy.REPUTATION,
        needs=(domain.CHECK, mx.CHECK),
        findings=(
            BlocklistsClean,
            BlocklistsDomainClean,
            BlocklistsListed,
            BlocklistsListedOnMx,
            BlocklistsInfected,
            BlocklistsInfectedMinor,
            BlocklistsListedMinor,
            BlocklistsPolicySending,
            BlocklistsPolicy,
            BlocklistsNoted,
            BlocklistsDomainListed,
            BlocklistsDomainHacked,
            BlocklistsDomainListedMinor,
            BlocklistsDomainNoted,
            BlocklistsRefused,
            BlocklistsOddAnswer,
            BlocklistsListUnusable,
            BlocklistsNoAnswer,
            BlocklistsPrivateAddress,
            BlocklistsAddressUnknown,
            BlocklistsNoList,
            BlocklistsNotAllAddresses,
            BlocklistsNoAddress,
        ),
        budget=14.0,
        rfcs=("RFC 5782",),
        run=run,
    )


CHECK: Check[BlocklistFacts] = check(load())
