"""Whether a blocklist names the address that sends, or the domain.

Many receivers refuse mail by the word of a DNS blocklist (RFC 5782). What a listing means differs: an infected machine,
a spammer, or merely a range that should send through its provider, which blames nobody. Whether it matters differs too:
some lists are used everywhere, others by hardly anyone.

Looked at: the sending address that the ticket states, and an address that is the target; if there is neither, the hosts
that the domain's own SPF record names one by one, and the mail hosts, which may differ from the hosts that send. The
registered domain is asked for on the lists of domains. Not looked at: the hosts of the providers that SPF includes,
lists that need a key the operator does not have, allowlists, and whether a given receiver uses a list.

How one list is asked, and when it is believed, is in ``dnsbl``; what the lists are and mean in ``blocklist_data``.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypedDict, TypeVar

from checks import dnsbl, domain, mx
from checks.blocklist_data import Blocklist, Impact, Keyring, Meaning, Takes, choose, load
from checks.blocklists_findings import (
    FINDINGS,
    BlocklistsAddressUnknown,
    BlocklistsClean,
    BlocklistsDomainClean,
    BlocklistsDomainHacked,
    BlocklistsDomainListed,
    BlocklistsDomainListedMinor,
    BlocklistsDomainNoted,
    BlocklistsInfected,
    BlocklistsInfectedMinor,
    BlocklistsInfectedOnMx,
    BlocklistsListed,
    BlocklistsListedInSpf,
    BlocklistsListedMinor,
    BlocklistsListedOnMx,
    BlocklistsListUnusable,
    BlocklistsNoAddress,
    BlocklistsNoAnswer,
    BlocklistsNoList,
    BlocklistsNotAllAddresses,
    BlocklistsNoted,
    BlocklistsOddAnswer,
    BlocklistsPolicy,
    BlocklistsPolicySending,
    BlocklistsPrivateAddress,
    BlocklistsRefused,
)
from checks.case import Case
from checks.causes import Remedy
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
    Url,
)
from checks.dnsbl import Reply, Said, Subject, Why
from checks.network.answers import AAAA, TXT, A, Mx
from checks.records import spf
from checks.records.spf import Mechanism
from checks.suffixes import registered_domain

MOST_ADDRESSES = 4
"""Addresses that are asked about: lists ask not to be scanned."""
MOST_SENDERS = 2
"""How many of them may come out of the SPF record: the mail hosts are asked about as well."""

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
    registered = registered_domain(name) or name  # the lists know domains, not the hosts below them
    return await _ask_all(desk, lists, Subject(registered, Takes.DOMAIN, Why.TARGET))


async def _of_addresses(desk: Desk, lists: Sequence[Blocklist]) -> tuple[Sequence[Reply], Sequence[Finding]]:
    """Ask about the addresses; beside the replies, give what is to be said of the choice."""
    stated = _stated(desk.case)
    findings: list[Finding]
    if stated:
        public = [subject for subject in stated if mx.reaches_internet(subject.text)]
        asked = [*zip(public, await asyncio.gather(*(_ask_all(desk, lists, each) for each in public)), strict=True)]
        findings = [
            BlocklistsPrivateAddress(address=IpAddress(subject.text)) for subject in stated if subject not in public
        ]
    else:
        try:
            asked, findings = await _of_domains_hosts(desk, lists)
        except FactsMissing as missing:
            if missing.check is domain.CHECK:
                raise
            return (), (BlocklistsAddressUnknown(hosts=()),)
    if unasked := tuple(IpAddress(subject.text) for subject, replies in asked if not replies):
        findings.append(BlocklistsNoList(addresses=unasked))
    return [reply for _, replies in asked for reply in replies], findings


def _stated(case: Case) -> list[Subject]:
    stated = {case.target.address: Why.TARGET, case.sender_ip: Why.SENDING_IP}
    return [dnsbl.address(text, why) for text, why in stated.items() if text is not None]


_Asked = tuple[Subject, Sequence[Reply]]


async def _of_domains_hosts(desk: Desk, lists: Sequence[Blocklist]) -> tuple[list[_Asked], list[Finding]]:
    """Ask about the hosts that send by the domain's own word, and about the best mail hosts, within one number."""
    every, senders = await asyncio.gather(mx.hosts(desk), _senders(desk))
    of_senders, (of_hosts, findings) = await asyncio.gather(
        asyncio.gather(*(_of_sender(desk, lists, sender) for sender in senders)),
        _of_mail_hosts(desk, lists, every, MOST_ADDRESSES - len(senders)),
    )
    # A host in both roles sends: what SPF says of it comes first.
    asked = {each[0].text: each for each in [*of_hosts, *(pair for pair in of_senders if pair is not None)]}
    if not asked and not findings:
        findings.append(BlocklistsNoAddress())
    return [*asked.values()], findings


async def _senders(desk: Desk) -> Sequence[Mechanism]:
    """The terms of the domain's own SPF record that let one single address send (RFC 7208 §5.3, §5.6).

    What it includes are the hosts of providers, which many others share. A record that cannot be used names nobody.
    """
    answer = await desk.dns(desk.case.domain, TXT)
    records = [text for text in (record.text for record in answer.records) if spf.is_spf_record(text)]
    if len(records) != 1 or not (record := spf.parse(records[0])).usable:
        return ()
    terms = itertools.takewhile(lambda term: term.name is not spf.Name.ALL, record.mechanisms)
    return [term for term in terms if _names_one_address(term)][:MOST_SENDERS]


def _names_one_address(term: Mechanism) -> bool:
    if term.qualifier is not spf.Qualifier.PASS:
        return False
    if term.network is not None:
        return term.network.num_addresses == 1 and mx.reaches_internet(str(term.network.network_address))
    whole = (term.cidr4, term.cidr6) == (32, 128)
    return term.name is spf.Name.A and whole and (term.target is None or term.target.literal is not None)


async def _of_sender(desk: Desk, lists: Sequence[Blocklist], sender: Mechanism) -> _Asked | None:
    if sender.network is not None:
        found: Sequence[str] = [str(sender.network.network_address)]
    else:
        name = sender.target.literal if sender.target is not None else None
        answers = await asyncio.gather(*(desk.dns(name or desk.case.domain, kind) for kind in (A, AAAA)))
        found = [ip for answer in answers for ip in answer.records if mx.reaches_internet(ip)]
    if not found:
        return None
    subject = dnsbl.address(found[0], Why.SPF)
    return subject, await _ask_all(desk, lists, subject)


async def _of_mail_hosts(
    desk: Desk, lists: Sequence[Blocklist], every: Sequence[Mx], most: int
) -> tuple[list[_Asked], list[Finding]]:
    """Ask about the best mail hosts, each as soon as its addresses are known."""
    nearest, others = every[:most], every[most:]
    share = most // len(nearest) if nearest else 0

    async def visit(host: Mx) -> tuple[mx.Addresses, list[_Asked]]:
        known = await mx.addresses(desk, host.exchange)
        public = [address for address in mx.visited(known.found) if mx.reaches_internet(address)][:share]
        subjects = [dnsbl.address(address, Why.MAIL_HOST) for address in public]
        replies = await asyncio.gather(*(_ask_all(desk, lists, subject) for subject in subjects))
        return known, [*zip(subjects, replies, strict=True)]

    visits = await asyncio.gather(*(visit(host) for host in nearest))
    asked = {pair[0].text: pair for _, pairs in visits for pair in pairs}
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
    return [*asked.values()], findings


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
    if kind is _Class.INFECTED and why is Why.MAIL_HOST:
        return BlocklistsInfectedOnMx(address=address, meaning=word, **told)
    if kind is _Class.INFECTED:
        return BlocklistsInfected(address=address, why=Keyword(why.value), meaning=word, **told)
    codes = {Why.MAIL_HOST: BlocklistsListedOnMx, Why.SPF: BlocklistsListedInSpf}
    return codes.get(why, BlocklistsListed)(
        address=address, meaning=word, removal=Keyword(reply.list.removal.value), **told
    )


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
        code = BlocklistsPolicySending if subject.why in (Why.SENDING_IP, Why.SPF) else BlocklistsPolicy
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
    return tuple(number for reply in replies for number in reply.evidence)


def check(lists: Sequence[Blocklist], keys: Mapping[Keyring, str] = MappingProxyType({})) -> Check[BlocklistFacts]:
    """Make the check for these lists and keys: an operator may bring others than the shipped lists.

    Raises:
        ValueError: a key cannot be part of a name.
    """
    chosen = choose(lists, keys)

    async def run(desk: Desk) -> Outcome[BlocklistFacts]:
        return await _run(desk, chosen)

    return Check(
        name="blocklists",
        remedy=Remedy.REPUTATION,
        needs=(domain.CHECK, mx.CHECK),
        findings=FINDINGS,
        budget=14.0,
        rfcs=("RFC 5782",),
        run=run,
    )


CHECK: Check[BlocklistFacts] = check(load())
